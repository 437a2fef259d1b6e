import numpy as np
import pytest

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
