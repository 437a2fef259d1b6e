"""Whatever happens to a file, a reader gives a valid scene or an `InputError`, and writes nothing.

Each test damages one reader's files at random: bytes, keys, values.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.errors import InputError
from lexel.geometry.transforms import from_rotation
from lexel.io import load_geometry
from lexel.io.feature_files import open_features
from lexel.io.frame_regions import FrameDetections, FrameMasks
from lexel.io.photo import load_photo
from tests.geometry.strategies import rotations
from tests.io import layouts, samples, solids

SETTINGS = settings(max_examples=60)

# (where, what) damages: where as a share of the length.
_damage = st.tuples(
    st.floats(0, 0.999), st.sampled_from(["flip", "cut", "insert", "remove"]), st.binary(max_size=8)
)
damages = st.lists(_damage, min_size=1, max_size=3)

odd_arrays = st.sampled_from(
    [
        np.zeros((24, 32), np.float32),
        np.full((24, 32), np.nan, np.float32),
        np.full((24, 32), np.inf),
        np.full((24, 32), -1.0),
        np.full((24, 32), 1e30),
        np.full((24, 32), 1e300),
        np.full((24, 32), 1500, np.uint16),
        np.full((24, 32), 1.5, np.float16),
        np.full((32, 24), 1.5),
        np.full((12, 16), 1.5),
        np.full((24, 32, 1), 1.5),
        np.full((24, 32, 4), 7, np.uint8),
        np.full((24, 32, 3), 0.5),
        np.full((24, 32, 3), np.nan),
        np.full((24, 32), 9, np.uint8),
        np.empty((0, 0)),
        np.array(3.0),
        np.array(["a", "b"]),
        np.ones(3, complex),
        np.zeros((3, 3)),
        np.eye(3),
        np.eye(4),
        -np.eye(4),
        np.eye(4) * 1e200,
        np.array([[300.0, 0, 12], [0, 300, 16], [0, 0, 1]]),
        np.array([[30.0, 5, 16], [0, 30, 12], [0, 0, 1]]),
        np.array([[30.0, 0, 900], [0, 30, 12], [0, 0, 1]]),
        np.ones((24, 32), bool),
        np.array([[1e-300, 0, 16], [0, 1e300, 12], [0, 0, 1]]),
    ]
)
odd_values = st.one_of(
    st.none(),
    st.just(...),
    odd_arrays,
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.one_of(st.text(max_size=3), st.integers(), st.none()), max_size=4),
    st.tuples(st.integers(-5, 60), st.integers(-5, 60)),
    st.lists(st.lists(st.text(max_size=3), max_size=4), max_size=2),
    st.builds(from_rotation, rotations, st.tuples(*[st.floats(-1e9, 1e9)] * 3)),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
json_values = st.one_of(
    st.none(),
    st.just(...),
    st.integers(-10, 2**70),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.floats(-10, 100), max_size=10),
    st.lists(st.lists(st.floats(), min_size=7, max_size=7), min_size=1, max_size=2),
)


@contextmanager
def fresh_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def spoil(content: bytes, mishaps: list[tuple[float, str, bytes]]) -> bytes:
    for share, kind, extra in mishaps:
        at = int(share * len(content))
        if kind == "flip" and content:
            content = b"".join(
                (content[:at], bytes([content[at] ^ (extra or b"!")[0]]), content[at + 1 :])
            )
        elif kind == "cut":
            content = content[:at]
        elif kind == "insert":
            content = content[:at] + extra + content[at:]
        else:
            content = content[:at] + content[at + len(extra) :]
    return content


def _spoil_file(path: Path, mishaps: list[tuple[float, str, bytes]]) -> None:
    path.write_bytes(spoil(path.read_bytes(), mishaps))


# An early byte is structure and a late one is pixels: most damage should hit structure.
def _write_small_semabs(folder: Path) -> Path:
    return samples.write_semabs(folder, rgb=np.zeros((8, 8, 3), np.uint8), depth=np.ones((8, 8)))


@given(damages)
@settings(SETTINGS, max_examples=150)
def test_semabs_bytes(mishaps: list[Any]) -> None:
    with fresh_folder() as folder:
        path = _write_small_semabs(folder)
        _spoil_file(path, mishaps)
        samples.read_or_refuse(path)


@given(st.dictionaries(st.sampled_from([*samples.semabs_dict(), "img_shape"]), odd_values))
@settings(SETTINGS, max_examples=150)
def test_semabs_keys(changes: dict[str, Any]) -> None:
    with fresh_folder() as folder:
        samples.read_or_refuse(samples.write_semabs(folder, **changes))


@given(odd_values)
@SETTINGS
def test_semabs_that_is_something_else(value: Any) -> None:
    import pickle

    with fresh_folder() as folder:
        path = folder / "odd.pkl"
        path.write_bytes(pickle.dumps(value))
        samples.read_or_refuse(path)


@given(
    st.sampled_from(["color.png", "depth.png", "pose.txt", "intrinsics"]),
    st.one_of(damages, st.none(), st.binary(max_size=60)),
)
@SETTINGS
def test_seven_scenes_files(which: str, mishap: Any) -> None:
    with fresh_folder() as folder:
        scan = samples.write_seven_scenes(folder)
        name = "camera-intrinsics.txt" if which == "intrinsics" else f"frame-000000.{which}"
        _apply(scan / name, mishap)
        samples.read_or_refuse(scan)


@given(rotations, st.sampled_from([1.0, 0.99, 1e-3, -1.0]), st.sampled_from([0, 1e5, 1e7]))
@settings(SETTINGS, max_examples=30)
def test_seven_scenes_poses(rotation: np.ndarray, factor: float, far: float) -> None:
    with fresh_folder() as folder:
        scan = samples.write_seven_scenes(folder)
        np.savetxt(scan / "frame-000001.pose.txt", from_rotation(factor * rotation, [far, 0, 0]))
        samples.read_or_refuse(scan)


@given(damages)
@SETTINGS
def test_record3d_bytes(mishaps: list[Any]) -> None:
    with fresh_folder() as folder:
        path = samples.write_record3d(folder)
        _spoil_file(path, mishaps)
        samples.read_or_refuse(path)


@given(st.sampled_from(["metadata", "rgbd/0.jpg", "rgbd/0.depth", "rgbd/0.conf"]), damages)
@SETTINGS
def test_record3d_members(name: str, mishaps: list[Any]) -> None:
    with fresh_folder() as folder:
        path = samples.write_record3d(folder)
        with zipfile.ZipFile(path) as archive:
            content = archive.read(name)
        samples.read_or_refuse(samples.write_record3d(folder, {name: spoil(content, mishaps)}))


@given(st.dictionaries(st.sampled_from([*samples.record3d_metadata()]), json_values, min_size=1))
@SETTINGS
def test_record3d_metadata(changes: dict[str, Any]) -> None:
    with fresh_folder() as folder:
        samples.read_or_refuse(samples.write_record3d(folder, **changes))


@given(st.sampled_from(["scene.npz", "scene.json"]), st.one_of(damages, st.binary(max_size=60)))
@SETTINGS
def test_view_folder_files(name: str, mishap: Any) -> None:
    with fresh_folder() as folder:
        view = samples.write_view_folder(folder)
        _apply(view / name, mishap)
        samples.read_or_refuse(view)


@given(
    st.sampled_from(["rgb", "depth_m", "K", "world_from_camera"]),
    st.one_of(odd_arrays, damages),
)
@SETTINGS
def test_view_folder_arrays(name: str, change: Any) -> None:
    with fresh_folder() as folder:
        view = samples.write_view_folder(folder)
        _change_array(view / "scene.npz", name, change)
        samples.read_or_refuse(view)


@given(st.sampled_from(["labels", "descriptions", "name", "format"]), json_values)
@SETTINGS
def test_view_folder_words(key: str, value: Any) -> None:
    with fresh_folder() as folder:
        view = samples.write_view_folder(folder)
        words = json.loads((view / "scene.json").read_text("utf-8"))
        words[key] = None if value is ... else value
        (view / "scene.json").write_text(json.dumps(words), encoding="utf-8")
        samples.read_or_refuse(view)


@pytest.mark.parametrize("focal", [5e-324, 1e-300, 1e-9, 1e300])
def test_focal_lengths_of_no_camera(focal: float, tmp_path: Path) -> None:
    model = ("PINHOLE", [focal, focal, 16.0, 12.0])
    path = layouts.write_colmap(tmp_path, layouts.room(2), model=model)
    assert isinstance(samples.read_or_refuse(path), InputError)


@pytest.mark.parametrize("kind", layouts.WRITERS)
@given(st.floats(0, 0.999), st.one_of(damages, st.none(), st.binary(max_size=60)))
@settings(SETTINGS, max_examples=20)
def test_layout_files(kind: str, which: float, mishap: Any) -> None:
    """Any one file of a scan in any layout of image files."""
    with fresh_folder() as folder:
        path = layouts.WRITERS[kind](folder, layouts.room(2))
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        _apply(files[int(which * len(files))], mishap)
        samples.read_or_refuse(path)


@pytest.mark.parametrize("kind", solids.WRITERS)
@given(st.floats(0, 0.999), st.one_of(damages, st.none(), st.binary(max_size=60)))
@settings(SETTINGS, max_examples=40)
def test_geometry_files(kind: str, which: float, mishap: Any) -> None:
    """Any one file of a mesh or cloud."""
    with fresh_folder() as folder:
        path = solids.WRITERS[kind](folder)
        files = sorted(folder.iterdir())
        _apply(files[int(which * len(files))], mishap)
        _geometry_or_refuse(path, folder)


# Text that is nearly as it should be: what only parsers of whole words see.
odd_words = st.sampled_from(
    ["", "nan", "inf", "-1", "0", "1e400", "99999999999999999999", "2147483648", "x", "..", "\0"]
)


def _change_word(file: Path, where: float, word: str) -> None:
    words = re.split(rb"([\s/]+)", file.read_bytes())
    words[2 * int(where * (len(words) + 1) / 2)] = word.encode()
    file.write_bytes(b"".join(words))


@pytest.mark.parametrize("kind", ["obj", "pcd", "pcd, text", "xyz", "ply, text", "ply, textured"])
@given(st.floats(0, 0.999), st.floats(0, 0.999), odd_words)
@SETTINGS
def test_geometry_words(kind: str, which: float, where: float, word: str) -> None:
    """Any one word of a text file, or of a header."""
    with fresh_folder() as folder:
        path = solids.WRITERS[kind](folder)
        files = [file for file in sorted(folder.iterdir()) if file.suffix != ".png"]
        _change_word(files[int(which * len(files))], where, word)
        _geometry_or_refuse(path, folder)


@pytest.mark.parametrize("kind", ["colmap, text", "tum", "replica", "scannet"])
@given(st.floats(0, 0.999), st.floats(0, 0.999), odd_words)
@SETTINGS
def test_layout_words(kind: str, which: float, where: float, word: str) -> None:
    """Any one word of a scan's text files."""
    with fresh_folder() as folder:
        path = layouts.WRITERS[kind](folder, layouts.room(2))
        files = sorted(folder.rglob("*.txt"))
        _change_word(files[int(which * len(files))], where, word)
        samples.read_or_refuse(path)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        yield (*place, key)
        if isinstance(part, dict | list):
            yield from _places(part, (*place, key))


