"""The extension as it is installed: copies that are copies, and numbers that are core's."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest

import build_addon
from tests.addon.package import NAME, run
from tests.data import make_scores
from tools.blender_manifest import faults_of, manifest, to_toml
from tools.core_closure import BuildError, needed_modules

CORE = build_addon.CORE / "lexel"
TOLERANCE = 1e-5


def copies(package):
    return sorted((package / "core").rglob("*.py"))


def absolute(tree, place):
    """A tree with its relative imports of core written out again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = place[: len(place) - node.level + 1]
            assert base[:1] == ("core",), "it leads out of the copy"
            node.module = ".".join(("lexel", *base[1:], *(node.module or "").split(".")))
            node.module, node.level = node.module.rstrip("."), 0
    return ast.unparse(tree)


def test_every_copy_is_cores_own_module_but_for_its_imports(package):
    found = 0
    for copy in copies(package):
        place = copy.relative_to(package)
        original = CORE / place.relative_to("core")
        own = ast.parse(copy.read_text("utf-8"))
        if len(own.body) <= 1 and copy.name == "__init__.py":  # a package with nothing of its own
            continue
        expected = ast.unparse(ast.parse(original.read_text("utf-8")))
        assert absolute(own, place.parent.parts) == expected, place
        found += 1
    assert found > 50


def test_data_of_core_comes_with_it_unchanged(package):
    ramps = Path("scene", "colour_ramps.bin")
    assert (package / "core" / ramps).read_bytes() == (CORE / ramps).read_bytes()


ASK = """
import json, sys
import numpy as np
from {name}.core.query.colour import heat_colours
from {name}.core.query.engine import prepare
from {name}.core.query.language import parse
from {name}.core.query.vectors import Example, TextVectors
from {name}.core.scene import Codebook, Scoring

kept = json.load(open({file!r}, encoding="utf-8"))
answers = []
for case in kept["cases"]:
    field = kept["fields"][case["field"]]
    count = len(field["clip"])
    codebook = Codebook(
        np.array(field["clip"], np.float16), np.array(field["modality"], np.uint8),
        np.ones(count, np.int32), np.ones(count, np.float32),
        np.array(field["background"], np.float32), np.array(field["sentence"], np.float16),
    )
    texts = TextVectors(
        tuple(field["texts"]), np.array(field["visual"]), np.array(field["sentences"])
    )
    example = Example(kept["example"], texts.visual[-1], texts.sentence[-1])
    got = prepare(codebook, Scoring(scale=case["scale"])).ask(
        parse(case["text"]), texts, negatives=case["negatives"], balance=case["balance"],
        examples=[example] if case["example"] else [],
    )
    told = {{
        what: getattr(got, what).astype(float).tolist()
        for what in ("scores", "margin", "range", "threshold", "presence", "best")
    }}
    told["heat_rgb"] = [
        heat_colours(got.heat(query))[:, :3].tolist() for query in range(len(got.names))
    ]
    answers.append(told)
assert not {{"lexel", "torch", "open3d", "PIL"}} & set(sys.modules)
print(json.dumps(answers))
"""


def test_the_copy_gives_the_numbers_and_colours_of_the_file(package):
    kept = json.loads(make_scores.FILE.read_text(encoding="utf-8"))
    answers = json.loads(run(package, ASK.format(name=NAME, file=str(make_scores.FILE))))
    for case, got in zip(kept["cases"], answers, strict=True):
        expected = case["expected"]
        for what in ("scores", "margin", "range", "threshold", "presence"):
            wanted = np.array(expected[what], float)
            np.testing.assert_allclose(
                np.array(got[what], float), wanted, rtol=0, atol=TOLERANCE, err_msg=case["name"]
            )
        clear = np.array(expected["margin"]) > TOLERANCE
        assert np.array_equal(np.array(got["best"])[clear], np.array(expected["best"])[clear])
        assert got["heat_rgb"] == expected["heat_rgb"]


