"""glTF: the tree, primitives of every kind, materials, and documents that lie."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io import gltf_container, load_geometry
from lexel.io.gltf_materials import linear_of_srgb, srgb_of_linear
from lexel.io.gltf_nodes import MAX_NODES
from tests.geometry.strategies import rotations, vectors
from tests.io import solids
from tests.io.layouts import quaternion
from tests.io.solids import BLUE, GREEN, RED, WHITE, GltfWriter

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)  # upright: +y is up
UPRIGHT = SQUARE[:, [0, 2, 1]]  # the same in core's world
UV = np.array([[0.1, 0.9], [0.9, 0.9], [0.9, 0.1], [0.1, 0.1]], np.float32)
WHERE = np.array([[0.8, 0.1, 0.1]])


def square(writer: GltfWriter, **primitive: Any) -> int:
    """A mesh of the square; more keys of its primitive."""
    attributes = {"POSITION": writer.numbers(SQUARE, "f4"), **primitive.pop("attributes", {})}
    indices = writer.numbers([0, 1, 2, 0, 2, 3], "u1")
    return writer.mesh(**{"attributes": attributes, "indices": indices, **primitive})


def load(writer: GltfWriter, folder: Path):
    return load_geometry(writer.glb(folder / "a.glb"))


def with_material(folder: Path, surface: dict[str, Any], **names: Any):
    """The square in a material, `names` go to the writer's document."""
    writer = GltfWriter()
    material = writer.add("materials", {"pbrMetallicRoughness": surface})
    attributes = {
        "TEXCOORD_0": writer.numbers(UV, "f4"),
        "TEXCOORD_1": writer.numbers(0 * UV, "f4"),
    }
    writer.scene(writer.node(mesh=square(writer, material=material, attributes=attributes)))
    view = writer.view(solids.png(solids.PICTURE))
    writer.add("images", {"bufferView": view, "mimeType": "image/png"})
    writer.add("textures", {"source": 0})
    writer.document.update(names)
    return load(writer, folder)


# Where things stand


@given(rotations, vectors, st.floats(0.2, 5), rotations)
def test_nodes_stand_on_each_other(
    tmp_path_factory: pytest.TempPathFactory,
    outer: np.ndarray,
    moved: np.ndarray,
    scale: float,
    inner: np.ndarray,
) -> None:
    """A matrix above; translation, rotation and scale below."""
    writer = GltfWriter()
    w, x, y, z = quaternion(inner).tolist()
    child = writer.node(
        mesh=square(writer),
        rotation=[x, y, z, w],
        translation=moved.tolist(),
        scale=[scale, scale, 2 * scale],
    )
    matrix = np.eye(4)
    matrix[:3, :3] = outer
    matrix[:3, 3] = (1, 2, 3)
    writer.scene(writer.node(children=[child], matrix=matrix.T.ravel().tolist()))
    mesh = load(writer, tmp_path_factory.mktemp("nodes"))
    below = (SQUARE * [scale, scale, 2 * scale]) @ inner.T + moved
    x, y, z = (below @ outer.T + [1, 2, 3]).T
    np.testing.assert_allclose(mesh.points_m, np.stack([x, -z, y], 1), atol=2e-5)


def test_a_mesh_that_stands_twice_is_there_twice(tmp_path: Path) -> None:
    writer = GltfWriter()
    mesh = square(writer)
    writer.scene(writer.node(mesh=mesh), writer.node(mesh=mesh, translation=[0, 0, 5]))
    assert len(load(writer, tmp_path).points_m) == 8


def test_a_mirrored_node_keeps_its_outside(tmp_path: Path) -> None:
    writer = GltfWriter()
    normals = writer.numbers([[0, 0, 1.0]] * 4, "f4")
    mesh = square(writer, attributes={"NORMAL": normals})
    writer.scene(writer.node(mesh=mesh, scale=[-1, 2, 1]))
    mesh = load(writer, tmp_path)
    a, b, c = mesh.points_m[mesh.faces[0]]
    np.testing.assert_allclose(mesh.normals, [[0, -1, 0]] * 4, atol=1e-6)
    assert np.cross(b - a, c - a) @ [0, -1, 0] > 0


