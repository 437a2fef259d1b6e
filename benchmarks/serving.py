"""`lexel serve` as a process of its own, with a field of random codes and real words."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lexel.encoders.clip import load_encoder
from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.encoders.weights.embedded import EMBEDDED
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import FieldContent, save_field
from lexel.pipelines.build_models import make_vocabulary
from lexel.progress import Silent
from lexel.scene import Codebook, FieldInfo, FieldPoints
from lexel.service.client import Client

CODES, POINTS = 2048, 100_000
_RUN = "import sys; from lexel.cli import main; sys.exit(main())"
_START_S = 60


@dataclass(frozen=True)
class Served:
    """A service that runs.

    Attributes:
        file: its `service.json`.
        field: path of the field that it has open.
        process: the service.
    """

    file: Path
    field: Path
    process: subprocess.Popen[bytes]

    def client(self, timeout_s: float = 30.0) -> Client:
        return Client.find(self.file, timeout_s)


@contextlib.contextmanager
def serving() -> Iterator[Served]:
    """A service, stopped at the end."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        field = _make_field(folder / "random.lexel")
        environment = {**os.environ, "LEXEL_RUNTIME": place}
        command = [sys.executable, "-c", _RUN, "serve", "--quiet", str(field)]
        log = (folder / "log").open("wb")
        with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
            try:
                file = folder / "service.json"
                _wait_for(file, process)
                yield Served(file, field, process)
            finally:
                process.terminate()


def _wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while not file.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the service did not start")
        time.sleep(0.05)


def _make_field(path: Path) -> Path:
    """A field that speaks the embedded encoder's words, its phrase table included."""
    random = np.random.default_rng(0)
    encoder = load_encoder(EMBEDDED)
    words = make_vocabulary(encoder, (PHOTOGRAPH_TEMPLATE,), (), None, Silent())
    rows = unit_rows(random.standard_normal((CODES, words.encoder.dim))).astype(np.float16)
    code = random.integers(0, CODES, POINTS).astype(np.int32)
    content = FieldContent(
        info=FieldInfo(
            "random", {"name": "bench", "version": "0", "parameters": {}}, words.encoder
        ),
        points=FieldPoints(
            random.uniform(-2, 2, (POINTS, 3)).astype(np.float32),
            random.integers(0, 256, (POINTS, 3)).astype(np.uint8),
            code,
        ),
        codebook=Codebook(
            clip=rows,
            modality=np.zeros(CODES, np.uint8),
            count=np.bincount(code, minlength=CODES).astype(np.int32),
            agreement=np.ones(CODES, np.float32),
            background=np.linspace([-0.2, 0], [0.2, 0], 101, dtype=np.float32).T,
        ),
        phrases=words.phrases,
    )
    return save_field(path, content)
