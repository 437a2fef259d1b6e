import multiprocessing
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lexel.errors import CancelledError, InputError, SceneError
from lexel.io.fields import load_view, open_field
from lexel.pipelines.build import BuildSettings, build, workshop_of
from lexel.pipelines.build_content import Vocabulary
from lexel.pipelines.build_models import ReadingOptions, make_reader
from lexel.pipelines.posed_views import PosedViews, pose_views
from lexel.progress import Silent
from lexel.scene import FieldEncoder, Phrases
from tests.fields.box_room import Oracle, around, recording, thing_of
from tests.relevancy.tiny_clip import tiny_encoder

NAMES = ("floor", "red box", "blue box")
ENCODER = FieldEncoder("oracle", "none", "", 3, ("{}",))
VOCABULARY = Vocabulary(ENCODER, Phrases(NAMES, np.eye(3, dtype=np.float16)))
SETTINGS = BuildSettings(voxel_size_m=0.03)


def build_at(out: Path, shots=None, lies=0.0, progress=None, settings=SETTINGS):
    shots = shots or around(6)
    reader = Oracle(shots, lies)
    return build(views_at(shots, out), reader, VOCABULARY, settings, out, progress=progress)


def views_at(shots, out: Path) -> PosedViews:
    return pose_views(recording(shots, out.parent), Silent())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    report = build_at(tmp_path_factory.mktemp("built") / "boxes.lexel")
    return report, open_field(report.path)


def right(field, column="code") -> float:
    """Share of points whose code is nearest to the name of the thing they are of."""
    clip = np.asarray(field.codebook.clip, np.float32)
    said = clip[getattr(field.points, column)].argmax(axis=1)
    return float((said == thing_of(np.asarray(field.points.xyz_m))).mean())


def test_points_mean_what_the_views_say(built):
    report, field = built
    assert field.num_points == report.num_points > 1500
    for column in ("code", "code_part", "code_whole"):
        assert right(field, column) > 0.97
    assert field.codebook.agreement[field.points.code].mean() > 0.9


def test_objects_are_named_counted_and_boxed(built):
    _, field = built
    things = {thing.label: thing for thing in field.instances if thing.count > 100}
    assert sorted(things) == sorted(NAMES)
    red = things["red box"]
    assert red.score > 0.9
    np.testing.assert_allclose(red.aabb, [[-0.5, -0.3, 0], [0, 0.3, 0.5]], atol=0.06)
    assert (field.points.instance == red.id).sum() == red.count


def test_fidelity_is_told(built):
    report, _ = built
    assert report.fidelity.part_cosine > 0.97
    assert report.fidelity.ap_codes > report.fidelity.ap_dense - 0.02
    assert report.encoder == "oracle/none"


def test_evidence_leads_back_to_regions_that_show_the_thing(built):
    _, field = built
    evidence, clip = field.evidence, np.asarray(field.codebook.clip, np.float32)
    shots, shows = around(6), []
    for code in np.unique(field.points.code):
        named = int(clip[code].argmax())
        for entry in range(evidence.offset[code], evidence.offset[code + 1]):
            x0, y0, x1, y1 = evidence.region[entry]
            shown = shots[evidence.view[entry]].thing[y0:y1, x0:x1]
            shows.append((shown == named).any())
    assert len(shows) > 50
    assert np.mean(shows) > 0.95  # a superpoint may lie on both sides of an edge
    assert load_view(field.path, field.views[0]).rgb.shape == (48, 64, 3)


def test_smoothing_undoes_lies_and_keeps_the_edge(tmp_path):
    shots = around(8)
    field = open_field(build_at(tmp_path / "lied.lexel", shots, lies=0.3).path)
    assert right(field) > right(field, "code_part") + 0.01
    assert right(field) > 0.93


