"""The captions table: what is read, what is refused, and who goes to validation."""

from __future__ import annotations

import sys

import pytest
from PIL import Image

from lexel.errors import InputError
from lexel.training.captions import Caption, read_captions, read_classes, split_captions


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    (folder / "more").mkdir(parents=True)
    for name in ("a.png", "b.png", "more/c.png"):
        Image.new("RGB", (4, 4)).save(folder / name)
    Image.new("RGB", (4, 4)).save(tmp_path / "outside.png")
    return folder


@pytest.fixture
def read(tmp_path, images):
    def reading(text, reader=read_captions):
        table = tmp_path / "table.csv"
        table.write_bytes(text if isinstance(text, bytes) else text.encode())
        return reader(table, images)

    return reading


def test_rows_with_and_without_ids(read):
    rows = read(
        'image,caption\na.png,"A dog , running ."\na.png,  two   dogs \nmore/c.png,a "cat"\n'
    )
    assert rows == [
        Caption("a.png", "A dog , running .", "a.png"),
        Caption("a.png", "two dogs", "a.png"),
        Caption("more/c.png", 'a "cat"', "more/c.png"),
    ]
    rows = read("\ufeffimage,caption,id\r\na.png,one,7\r\nb.png,two,7\r\n")
    assert [row.group for row in rows] == ["7", "7"]


def test_classes(read):
    assert read("image,class\na.png,dog\n", read_classes) == [("a.png", "dog")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "first line must be"),
        ("file,text\na.png,x\n", "first line must be image,caption or image,caption,id"),
        ("image,caption\n", "no rows"),
        ("image,caption\na.png,one\nb.png\n", r"row 2 \(line 3\): this row should have 2 cells"),
        ("image,caption\na.png,a dog, running\n", "row 1 .* 2 cells"),
        ("image,caption\na.png,\n", "row 1 .* caption must have"),
        ("image,caption,id\na.png,x,\n", "row 1 .* id must have"),
        ("image,caption,id\na.png,x,1\na.png,y,2\n", "row 2 .* two ids"),
        ("image,caption\na.png,x\nnone.png,y\n", r"row 2 .* no such image.*none\.png"),
        ("image,caption\n../outside.png,x\n", "row 1 .* below the folder"),
        ("image,caption\n..\\outside.png,x\n", "row 1 .* below the folder"),
        ("image,caption\nmore/../a.png,x\n", "below the folder"),
        ("image,caption\n/etc/passwd,x\n", "below the folder"),
        ("image,caption\nC:a.png,x\n", "below the folder"),
        ("image,caption\n,x\n", "below the folder"),
        ("image,caption\nmore,x\n", "no file"),
        ("image,caption\na\0.png,x\n", "row 1|no CSV"),
        ('image,caption\na.png,"never closed\n', "no CSV"),
        (b"image,caption\na.png,\xff\xfe\n", "not UTF-8"),
    ],
)
def test_what_is_refused(read, text, sentence):
    with pytest.raises(InputError, match=sentence):
        read(text)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_does_not_lead_out(read, images):
    (images / "link.png").symlink_to(images.parent / "outside.png")
    with pytest.raises(InputError, match="no file in the folder"):
        read("image,caption\nlink.png,x\n")


def test_missing_files(tmp_path, images):
    with pytest.raises(InputError, match="cannot be read"):
        read_captions(tmp_path / "none.csv", images)
    (tmp_path / "t.csv").write_text("image,caption\na.png,x\n")
    with pytest.raises(InputError, match="no such folder"):
        read_captions(tmp_path / "t.csv", tmp_path / "none")


def test_an_image_is_on_one_side_only_whatever_the_order():
    rows = [Caption(f"{i}.png", f"{i} {k}", f"{i}") for i in range(20) for k in range(3)]
    training, validation = split_captions(rows, 0.2, 3)
    assert {c.group for c in training}.isdisjoint(c.group for c in validation)
    assert len({c.group for c in validation}) == 4
    assert sorted(map(repr, training + validation)) == sorted(map(repr, rows))
    again = split_captions(rows[::-1], 0.2, 3)
    assert {c.group for c in again[1]} == {c.group for c in validation}
    assert {c.group for c in split_captions(rows, 0.2, 4)[1]} != {c.group for c in validation}


@pytest.mark.parametrize(("count", "share"), [(1, 0.5), (5, 0.0), (5, 1.0), (5, float("nan"))])
def test_both_sides_need_images(count, share):
    with pytest.raises(InputError):
        split_captions([Caption(f"{i}", "x", f"{i}") for i in range(count)], share, 0)
    sides = split_captions([Caption(f"{i}", "x", f"{i}") for i in range(2)], 0.01, 0)
    assert [len(side) for side in sides] == [1, 1]
