"""A small field with everything in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lexel.io.fields import FieldContent, save_field
from lexel.io.layers import Layer
from lexel.scene import (
    Box,
    Codebook,
    Evidence,
    FieldEncoder,
    FieldInfo,
    FieldPoints,
    Instance,
    LayerNote,
    Phrases,
    SentenceEncoder,
    TextTower,
    Thumbnail,
)

POINTS, CODES, DIM, SENTENCE_DIM, PHRASES = 40, 6, 16, 8, 5


def unit_rows(rng: np.random.Generator, count: int, dim: int, dtype: Any = np.float16) -> Any:
    rows = rng.normal(size=(count, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(dtype)


def make_points(rng: np.random.Generator, num_points: int, num_codes: int) -> FieldPoints:
    """Every column there is."""
    codes = [rng.integers(0, num_codes, num_points).astype(np.int32) for _ in range(3)]
    return FieldPoints(
        xyz_m=rng.normal(size=(num_points, 3)).astype(np.float32),
        rgb=rng.integers(0, 256, (num_points, 3), np.uint8),
        code=codes[0],
        normals=unit_rows(rng, num_points, 3, np.float32),
        code_part=codes[1],
        code_whole=codes[2],
        instance=rng.integers(-1, 2, num_points).astype(np.int32),
        origin=rng.integers(0, 2, num_points).astype(np.uint8),
        confidence=rng.random(num_points).astype(np.float32),
    )


def make_codebook(rng: np.random.Generator, codes: np.ndarray, num_codes: int) -> Codebook:
    return Codebook(
        clip=unit_rows(rng, num_codes, DIM),
        modality=rng.integers(0, 2, num_codes).astype(np.uint8),
        count=np.bincount(codes, minlength=num_codes).astype(np.int32),
        agreement=rng.random(num_codes).astype(np.float32),
        background=np.sort(rng.uniform(-1, 1, (2, 7)).astype(np.float32), axis=1),
        sentence=unit_rows(rng, num_codes, SENTENCE_DIM),
    )


def make_info() -> FieldInfo:
    return FieldInfo(
        name="küche",
        builder={"name": "fuse", "version": "0.1.0", "parameters": {"voxel_size_m": 0.02}},
        encoder=FieldEncoder(
            name="ViT-B-32",
            pretrained="openai",
            sha256="ab" * 32,
            dim=DIM,
            prompts=("a photo of a {}.", "a {}"),
            text_tower=TextTower("text.safetensors", "cd" * 32),
        ),
        sentence_encoder=SentenceEncoder("all-MiniLM-L6-v2", "ef" * 32, SENTENCE_DIM),
        world_from_source=np.array([[0, -1, 0, 1], [1, 0, 0, 2], [0, 0, 1, 3.5], [0, 0, 0, 1]]),
        forward=np.array([0, 1.0, 0]),
    )


def make_instance(number: int, codes: tuple[int, ...]) -> Instance:
    zero, one = np.zeros(3, np.float32), np.ones(3, np.float32)
    box = Box(centre=one / 2, axes=np.eye(3, dtype=np.float32), extent=one)
    return Instance(number, "mug", 0.25, codes, 12, one / 2, np.stack([zero, one]), box)


def make_layers(num_points: int) -> tuple[tuple[LayerNote, Layer], ...]:
    dense = Layer(np.linspace(-3, 4, num_points, dtype=np.float32))
    sparse = Layer(np.array([0.5], np.float32), np.array([num_points - 1], np.int32))
    return (
        (LayerNote("completion/chair", 3, "chair", "12" * 32, dense.range), dense),
        (LayerNote("localisation/the mug", 3, "the mug", None, sparse.range), sparse),
    )


def make_evidence(num_codes: int) -> Evidence:
    """Code 0 has two regions, the others none."""
    offset = np.full(num_codes + 1, 2, np.int64)
    offset[0] = 0
    region = np.array([[0, 0, 8, 6], [2, 1, 3, 2]], np.int32)
    return Evidence(offset, np.array([0, 1], np.int32), region, np.array([1, 0.5], np.float32))


def make_view(shade: int) -> Thumbnail:
    rgb = np.full((6, 8, 3), shade, np.uint8)
    return Thumbnail(rgb, np.array([[9.0, 0, 4], [0, 9, 3], [0, 0, 1]]), np.eye(4))


def make_content(
    num_points: int = POINTS, num_codes: int = CODES, seed: int = 0, **changes: Any
) -> FieldContent:
    rng = np.random.default_rng(seed)
    points = make_points(rng, num_points, num_codes)
    content = FieldContent(
        info=make_info(),
        points=points,
        codebook=make_codebook(rng, points.code, num_codes),
        instances=(make_instance(0, (0,)), make_instance(1, (0, num_codes - 1))),
        phrases=Phrases(
            ("mug", "a chair", "object", "dé", "lamp"),
            unit_rows(rng, PHRASES, DIM),
            unit_rows(rng, PHRASES, SENTENCE_DIM),
        ),
        layers=make_layers(num_points),
        evidence=make_evidence(num_codes),
        views=(make_view(10), make_view(200)),
    )
    return replace(content, **changes)


def write_field(folder: Path, **changes: Any) -> Path:
    return save_field(folder / "room.lexel", make_content(**changes))