def test_other_scenes_are_left_out(tmp_path: Path) -> None:
    writer = GltfWriter()
    one, other = writer.node(mesh=square(writer)), writer.node(mesh=square(writer))
    writer.scene(one)
    writer.scene(other, one)
    assert len(load(writer, tmp_path).points_m) == 4
    writer.document["scene"] = 1
    assert len(load(writer, tmp_path).points_m) == 8
    del writer.document["scenes"], writer.document["scene"]
    assert len(load(writer, tmp_path).points_m) == 8


@pytest.mark.parametrize(
    ("mode", "faces"),
    [
        (4, [[0, 1, 2]]),
        (5, [[0, 1, 2], [1, 3, 2]]),
        (6, [[0, 1, 2], [0, 2, 3]]),
    ],
)
def test_strips_and_fans(tmp_path: Path, mode: int, faces: list[list[int]]) -> None:
    writer = GltfWriter()
    attributes = {"POSITION": writer.numbers(SQUARE, "f4")}
    writer.scene(writer.node(mesh=writer.mesh(attributes=attributes, mode=mode)))
    np.testing.assert_array_equal(load(writer, tmp_path).faces, faces)


def test_points_are_a_cloud_and_lines_are_nothing(tmp_path: Path) -> None:
    writer = GltfWriter()
    attributes = {"POSITION": writer.numbers(SQUARE, "f4")}
    writer.scene(writer.node(mesh=writer.mesh(attributes=attributes, mode=0)))
    cloud = load(writer, tmp_path)
    assert cloud.faces is None
    np.testing.assert_allclose(cloud.points_m, UPRIGHT)
    writer = GltfWriter()
    attributes = {"POSITION": writer.numbers(SQUARE, "f4")}
    writer.scene(writer.node(mesh=writer.mesh(attributes=attributes, mode=1)))
    with pytest.raises(SceneError, match="no triangles and no points"):
        load(writer, tmp_path)


# Colours


@given(st.integers(0, 255))
def test_srgb_comes_back(value: int) -> None:
    rgb = np.full((1, 3), value, np.uint8)
    np.testing.assert_array_equal(srgb_of_linear(linear_of_srgb(rgb)), rgb)


def test_vertex_colours_are_linear(tmp_path: Path) -> None:
    writer = GltfWriter()
    colours = writer.numbers([[0.2158605, 1, 0]] * 4, "f4")
    writer.scene(writer.node(mesh=square(writer, attributes={"COLOR_0": colours})))
    np.testing.assert_array_equal(load(writer, tmp_path).rgb, [[128, 255, 0]] * 4)


def test_a_plain_material(tmp_path: Path) -> None:
    mesh = with_material(tmp_path, {"baseColorFactor": [0.2158605, 0, 1, 0.5]})
    np.testing.assert_array_equal(mesh.rgb, [[128, 0, 255]] * 4)
    assert mesh.texture is None


def test_a_picture(tmp_path: Path) -> None:
    mesh = with_material(tmp_path, {"baseColorTexture": {"index": 0}})
    np.testing.assert_array_equal(mesh.rgb, [BLUE, WHITE, GREEN, RED])
    np.testing.assert_array_equal(mesh.rgb_at(np.array([1]), WHERE), [BLUE])


def test_a_picture_under_a_factor(tmp_path: Path) -> None:
    surface = {"baseColorTexture": {"index": 0}, "baseColorFactor": [0.2158605, 1, 1, 1]}
    mesh = with_material(tmp_path, surface)
    np.testing.assert_array_equal(mesh.rgb, [BLUE, (128, 255, 255), GREEN, (128, 0, 0)])