class Stop:
    """A `Progress` that cancels after so many steps."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.said: list[str] = []

    def begin(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise CancelledError

    def say(self, message: str) -> None:
        self.said.append(message)

    @property
    def goes_on(self) -> bool:
        return any("going on" in message for message in self.said)


NEVER = 1 << 30


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "field.json"
    }


@pytest.mark.parametrize("after", [3, 9, 15, 21])
def test_a_cancelled_build_goes_on_to_the_same_field(built, tmp_path, after):
    out = tmp_path / "boxes.lexel"
    with pytest.raises(CancelledError):
        build_at(out, progress=Stop(after))
    assert not out.exists()
    assert workshop_of(out).is_dir()
    again = Stop(NEVER)
    build_at(out, progress=again)
    assert again.goes_on == (after > 6)  # nothing is kept of the first stage's six views
    assert contents(out) == contents(built[0].path)
    assert not workshop_of(out).exists()


class Slow(Oracle):
    """Takes its time, so that there is some to be killed in."""

    def read(self, index, view):
        time.sleep(0.2)
        return super().read(index, view)


def build_slowly(out: Path) -> None:
    shots = around(6)
    build(views_at(shots, out), Slow(shots), VOCABULARY, SETTINGS, out)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on Windows")
def test_a_killed_build_goes_on_to_the_same_field(built, tmp_path):
    out = tmp_path / "boxes.lexel"
    process = multiprocessing.get_context("spawn").Process(target=build_slowly, args=(out,))
    process.start()
    views = workshop_of(out) / "views"
    while len(list(views.glob("*.npz"))) < 2:
        assert process.is_alive()
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert not out.exists()
    kept = len(list(views.glob("*.npz")))
    assert 2 <= kept < 6
    again = Stop(NEVER)
    build_at(out, progress=again)
    assert again.goes_on
    assert contents(out) == contents(built[0].path)


def test_another_plan_starts_anew(built, tmp_path):
    out = tmp_path / "boxes.lexel"
    with pytest.raises(CancelledError):
        build_at(out, progress=Stop(9))
    coarse, again = replace(SETTINGS, voxel_size_m=0.05), Stop(NEVER)
    assert build_at(out, settings=coarse, progress=again).num_points < built[0].num_points / 2
    assert not again.goes_on


def test_random_weights_of_another_seed_start_anew(tmp_path):
    """What views mean to them is kept with their seed."""
    out, encoder = tmp_path / "boxes.lexel", tiny_encoder(pretrained="untrained")
    views = views_at(around(2), out)

    def build_with_seed(seed, progress):
        identity = replace(encoder.identity, seed=seed)
        reader = make_reader(replace(encoder, identity=identity), ReadingOptions(), 2)
        build(views, reader, VOCABULARY, SETTINGS, out, progress=progress)

    with pytest.raises(CancelledError):
        build_with_seed(1, Stop(4))
    for seed, goes_on in ((1, True), (2, False)):
        again = Stop(1)
        with pytest.raises(CancelledError):
            build_with_seed(seed, again)
        assert again.goes_on is goes_on


def test_another_recording_starts_anew(tmp_path):
    out = tmp_path / "boxes.lexel"
    with pytest.raises(CancelledError):
        build_at(out, progress=Stop(9))
    (tmp_path / "frame-000006.color.jpg").write_bytes(b"one more")
    again = Stop(NEVER)
    build_at(out, progress=again)
    assert not again.goes_on


def test_fewer_views_can_be_read_than_are_fused(tmp_path):
    settings = replace(SETTINGS, most_views=2)
    report = build_at(tmp_path / "boxes.lexel", settings=settings)
    assert report.views == 2
    assert right(open_field(report.path)) > 0.9


def test_broken_views_are_left_out_and_a_recording_of_them_refused(tmp_path):
    shots = around(4)
    shots[1].view.depth_m[:] = 0
    whole = pose_views(recording(shots, tmp_path), Silent())
    assert whole.get(1) is None
    assert whole.get(2) is not None
    build_at(tmp_path / "boxes.lexel", shots)
    for shot in shots:
        shot.view.depth_m[:] = 0
    with pytest.raises(SceneError, match="none of its views"):
        build_at(tmp_path / "none.lexel", shots)


@pytest.mark.parametrize("size", [0, 0.001, 1, float("nan")])
def test_voxels_of_no_sense_are_refused(size):
    with pytest.raises(InputError, match="--voxel-size"):
        BuildSettings(voxel_size_m=size)
