"""`lexel train`, `lexel eval`, `lexel summarize` and `lexel world relevancies`, as people type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lexel.cli.app import app
from lexel.completion.embedded import embedded_network
from tests.room_world import make_dataset

SMALL = (
    "--voxels 8 --maps 4 --levels 2 --channels 4 --groups 2 --hidden 8 --pointing 8 "
    "--input-points 300 --output-points 200 --batch 1 --device cpu --precision float32"
).split()
SPLITS = ("validation", "unseen_instances", "unseen_instances_dr", "unseen_instances_synonyms")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    for seed, split in enumerate(("train", *SPLITS)):
        make_dataset(folder / split, views=2, seed=seed, split=split)
    return folder


@pytest.mark.parametrize("task", ["ovssc", "vool"])
def test_from_a_dataset_to_the_table(world: Path, tmp_path: Path, task: str) -> None:
    out, tests = tmp_path / "run", [world / split for split in SPLITS]
    common = ("--relevancies", "oracle", "--quiet")
    validation = ("--validation", world / "validation", "--validate-every", 2)
    ran = run("train", task, world / "train", *common, "--out", out, "--steps", 3, *SMALL,
              *validation)  # fmt: skip
    assert ran.exit_code == 0, ran.output
    weights = out / f"{task}-ours.safetensors"
    results = [tmp_path / "ours.csv.gz", tmp_path / "surface.csv"]
    for answerer, file in zip((weights, "surface"), results, strict=True):
        ran = run("eval", task, answerer, *tests, *common, "--out", file, "--device", "cpu")
        assert ran.exit_code == 0, ran.output
    table = tmp_path / "table.md"
    ran = run("summarize", *results, "--draws", 5, "--json", "--markdown", table)
    assert ran.exit_code == 0, ran.output
    rows = json.loads(ran.stdout)
    assert list(dict.fromkeys(r["approach"] for r in rows)) == ["ours", "observed surface"]
    means = [r for r in rows if r["relation"] == "mean"]
    assert len(means) == 2 and all(len(r["cells"]) == 4 for r in means)
    assert (len(rows) == 2) == (task == "ovssc")
    assert means[1]["cells"][0]["mean"] > 5  # the surface is some of it
    assert table.read_text(encoding="utf-8").count("\n") == len(rows) + 4
    ran = run("summarize", *results, "--draws", 5, "--report", tmp_path / "report.md")
    assert ran.exit_code == 0, ran.output
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert ("## Completion" in report, "## Localisation" in report) == (
        (True, False) if task == "ovssc" else (False, True)
    )
    finished = tmp_path / "finished.safetensors"
    ran = run("train", "finish", weights, results[0], "--out", finished)
    assert ran.exit_code == 0, ran.output
    cutoff = embedded_network(finished).network.config.cutoff
    assert cutoff == means[0]["cutoff"]


def test_relevancies_of_an_oracle(world: Path) -> None:
    dataset = world / "unseen_instances"
    ran = run("world", "relevancies", dataset, "--preset", "oracle-exact")
    assert ran.exit_code == 0 and "1 shards of oracle-exact" in ran.output, ran.output
    assert (dataset / "relevancies" / "oracle-exact" / "shard-00000.npz").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("train ovssc train --relevancies nobody", "cannot be read"),
        ("train ovssc validation --relevancies oracle", "tested on"),
        ("train ovssc train --relevancies oracle --approach clip_spatial", "ours, semantic_aware"),
        ("train ovssc train --relevancies oracle --precision fp8", "float32 or bf16"),
        ("train ovssc train --relevancies oracle --groups 3", "groups"),
        ("train ovssc nowhere --relevancies oracle", "lexel world build"),
        ("eval ovssc nothing.safetensors validation --relevancies oracle", "lexel train"),
        ("eval vool surface validation --relevancies nobody", "cannot be read"),
        ("summarize index.json", "no results of lexel eval"),
        ("world relevancies train --preset slow", "oracle-exact"),
    ],
)
def test_what_is_wrong_is_told(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, told: str
) -> None:
    monkeypatch.chdir(world)
    words = arguments.split()
    options: list[object] = []
    if words[0] == "train":
        options = [*SMALL, "--steps", 1, "--out", tmp_path / "out"]
    if words[0] == "eval":
        options = ["--out", tmp_path / "out.csv"]
    ran = run(*words[:2], *options, *words[2:])  # the later of two options counts
    assert ran.exit_code == 1 and told in str(ran.exception), (ran.output, ran.exception)