def test_a_picture_placed_otherwise(tmp_path: Path) -> None:
    second = with_material(tmp_path, {"baseColorTexture": {"index": 0, "texCoord": 1}})
    np.testing.assert_array_equal(second.rgb, [RED] * 4)
    moved = {"KHR_texture_transform": {"offset": [0.5, 0.0], "scale": [0.4, 1.0]}}
    mesh = with_material(tmp_path, {"baseColorTexture": {"index": 0, "extensions": moved}})
    np.testing.assert_array_equal(mesh.rgb, [WHITE, WHITE, GREEN, GREEN])
    turned = {"KHR_texture_transform": {"rotation": np.pi / 2}}
    mesh = with_material(tmp_path, {"baseColorTexture": {"index": 0, "extensions": turned}})
    # (u, v) lies at (v, -u) = (v, 1 - u) then.
    np.testing.assert_array_equal(mesh.rgb, [WHITE, GREEN, RED, BLUE])


def test_a_picture_that_is_missing_is_said(tmp_path: Path) -> None:
    surface = {"baseColorTexture": {"index": 0}, "baseColorFactor": [1, 0, 0, 1]}
    for uri in ("none.png", "https://example.org/a.png", "../a.png", "data:,"):
        mesh = with_material(tmp_path, surface, images=[{"uri": uri}])
        assert "the material's colour is used" in "".join(str(f) for f in mesh.findings)
        np.testing.assert_array_equal(mesh.rgb, [RED] * 4)


def test_materials_share_their_picture(tmp_path: Path) -> None:
    """Each picture is there once for each colour it is under; a damaged one is said once."""
    writer = GltfWriter()
    uv = writer.numbers(UV, "f4")
    for image in (solids.png(solids.PICTURE), b"damaged"):
        source = writer.add("images", {"bufferView": writer.view(image)})
        for i in range(6):
            surface = {
                "baseColorTexture": {"index": writer.add("textures", {"source": source})},
                "baseColorFactor": [1, i % 2, 1, 1],
            }
            material = writer.add("materials", {"pbrMetallicRoughness": surface})
            writer.node(mesh=square(writer, material=material, attributes={"TEXCOORD_0": uv}))
    writer.scene(*range(12))
    mesh = load(writer, tmp_path)
    assert len(mesh.texture.pictures) == 2
    assert sum("a texture" in str(f) for f in mesh.findings) == 1


def test_what_trimesh_writes(tmp_path: Path) -> None:
    import trimesh
    from PIL import Image

    picture = Image.fromarray(solids.PICTURE)
    material = trimesh.visual.material.PBRMaterial(baseColorTexture=picture)
    visual = trimesh.visual.TextureVisuals(uv=UV[:, :], material=material)
    faces = [[0, 1, 2], [0, 2, 3]]
    mesh = trimesh.Trimesh(SQUARE, faces, visual=visual, process=False)
    trimesh.Scene([mesh]).export(tmp_path / "a.glb")
    loaded = load_geometry(tmp_path / "a.glb")
    # trimesh counts v upwards.
    np.testing.assert_array_equal(loaded.rgb, [RED, GREEN, WHITE, BLUE])


# Numbers


@pytest.mark.parametrize("dtype", ["u1", "u2", "i1", "i2"])
def test_quantised_numbers(tmp_path: Path, dtype: str) -> None:
    writer = GltfWriter()
    largest = np.iinfo(dtype).max
    positions = writer.numbers(SQUARE * largest, dtype, normalized=True)
    writer.scene(writer.node(mesh=square(writer, attributes={"POSITION": positions})))
    writer.document["extensionsRequired"] = ["KHR_mesh_quantization"]
    np.testing.assert_allclose(load(writer, tmp_path).points_m, UPRIGHT, atol=1e-6)