def test_every_module_can_be_imported_without_lexel(package):
    modules = [
        ".".join((NAME, *file.relative_to(package).with_suffix("").parts))
        for file in package.rglob("*.py")
        if "blender" not in file.relative_to(package).parts
    ]
    run(package, f"import importlib\nfor m in {modules!r}:\n    importlib.import_module(m)\n")


def test_the_same_content_gives_the_same_archive(package, tmp_path):
    one, two = (build_addon.build_zip(tmp_path / name, package) for name in ("a.zip", "b.zip"))
    (package / "asking.py").touch()
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert {"blender_manifest.toml", "__init__.py", "LICENSE", "core/LICENSE"} <= set(names)
    assert not [name for name in names if "__pycache__" in name]


def test_the_manifest_keeps_blenders_rules(package):
    values = manifest("0.1.0")
    assert faults_of(values) == []
    assert tomllib.loads(to_toml(values)) == values
    assert tomllib.loads((package / "blender_manifest.toml").read_text("utf-8")) == values


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tagline": "It ends with a full stop."}, "ends in '.'"),
        ({"tagline": "x" * 65}, "at most 64"),
        ({"version": "0.1"}, "no semantic version"),
        ({"id": "Lexel-1"}, "no identifier"),
        ({"license": ["MIT"]}, "SPDX"),
        ({"tags": ["Magic"]}, "'Magic'"),
        ({"permissions": {"network": ""}}, "a line of text"),
        ({"permissions": {"microphone2": "To hear"}}, "none of Blender's"),
        ({"colour": "red"}, "unknown"),
        ({"maintainer": ""}, "is missing"),
        ({"blender_version_min": "4.2"}, "three numbers"),
    ],
)
def test_a_manifest_that_breaks_them_is_told(change, said):
    faults = faults_of({**manifest("0.1.0"), **change})
    assert len(faults) == 1 and said in faults[0]


def test_blender_itself_finds_the_archive_valid(package, tmp_path):
    """Its own program for extensions, which comes with the bpy package."""
    spec = importlib.util.find_spec("bpy")
    if spec is None or spec.origin is None:
        pytest.skip("bpy is not installed")
    scripts = Path(spec.origin).parent
    tools = sorted(scripts.rglob("bl_pkg/cli/blender_ext.py"))
    tags = sorted(scripts.rglob("_bpy_internal/extensions/tags.py"))
    archive = build_addon.build_zip(tmp_path / "lexel.zip", package)
    command = [sys.executable, str(tools[0]), "validate", str(archive)]
    if tags:
        command += ["--valid-tags", str(tags[0])]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in (done.stdout + done.stderr).lower()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import torch", "imports torch in line 1"),
        ("def f():\n    import PIL.Image", "imports PIL.Image in line 2"),
        ("from lexel.encoders.clip import load_encoder", "needed by"),
        ("import lexel.errors", "write `from lexel.errors import"),
        ("from lexel import no_such_thing", "there is no lexel to import"),
    ],
)
def test_what_blender_has_not_is_refused(tmp_path, line, said):
    source = tmp_path / "source.py"
    source.write_text(line, encoding="utf-8")
    with pytest.raises(BuildError, match=said):
        needed_modules([source], build_addon.CORE, build_addon.BLENDER)


def test_what_only_types_need_is_not_copied(tmp_path):
    source = tmp_path / "source.py"
    source.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n"
        "from lexel.errors import InputError\n",
        encoding="utf-8",
    )
    found = needed_modules([source], build_addon.CORE, frozenset())
    assert list(found) == ["lexel.errors"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert build_addon.main(["--folder", str(tmp_path), "--no-words"]) == 1
    assert (tmp_path / "thesis.txt").exists()


def test_the_command_makes_an_archive_that_replaces_an_older_one(tmp_path, capsys):
    archive = tmp_path / "lexel.zip"
    archive.write_bytes(b"an older one")
    assert build_addon.main(["--out", str(archive), "--no-words"]) == 0
    assert zipfile.is_zipfile(archive)
    assert f"{archive.stat().st_size:,} bytes" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [archive]
