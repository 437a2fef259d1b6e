"""Captioned pictures of coloured shapes, and a model small enough to learn them at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 40), "blue": (30, 50, 220)}
SHAPES = ("circle", "square")
TINY = {
    "embed_dim": 32,
    "vision_cfg": {
        "image_size": 32, "layers": 2, "width": 64, "head_width": 64, "patch_size": 8,
    },
    "text_cfg": {
        "context_length": 12, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1,
    },
}  # fmt: skip


def write_pictures(folder: Path, each: int = 8) -> tuple[Path, Path, Path]:
    """(captions.csv, images/, classes.csv): `each` pictures of every colour and shape."""
    images = folder / "images"
    images.mkdir(parents=True)
    rng = np.random.default_rng(0)
    captions, classes = [], []
    for colour, rgb in COLOURS.items():
        for shape in SHAPES:
            for number in range(each):
                name = f"{colour}_{shape}_{number}.png"
                _draw(rgb, shape, rng).save(images / name)
                thing = f"{colour} {shape}"
                captions += [(name, f"a {thing} on grey, drawn"), (name, f"the {thing}")]
                classes.append((name, thing))
    _write(folder / "captions.csv", ("image", "caption"), captions)
    _write(folder / "classes.csv", ("image", "class"), classes)
    return folder / "captions.csv", images, folder / "classes.csv"


def write_tiny_config(folder: Path) -> Path:
    file = folder / "tiny.json"
    file.write_text(json.dumps(TINY), encoding="utf-8")
    return file


def _draw(rgb: tuple[int, int, int], shape: str, rng: np.random.Generator) -> Image.Image:
    image = Image.new("RGB", (40, 34), (128, 128, 128))
    left, top = (int(v) for v in rng.integers(5, 12, 2))
    box = (left, top, left + 17, top + 17)
    draw = ImageDraw.Draw(image)
    (draw.ellipse if shape == "circle" else draw.rectangle)(box, fill=rgb)
    return image


def _write(file: Path, header: tuple[str, ...], rows: list[tuple[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
