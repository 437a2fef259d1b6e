"""Blender's extension by itself: opening fields and asking them, in a Python with numpy alone."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

import build_addon
from benchmarks.figures import Figure, Options
from benchmarks.measure import tell
from benchmarks.workload import ENCODER, SEED
from lexel.encoders.clip import load_encoder
from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.encoders.text_tower import text_tower_of
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import FieldContent, save_field
from lexel.io.hashing import sha256_of
from lexel.io.text_towers import load_text_tower, save_text_tower
from lexel.scene import Codebook, FieldEncoder, FieldInfo, FieldPoints, TextTower, TowerWeights
from tools.bare_python import run_bare

_CODES = 2048
_SIZES = (10**5, 10**6, 10**7)
_NAME = "lexel_extension"
_PHRASES = 40

_CODE = """
import json, time
began = time.perf_counter()
from {name}.asking import Question, open_local
told = {{"import": time.perf_counter() - began}}

def timed(work):
    began = time.perf_counter()
    value = work()
    return time.perf_counter() - began, value

told["open"], field = timed(lambda: open_local({path!r}))
told["columns"], _ = timed(lambda: (field.xyz_m, field.rgb, field.columns()))
told["first"], _ = timed(field.prepare)
told["new"] = [timed(lambda: field.reply(Question(w)))[0] for w in {phrases!r}]
told["known"] = [timed(lambda: field.reply(Question(w)))[0] for w in {phrases!r}]
print(json.dumps(told))
"""


def run(options: Options) -> list[Figure]:
    """Every size of field with a full-size tower, and one with the embedded encoder's."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        package = build_addon.build_folder(folder / _NAME, words=True)
        full = folder / "text" / "text-full-size.safetensors"
        full.parent.mkdir()
        save_text_tower(full, text_tower_of(load_encoder(ENCODER, seed=SEED)))
        (embedded,) = (package / build_addon.WORDS).iterdir()
        told = {size: _measure(package, folder, full, size) for size in _SIZES}
        small = _measure(package, folder, embedded, 10**6)
    how = f"isolated Python with numpy alone; {_CODES} codes; random weights and points"
    figures = [Figure("import the extension", how, lexel=told[10**6]["import"])]
    for size, spent in told.items():
        figures += [
            Figure(f"open a field of {size:,} points", how, lexel=spent["open"], at_most=0.1),
            Figure(f"  its columns into memory, checked, {size:,}", how, lexel=spent["columns"]),
            Figure(f"  a known phrase, {size:,}", how, lexel=_middle(spent["known"])),
        ]
    figures += [
        Figure("tower read, checked by sha256 and widened", how, lexel=told[10**6]["first"]),
        Figure("a new phrase, ViT-B/32", how, lexel=_middle(told[10**6]["new"]), at_most=0.1),
        Figure("a new phrase, embedded", how, lexel=_middle(small["new"]), at_most=0.02),
    ]
    return figures


def _middle(seconds: list[float]) -> float:
    return float(np.median(seconds))


def _measure(package: Path, folder: Path, tower: Path, size: int) -> dict:
    field = _field(folder / f"{size}-{tower.stem}.lexel", tower, size)
    words = "chair table lamp mug plant sofa book window door box".split()
    phrases = [f"{a} with a {b}" for a in words for b in words if a != b][:_PHRASES]
    code = _CODE.format(name=_NAME, path=str(field), phrases=phrases)
    tell(f"extension: {size:,} points, {tower.name}")
    return json.loads(run_bare(package, code, LEXEL_CACHE=str(folder)))


def _field(path: Path, tower: Path, size: int) -> Path:
    """A field of random points whose words that tower encodes."""
    rng = np.random.default_rng(SEED)
    weights: TowerWeights = load_text_tower(tower)
    told = weights.settings
    name = TextTower(tower.name, sha256_of(tower))
    encoder = FieldEncoder(
        told.name, told.pretrained, told.sha256, told.dim, (PHOTOGRAPH_TEMPLATE,), name
    )
    builder = {"name": "benchmark", "version": "0", "parameters": {}}
    code = rng.integers(0, _CODES, size).astype(np.int32)
    clip = unit_rows(rng.normal(size=(_CODES, told.dim)))
    content = FieldContent(
        info=FieldInfo("benchmark", builder, encoder),
        points=FieldPoints(
            rng.random((size, 3), np.float32), rng.integers(0, 256, (size, 3), np.uint8), code
        ),
        codebook=Codebook(
            clip=clip.astype(np.float16),
            modality=np.zeros(_CODES, np.uint8),
            count=np.bincount(code, minlength=_CODES).astype(np.int32),
            agreement=np.ones(_CODES, np.float32),
            background=np.linspace([-0.2, 0], [0.2, 0], 101, dtype=np.float32).T,
        ),
    )
    return save_field(path, content)