json_types = st.sampled_from(
    [None, 5, -1, 2**40, 2**70, 1e400, "a", "", True, [], [0], [[1]], ["a"], [None] * 3, {}]
)


def _change_json(document: Any, changes: list[tuple[float, Any]]) -> None:
    """Whatever stands at some places becomes something else."""
    for which, value in changes:
        places = list(_places(document))
        *way, last = places[int(which * len(places))]
        within = document
        for key in way:
            within = within[key]
        within[last] = copy.deepcopy(value)


json_changes = st.lists(st.tuples(st.floats(0, 0.999), json_types), min_size=1, max_size=2)


@given(json_changes)
@settings(SETTINGS, max_examples=200)
def test_gltf_documents(changes: list[tuple[float, Any]]) -> None:
    writer = solids.square_gltf()
    _change_json(writer.document, changes)
    with fresh_folder() as folder:
        _geometry_or_refuse(writer.glb(folder / "a.glb"), folder)


@pytest.mark.parametrize("kind", ["nerfstudio", "polycam", "replica"])
@given(st.floats(0, 0.999), json_changes)
@SETTINGS
def test_layout_documents(kind: str, which: float, changes: list[tuple[float, Any]]) -> None:
    with fresh_folder() as folder:
        path = layouts.WRITERS[kind](folder, layouts.room(2))
        files = sorted(folder.rglob("*.json"))
        file = files[int(which * len(files))]
        document = json.loads(file.read_text("utf-8"))
        _change_json(document, changes)
        file.write_text(json.dumps(document), encoding="utf-8")
        samples.read_or_refuse(path)