def test_numbers_that_alternate_in_one_block(tmp_path: Path) -> None:
    writer = GltfWriter()
    both = np.concatenate([SQUARE, np.full((4, 1), 7, np.float32)], axis=1)
    view = writer.view(both.tobytes())
    writer.document["bufferViews"][view]["byteStride"] = 16
    entry = {"bufferView": view, "componentType": 5126, "count": 4, "type": "VEC3"}
    positions = writer.add("accessors", entry)
    writer.scene(writer.node(mesh=square(writer, attributes={"POSITION": positions})))
    np.testing.assert_allclose(load(writer, tmp_path).points_m, UPRIGHT)


@pytest.mark.parametrize("scale", [1.0, 1e300])
def test_what_is_no_number_is_left_out(tmp_path: Path, scale: float) -> None:
    writer = GltfWriter()
    far = SQUARE.copy()
    far[2] = np.inf
    positions = writer.numbers(far, "f4")
    mesh = square(writer, attributes={"POSITION": positions})
    writer.scene(writer.node(mesh=mesh, scale=[scale, 1, 1]))
    np.testing.assert_allclose(load(writer, tmp_path).points_m[0], [0, 0, 0])


# Damage

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["accessors"][0].update(count=10**12), "1,000,000,000,000 entries cannot"),
        (lambda d: d["accessors"][0].update(count=-1), "count that is no whole number"),
        (lambda d: d["accessors"][0].update(byteOffset=8), "entries cannot stand in"),
        (lambda d: d["accessors"][0].update(type="MAT4"), "numbers of no known type"),
        (lambda d: d["accessors"][0].update(componentType=[1]), "componentType that is no"),
        (lambda d: d["accessors"][0].update(sparse={}), "sparse or compressed"),
        (lambda d: d["accessors"][0].pop("bufferView"), "sparse or compressed"),
        (lambda d: d["accessors"][0].update(bufferView=99), "entry of bufferViews"),
        (lambda d: d["accessors"][1].update(count=3), "another shape than its points"),
        (lambda d: d["bufferViews"][0].update(byteLength=10**9), "leaves its buffer"),
        (lambda d: d["bufferViews"][0].update(byteStride=4), "cannot stand in"),
        (lambda d: d["bufferViews"][0].update(buffer=1), "entry of buffers"),
        (lambda d: d["nodes"][0].update(mesh=5), "entry of meshes that is not there (got 5)"),
        (lambda d: d["nodes"][0].update(children=[0]), "a node below itself"),
        (lambda d: d["nodes"][0].update(children="a"), "no list of its nodes"),
        (lambda d: d["nodes"][0].update(children=[1]), "no list of its nodes"),
        (lambda d: d["scenes"][0].update(nodes=[0, 0]), "twice in the scene"),
        (lambda d: d["nodes"][0].update(matrix=[1, 2]), "matrix: should be 16 finite numbers"),
        (lambda d: d["nodes"][0].update(scale=[1, 2, None]), "scale: should be 3 finite numbers"),
        (lambda d: d["meshes"][0].update(primitives=None), "without a list of primitives"),
        (lambda d: d["meshes"][0]["primitives"][0].update(indices=0), "no whole numbers"),
        (lambda d: d["meshes"][0]["primitives"][0].update(material=0), "entry of materials"),
        (lambda d: d["meshes"][0]["primitives"][0].update(indices=[]), "entry of accessors"),
        (lambda d: d.update(extensionsRequired=["KHR_draco_mesh_compression"]), "KHR_draco"),
        (lambda d: d.pop("meshes"), "entry of meshes"),
        (lambda d: d.update(meshes=5), "meshes that are no list"),
        (lambda d: [d.pop("scenes"), d.update(meshes=5)], "meshes that are no list"),
        (lambda d: d.update(nodes={}), "nodes that are no list"),
        (lambda d: d.update(extensionsRequired=[["a"]]), "extension of glTF"),
    ],
)
def test_documents_that_lie(tmp_path: Path, change: Change, sentence: str) -> None:
    writer = solids.room_gltf()
    change(writer.document)
    with pytest.raises(SceneError) as caught:
        load(writer, tmp_path)
    assert sentence in str(caught.value)
    assert "a.glb" in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("https://example.org/a.bin", "never fetched"),
        ("file:///etc/passwd", "never fetched"),
        ("../../a.bin", "outside its own folder"),
        ("%2e%2e/a.bin", "outside its own folder"),
        ("/etc/passwd", "outside its own folder"),
        ("data:application/octet-stream;base64,!!", "not base64"),
        ("sub/none.bin", "does not exist"),
    ],
)
def test_buffers_come_from_the_same_folder(tmp_path: Path, uri: str, sentence: str) -> None:
    with pytest.raises(SceneError, match=sentence):
        load_geometry(solids.room_gltf().gltf(tmp_path / "a.gltf", uri))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda b: b[:-4], "cut short"),
        (lambda b: b"glTX" + b[4:], "is no .glb file"),
        (lambda b: b[:4] + b"\1" + b[5:], "not of glTF 2.0"),
        (lambda b: b[:12] + b"\xff\xff\xff\x7f" + b[16:], "a chunk leaves the file"),
        (lambda b: b[:20] + b"}" + b[21:], "is no JSON"),
        (lambda b: b"", "is no .glb file"),
    ],
)
def test_damaged_glb(tmp_path: Path, spoil: Callable[[bytes], bytes], sentence: str) -> None:
    path = solids.room_gltf().glb(tmp_path / "a.glb")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SceneError, match=sentence):
        load_geometry(path)


