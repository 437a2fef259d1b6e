import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import InputError
from lexel.pipelines.workshop import Workshop, run_stage
from lexel.progress import Silent

PLAN = {"voxel": 0.02}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "kitchen.building"


def test_what_is_kept_is_there_for_the_same_plan_only(place):
    Workshop(place, PLAN, Silent()).save("views/000001", {"a": np.arange(3)}, packed=True)
    again = Workshop(place, PLAN, Silent())
    np.testing.assert_array_equal(again.load("views/000001")["a"], np.arange(3))
    other = Workshop(place, {"voxel": 0.05}, Silent())
    assert other.load("views/000001") is None


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"nothing"])
def test_what_cannot_be_read_is_not_there(place, damage):
    workshop = Workshop(place, PLAN, Silent())
    workshop.save("sums", {"a": np.arange(1000)})
    (place / "sums.npz").write_bytes(damage)
    assert workshop.load("sums") is None


@given(st.data())
def test_a_damaged_byte_is_told_or_does_not_matter(tmp_path_factory, data):
    workshop = Workshop(tmp_path_factory.mktemp("w") / "k.building", PLAN, Silent())
    kept = np.arange(300)
    workshop.save("view", {"a": kept}, packed=True)
    file = workshop.folder / "view.npz"
    whole = bytearray(file.read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(whole)
    loaded = workshop.load("view")
    assert loaded is None or "a" not in loaded or len(loaded["a"]) == len(kept)


def test_a_file_in_its_place_is_told(place):
    place.write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match="in the way"):
        Workshop(place, PLAN, Silent())
    assert place.read_text(encoding="utf-8") == "dear"


def test_somebody_elses_folder_is_left_alone(place):
    place.mkdir()
    (place / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match="in the way"):
        Workshop(place, PLAN, Silent())
    assert (place / "letter.txt").exists()


def test_a_stage_goes_on_where_it_was(place):
    workshop, done = Workshop(place, PLAN, Silent()), []
    run_stage(workshop, "count", 5, done.append, lambda: {"n": np.array(len(done))}, 2, Silent())
    assert done == [2, 3, 4]
    assert int(workshop.load("count")["next"]) == 5