def _geometry_or_refuse(path: Path, folder: Path) -> None:
    try:
        solids.check_geometry(load_geometry(path))
    except InputError as error:
        assert str(folder) in str(error)


@given(st.one_of(odd_arrays, damages))
@SETTINGS
def test_depth_arrays(change: Any) -> None:
    """`.npy` depth of a bent camera, and of a model that it gives the scale."""
    with fresh_folder() as folder:
        model = layouts.bent_model("SIMPLE_RADIAL", layouts.room(1).k, [-0.1])
        root = layouts.write_colmap(folder, layouts.room(2), depth="sensor", model=model)
        file = root / "depth/shot000.npy"
        (root / "depth/shot000.png").unlink()
        array = change if isinstance(change, np.ndarray) else np.ones((24, 32), np.float32)
        file.write_bytes(_npy(array))
        if not isinstance(change, np.ndarray):
            _spoil_file(file, change)
        samples.read_or_refuse(root)


MASKS = np.zeros((2, 8, 8), bool)


@pytest.mark.parametrize("name", ["refined_mask", "refined_label"])
@given(st.one_of(odd_arrays, damages), st.booleans())
@SETTINGS
def test_masks(name: str, change: Any, packed: bool) -> None:
    """Arrays of masks and of their names, changed before or after they are packed."""
    with fresh_folder() as folder:
        arrays = {"refined_mask": MASKS, "refined_label": np.array(["mug", "table"])}
        (folder / "0").mkdir()
        for key, array in arrays.items():
            np.savez(folder / "0" / f"{key}.npz", array)
        file = folder / "0" / f"{name}.npz"
        if packed and not isinstance(change, np.ndarray):
            _spoil_file(file, change)
        else:
            _change_array(file, "arr_0", change)
        with contextlib.suppress(InputError):
            found = FrameMasks.open(folder, 1).load(0, (8, 8))
            assert found.masks.dtype == bool
            assert found.masks.shape == (len(found.names), 8, 8)


