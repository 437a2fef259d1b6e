"""Views of the synthetic world's rooms, and what is known about them, as plain frozen values.

Thousands are kept in memory: truth is packed, colour is left out unless asked for, and
relevancies stay in half precision.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

CELLS = 64  # of the truth, along each axis of the box


@dataclass(frozen=True)
class RoomObject:
    """An object of a room: `label` names it, `pixels` show it, `cells` of the truth are its own.

    `name` is its class, `colour` the name of its main surface's colour.
    """

    id: int
    name: str
    label: str
    pixels: int
    cells: int
    novel: bool
    colour: str


@dataclass(frozen=True)
class RoomDescription:
    """An object said to be in `relation` to another; both by their ids and labels."""

    target: int
    relation: str
    reference: int
    target_label: str
    reference_label: str

    @property
    def sentence(self) -> str:
        return f"the {self.target_label} {self.relation} the {self.reference_label}"


@dataclass(frozen=True, eq=False)
class StoredRelevancies:
    """Relevancies of a view by one encoder.

    Attributes:
        phrases: L of them.
        maps: [L, h, w] float16, relevancy as the extractor gives it.
        mean: [h, w] float16, over the view's labels and their company.
        scale: their size, as `relevancy.scale` has it.
        features: [L, D] float16, the phrases' text features.
    """

    phrases: tuple[str, ...]
    maps: npt.NDArray[np.float16]
    mean: npt.NDArray[np.float16]
    scale: float
    features: npt.NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class RoomView:
    """A view of a room and the truth about it.

    Attributes:
        where: file and number, for messages.
        room, kind: the room's name, unique in the world, and what kind of room it is.
        depth_mm: [H, W] uint16, 0 where there is none.
        intrinsics: [3, 3], pixel centres at +0.5.
        box_from_camera: [4, 4] similarity, camera metres to the networks' box.
        objects, descriptions: all of them, hidden ones too.
        rgb: [H, W, 3] uint8, when it was asked for.
        relevancies: by the name of their source.
    """

    where: str
    room: str
    kind: str
    depth_mm: npt.NDArray[np.uint16]
    intrinsics: npt.NDArray[np.float64]
    box_from_camera: npt.NDArray[np.float64]
    objects: tuple[RoomObject, ...]
    descriptions: tuple[RoomDescription, ...]
    rgb: npt.NDArray[np.uint8] | None
    packed_truth: bytes = field(repr=False)
    relevancies: Mapping[str, StoredRelevancies] = field(default_factory=dict)

    def truth(self) -> npt.NDArray[np.uint8]:
        """[64, 64, 64] id of the object in each cell of the box; 0 for none."""
        flat = np.frombuffer(zlib.decompress(self.packed_truth), np.uint8)
        return flat.reshape(CELLS, CELLS, CELLS)


@dataclass(frozen=True, eq=False)
class RoomPhotograph:
    """What an image-text model, or an oracle, reads of a view.

    Attributes:
        room: the room's name, unique in the world.
        rgb: [H, W, 3] uint8.
        instance: [H, W] uint8, ids of objects; 0 for the room.
        objects, descriptions: as in `RoomView`.
    """

    room: str
    rgb: npt.NDArray[np.uint8]
    instance: npt.NDArray[np.uint8]
    objects: tuple[RoomObject, ...]
    descriptions: tuple[RoomDescription, ...]


@dataclass(frozen=True, eq=False)
class RoomDataset:
    """The views of one split."""

    split: str
    views: tuple[RoomView, ...]
