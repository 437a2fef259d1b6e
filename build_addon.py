"""Builds Lexel's Blender extension: the add-on and the parts of core that it runs.

    python build_addon.py --out lexel-0.1.0.zip     for Blender 4.2 and later
    python build_addon.py --folder DIR              unpacked, for tests and older Blenders

`addon/` imports core as `lexel.…`. Blender has numpy and no Lexel, so the modules that it needs are
copied into the package as `core/`, and imports of them made relative; nothing of core is written
twice. The embedded encoder's text tower goes with it (22 MB), so that fields built with the
embedded encoder can be asked any words at once; `--no-words` leaves it out.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "core")]

from lexel.errors import LexelError  # noqa: E402
from lexel.io.atomic import replacing_file  # noqa: E402
from tools.blender_manifest import faults_of, manifest, to_toml  # noqa: E402
from tools.core_closure import ROOT, BuildError, core_file, needed_modules  # noqa: E402
from tools.relative_imports import with_relative_imports  # noqa: E402

ADDON, CORE = HERE / "addon", HERE / "core"
COPY = "core"  # the package of the extension that holds core's modules
WORDS = "words"  # its folder of text towers
BLENDER = frozenset({"addon_utils", "blf", "bpy", "gpu", "gpu_extras", "mathutils"})
_SHIPPED = (".py", ".bin", ".png", ".svg")
_DATE = (2026, 1, 1, 0, 0, 0)  # of every file in the archive: same content, same bytes


def build_folder(folder: Path, *, words: bool) -> Path:
    """Write the unpacked package into a folder, which is emptied first.

    Raises:
        BuildError: the add-on needs what Blender has not, or the manifest breaks Blender's rules.
    """
    if (
        folder.exists()
        and any(folder.iterdir())
        and not (folder / "blender_manifest.toml").exists()
    ):
        raise BuildError(f"{folder} holds something else; name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in _files(ADDON):
        _copy(source, folder, source.relative_to(ADDON))
    _copy_core(folder)
    if words:
        _add_words(folder / WORDS)
    values = manifest(_version())
    if faults := faults_of(values):
        raise BuildError(f"blender_manifest.toml: {'; '.join(faults)}")
    (folder / "blender_manifest.toml").write_text(to_toml(values), "utf-8", newline="\n")
    return folder


def build_zip(path: Path, folder: Path) -> Path:
    """Pack a built folder; the same files give the same bytes."""
    with replacing_file(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _DATE)
                entry.external_attr, entry.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes(), compresslevel=9)
    return path


def _files(folder: Path) -> list[Path]:
    kept = (file for file in folder.rglob("*") if "__pycache__" not in file.parts)
    return sorted(f for f in kept if f.suffix in _SHIPPED or f.name == "LICENSE")


def _copy(source: Path, folder: Path, place: Path) -> None:
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".py":
        shutil.copyfile(source, target)
        return
    text = with_relative_imports(source.read_text("utf-8"), place.parent.parts, COPY)
    target.write_text(text, "utf-8", newline="\n")


def _copy_core(folder: Path) -> None:
    sources = [file for file in _files(ADDON) if file.suffix == ".py"]
    needed = needed_modules(sources, CORE, BLENDER)
    for file in needed.values():
        _copy(file, folder, _place(file))
        for data in file.parent.glob("*.bin"):
            if f'"{data.name}"' in file.read_text("utf-8"):
                _copy(data, folder, _place(data))
    for name in sorted({name.rpartition(".")[0] for name in needed} - set(needed)):
        _write_package(name, folder)
    shutil.copyfile(HERE / "LICENSE", folder / COPY / "LICENSE")


def _write_package(name: str, folder: Path) -> None:
    """A package from which nothing is imported by name: its own imports are left behind."""
    file = core_file(CORE, name)
    assert file is not None, name
    says = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    if name == ROOT:
        says = "Modules of Lexel, copied by build_addon.py. Change them in Lexel's core."
    target = folder / _place(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f'"""{says}"""\n' if says else "", "utf-8", newline="\n")


def _place(file: Path) -> Path:
    """Where a file of core lies in the extension."""
    return Path(COPY) / file.relative_to(CORE / "lexel")


def _add_words(folder: Path) -> None:
    """The embedded encoder's text tower, byte for byte the one that its fields name."""
    from lexel.encoders.text_tower_files import store_embedded_tower

    try:
        tower = store_embedded_tower()
    except LexelError as error:
        raise BuildError(f"{error} Or leave the words out: --no-words.") from error
    folder.mkdir()
    shutil.copyfile(tower, folder / tower.name)


def _version() -> str:
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build Lexel's Blender extension.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="ZIP", help="the archive to install")
    where.add_argument("--folder", type=Path, metavar="DIR", help="the package, unpacked")
    parser.add_argument("--no-words", action="store_true", help="without the text tower")
    options = parser.parse_args(arguments)
    try:
        if options.folder:
            made = build_folder(options.folder, words=not options.no_words)
        else:
            made = _build_archive(options.out, words=not options.no_words)
    except (BuildError, OSError) as error:
        print(f"build_addon: {error}", file=sys.stderr)
        return 1
    print(f"build_addon: {made}" + (f", {made.stat().st_size:,} bytes" if options.out else ""))
    return 0


def _build_archive(path: Path, *, words: bool) -> Path:
    with tempfile.TemporaryDirectory() as place:
        return build_zip(path, build_folder(Path(place) / "lexel", words=words))


if __name__ == "__main__":
    sys.exit(main())