@given(st.one_of(damages, st.binary(max_size=60)))
@SETTINGS
def test_boxes(mishap: Any) -> None:
    with fresh_folder() as folder:
        file = folder / "0.json"
        file.write_text('[{"box": [1, 2, 3, 4], "label": "mug", "score": 0.5}]', encoding="utf-8")
        _apply(file, mishap)
        with contextlib.suppress(InputError):
            assert all(box.area >= 0 for box in FrameDetections.open(folder, 1).load(0))


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
@given(st.one_of(odd_arrays, damages))
@SETTINGS
def test_features(suffix: str, change: Any) -> None:
    with fresh_folder() as folder:
        file = folder / f"a{suffix}"
        array = change if isinstance(change, np.ndarray) else np.ones((5, 3), np.float32)
        (np.save if suffix == ".npy" else np.savez)(file, array)
        if not isinstance(change, np.ndarray):
            _spoil_file(file, change)
        with contextlib.suppress(InputError), open_features(file) as features:
            assert features[:2].shape == (min(2, features.shape[0]), features.shape[1])


@given(damages)
@SETTINGS
def test_photos(mishaps: list[Any]) -> None:
    with fresh_folder() as folder:
        file = folder / "a.png"
        file.write_bytes(spoil(solids.png(np.zeros((16, 20, 3), np.uint8)), mishaps))
        with contextlib.suppress(InputError):
            assert load_photo(file).ndim == 3


NERFSTUDIO_KEYS = (
    "camera_model", "fl_x", "fl_y", "cx", "cy", "w", "h", "k1", "k2", "p1", "p2", "frames",
    "applied_scale", "depth_unit_scale_factor", "orientation_override", "camera_angle_x",
    "transform_matrix", "file_path", "depth_file_path",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(NERFSTUDIO_KEYS), json_values, min_size=1, max_size=3))
@SETTINGS
def test_nerfstudio_keys(changes: dict[str, Any]) -> None:
    with fresh_folder() as folder:
        samples.read_or_refuse(layouts.write_nerfstudio(folder, layouts.room(2), **changes))


@given(
    st.sampled_from(["SIMPLE_RADIAL", "OPENCV", "FULL_OPENCV", "OPENCV_FISHEYE"]),
    st.lists(st.floats(), min_size=12, max_size=12),
)
@SETTINGS
def test_colmap_lenses(name: str, bends: list[float]) -> None:
    model = layouts.bent_model(name, layouts.room(1).k, bends)
    with fresh_folder() as folder:
        samples.read_or_refuse(layouts.write_colmap(folder, layouts.room(2), model=model))


def _apply(file: Path, mishap: Any) -> None:
    if mishap is None:
        file.unlink()
    elif isinstance(mishap, bytes):
        file.write_bytes(mishap)
    else:
        _spoil_file(file, mishap)


def _change_array(npz: Path, name: str, change: Any) -> None:
    with zipfile.ZipFile(npz) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    if isinstance(change, np.ndarray):
        members[f"{name}.npy"] = _npy(change)
    else:
        members[f"{name}.npy"] = spoil(members[f"{name}.npy"], change)
    with zipfile.ZipFile(npz, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def _npy(array: np.ndarray) -> bytes:
    import io

    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


Writer = Callable[[Path], Path]


def _of_room(write: layouts.Writer) -> Writer:
    return lambda folder: write(folder, layouts.room(2))


def test_undamaged_samples_are_read(tmp_path: Path) -> None:
    writers: list[Writer] = [
        samples.write_semabs,
        samples.write_seven_scenes,
        samples.write_record3d,
        samples.write_view_folder,
        *(_of_room(write) for write in layouts.WRITERS.values()),
    ]
    for i, writer in enumerate(writers):
        place = tmp_path / str(i)
        place.mkdir()
        scene = samples.read_or_refuse(writer(place))
        assert not isinstance(scene, Exception), scene
