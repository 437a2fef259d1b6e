"""Captioned pictures in the layout of Flickr8k: a CSV `image,caption[,id]` and a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np

from lexel.errors import InputError
from lexel.io.names import one_line

MAX_CAPTION_LENGTH = 2000
_MAX_TABLE_BYTES = 1 << 30
_CAPTION_LAYOUTS = (["image", "caption"], ["image", "caption", "id"])
_CLASS_LAYOUTS = (["image", "class"],)


@dataclass(frozen=True)
class Caption:
    """One row of the table.

    Attributes:
        image: path below the folder, with `/`.
        text: one clean line.
        group: what must not be split: the row's id, or else its image.
    """

    image: str
    text: str
    group: str


def read_captions(table: Path, folder: Path) -> list[Caption]:
    """The rows of a captions table; an image may have many.

    Raises:
        InputError: the table is malformed, names an image that is not in `folder` or would
            lie outside it, or gives one image two ids.
    """
    captions, group_of = [], dict[str, str]()
    for where, row in _rows(table, folder, _CAPTION_LAYOUTS):
        image, text = row["image"], _clean(row["caption"], "caption", where)
        group = _clean(row["id"], "id", where) if "id" in row else image
        if group_of.setdefault(image, group) != group:
            raise InputError(
                f"{image} has two ids", where=where, got=group, do="Give an image the same always."
            )
        captions.append(Caption(image, text, group))
    return captions


def read_classes(table: Path, folder: Path) -> list[tuple[str, str]]:
    """Image and class of every row of a table `image,class`; errors as of `read_captions`."""
    rows = _rows(table, folder, _CLASS_LAYOUTS)
    return [(row["image"], _clean(row["class"], "class", where)) for where, row in rows]


def split_captions(
    captions: list[Caption], share: float, seed: int
) -> tuple[list[Caption], list[Caption]]:
    """For training and for validation; all captions of an id on one side, whatever their order.

    Args:
        share: of the ids that go to validation, in 0..1; at least one, never all.

    Raises:
        InputError: there are fewer than two ids, or the share is not within 0..1.
    """
    groups = sorted({caption.group for caption in captions})
    if not 0 < share < 1:
        raise InputError("the share for validation must lie between 0 and 1", got=share)
    if len(groups) < 2:
        raise InputError("captions of at least two images are needed", got=len(groups))
    count = min(max(1, round(share * len(groups))), len(groups) - 1)
    drawn = np.random.default_rng(seed).permutation(len(groups))[:count]
    held_out = {groups[index] for index in drawn}
    return (
        [caption for caption in captions if caption.group not in held_out],
        [caption for caption in captions if caption.group in held_out],
    )


def _rows(
    table: Path, folder: Path, layouts: tuple[list[str], ...]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each row is, and its cells by column; the image is checked."""
    if not folder.is_dir():
        raise InputError("there is no such folder of images", where=folder, do="Check --images.")
    root, known = folder.resolve(), set[str]()
    reader = csv.reader(io.StringIO(_text(table), newline=""), strict=True)
    count = 0
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        if columns not in layouts:
            wanted = " or ".join(",".join(layout) for layout in layouts)
            raise InputError(
                f"the table's first line must be {wanted}", where=table, got=",".join(columns)
            )
        for count, cells in enumerate(reader, start=1):
            where = f"{table.name}, row {count} (line {reader.line_num})"
            if len(cells) != len(columns):
                raise InputError(
                    f"this row should have {len(columns)} cells",
                    where=where,
                    got=cells,
                    do='A text with commas stands in quotes ("...").',
                )
            row = dict(zip(columns, cells, strict=True))
            row["image"] = _image(row["image"], root, known, where)
            yield where, row
    except csv.Error as cause:
        raise InputError(
            "the table is no CSV", where=f"{table.name}, line {reader.line_num}", got=cause
        ) from cause
    if not count:
        raise InputError("the table has no rows", where=table)


def _text(table: Path) -> str:
    try:
        if table.stat().st_size > _MAX_TABLE_BYTES:
            raise InputError("the table is too large", where=table)
        return table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise InputError("the table is not UTF-8", where=table, do="Save it so.") from cause
    except (OSError, ValueError) as cause:
        raise InputError(
            "the table cannot be read", where=table, got=cause, do="Check the path."
        ) from cause


def _image(name: str, root: Path, known: set[str], where: str) -> str:
    """The image's path below `root`, which it may not leave, by links either."""
    path = PurePosixPath(name.strip())
    plain = path.as_posix()
    if plain in known:
        return plain
    parts = PureWindowsPath(plain)  # also splits at `\`, and knows drives
    if plain in ("", ".") or path.is_absolute() or parts.anchor or ".." in parts.parts:
        raise InputError(
            "an image's path must lie below the folder",
            where=where,
            got=name,
            do="Write it relative to --images, without '..'.",
        )
    try:
        found = (root / plain).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as cause:
        raise InputError(f"there is no such image in {root.name}", where=where, got=name) from cause
    if not found.is_relative_to(root) or not found.is_file():
        raise InputError("this is no file in the folder of images", where=where, got=name)
    known.add(plain)
    return plain


def _clean(text: str, column: str, where: str) -> str:
    line = one_line(text)
    if not line or len(line) > MAX_CAPTION_LENGTH:
        raise InputError(
            f"the {column} must have 1 to {MAX_CAPTION_LENGTH} characters", where=where, got=text
        )
    return line
