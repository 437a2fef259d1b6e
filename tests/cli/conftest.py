"""The command line run in this process, in an empty folder, with an empty cache."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import save_file

from lexel.cli import main
from lexel.completion.networks import SemAbs3D, SemAbsVOOL
from lexel.io import save_view_folder
from tests.completion.small import small_network
from tests.pipelines.tiny import tiny_scene, write_checkpoint
from tests.relevancy.tiny_clip import tiny_model


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The last line of standard error: there must be no traceback."""
        assert "Traceback" not in self.err
        return self.err.strip().rpartition("\n")[2]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; caches that hold nothing."""
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def lexel(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`lexel("doctor", path)`: what `lexel doctor PATH` would do."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lexel", *map(str, arguments)])
        capsys.readouterr()
        try:
            code: Any = main()
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `room` (a scene), `encoder.safetensors`, and `ovssc` and `vool` checkpoints."""
    return make_small(tmp_path_factory.mktemp("made"))


def make_small(folder: Path) -> Path:
    """Fill a folder with a scene, an encoder and two networks that answer in a moment."""
    save_view_folder(tiny_scene(), folder / "room")
    model = tiny_model(head_width=64)
    save_file(
        {k: v for k, v in model.state_dict().items() if k != "attn_mask"},
        folder / "encoder.safetensors",
    )
    write_checkpoint(folder / "ovssc", small_network(SemAbs3D), saliency_config="chefer_et_al")
    write_checkpoint(folder / "vool", small_network(SemAbsVOOL), saliency_config="chefer_et_al")
    return folder


def everything(folder: Path) -> list[str]:
    """Every file and folder below `folder`."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
