"""Make the pictures of `docs/figures.md`: python docs/pictures/figures.py [--work FOLDER]

It runs the very commands of that page on the sample scenes, with the embedded weights, and makes
the pictures small enough for a page. About a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

FIGURES = Path(__file__).resolve().parents[1] / "figures"
SCENES = Path(__file__).resolve().parents[2] / "sample_scenes"
LEXEL = Path(sysconfig.get_path("scripts")) / "lexel"
GRID = [f"grid-{letter}.json" for letter in "abcd"]
THINGS = ("the safe in front of the bookcase",)
LARGEST_BYTES = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, help="where fields are kept for another time")
    work = parser.parse_args().work or Path(tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    for recipe in FIGURES.glob("*.json"):
        shutil.copy(recipe, work)
    make_fields(work)
    for name in ("heat", "labels", "completion", "located"):
        run(work, "figure", f"{name}.json", "--out", f"{name}.png")
    size = ("--preset", "page", "--width", "1000")
    run(work, "figure", *GRID, "--grid", "2x2", *size, "--cutaway", "--out", "grid.png")
    for name in ("heat", "labels", "completion", "located", "grid"):
        shrink(work / f"{name}.png", FIGURES / f"{name}.png")


def make_fields(work: Path) -> None:
    scan, view = str(SCENES / "scan"), str(SCENES / "view")
    if not (work / "scan.lexel").exists():
        run(work, "build", scan, "--encoder", "embedded", "--out", "scan.lexel")
    if (work / "view.lexel").exists():
        return
    run(work, "complete", view, "--weights", "embedded", "--out", "completed")
    run(work, "locate", view, *THINGS, "--weights", "embedded", "--out", "located")
    results = ("--results", "completed/view.lexel", "--results", "located/view.lexel")
    run(work, "build", view, "--encoder", "embedded", *results, "--out", "view.lexel")


def run(work: Path, *arguments: str) -> None:
    print("lexel", *arguments, flush=True)
    subprocess.run([str(LEXEL), *arguments], cwd=work, check=True)


def shrink(source: Path, target: Path) -> None:
    """Leave out the last bits of colours until it is small enough; all hues stay apart."""
    with Image.open(source) as image:
        picture = image.convert("RGB")
    for bits in (8, 7, 6, 5):
        ImageOps.posterize(picture, bits).save(target, optimize=True)
        if target.stat().st_size <= LARGEST_BYTES:
            break
    print(f"{target.name}: {target.stat().st_size // 1000} kB, {bits} bits")


if __name__ == "__main__":
    main()