def many_nodes(writer: GltfWriter, count: int, **primitive: Any) -> None:
    """One mesh in many nodes."""
    mesh = writer.mesh(**primitive)
    writer.scene(*[writer.node(mesh=mesh) for _ in range(count)])


@contextmanager
def little_memory(most_mb: int = 100) -> Iterator[None]:
    """What stands inside may not take more than this, arrays counted."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most_mb << 20
    finally:
        tracemalloc.stop()


def test_many_points_are_counted_before_they_are_made(tmp_path: Path) -> None:
    writer = GltfWriter()
    positions = writer.numbers(np.zeros((70_000, 3)), "f4")
    many_nodes(writer, 1000, attributes={"POSITION": positions}, mode=0)
    with little_memory(), pytest.raises(SceneError, match="has more than 33,554,432 points"):
        load(writer, tmp_path)


@pytest.mark.parametrize("mode", [4, 5, 6])
def test_many_triangles_are_counted_before_they_are_made(tmp_path: Path, mode: int) -> None:
    writer = GltfWriter()
    positions = writer.numbers(SQUARE, "f4")
    indices = writer.numbers(np.zeros(300_000), "u1")
    many_nodes(writer, 1000, attributes={"POSITION": positions}, indices=indices, mode=mode)
    with little_memory(), pytest.raises(SceneError, match="has more than 67,108,864 triangles"):
        load(writer, tmp_path)


def test_many_nodes_are_counted_before_they_are_placed(tmp_path: Path) -> None:
    writer = solids.room_gltf()
    writer.document["nodes"] += [{}] * MAX_NODES
    with pytest.raises(SceneError, match="has more than 1,048,576 nodes"):
        load(writer, tmp_path)


def test_buffers_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file named by many buffers is still one file."""
    writer = solids.room_gltf()
    path = writer.gltf(tmp_path / "a.gltf", "room.bin")
    size = (tmp_path / "room.bin").stat().st_size
    monkeypatch.setattr(gltf_container, "MAX_WHOLE_BYTES", size)
    assert load_geometry(path).faces is not None
    buffers = writer.document["buffers"]
    buffers.append(dict(buffers[0]))
    writer.document["bufferViews"][1]["buffer"] = 1
    path.write_text(json.dumps(writer.document), encoding="utf-8")
    with pytest.raises(SceneError, match="buffers of more than"):
        load_geometry(path)
