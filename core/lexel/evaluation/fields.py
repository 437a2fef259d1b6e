"""How well a field's meaning fits the truth: classes of points on scans that were rendered.

Each way of bringing views together labels the same points by the nearest class text:

    lexel         superpoints, views by quality, smoothed
    no smoothing  the same, as the views have it
    plain mean    every point the plain mean of what each view says at its pixel
    single view   every point what the one view says that sees it best
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from lexel.encoders.clip import ClipEncoder
from lexel.encoders.phrases import ClipPhrases
from lexel.errors import SceneError
from lexel.evaluation.segmentation import Scores, score_classes
from lexel.fields.reading import ViewReader
from lexel.fields.visibility import see_points
from lexel.geometry.surface_points import SurfacePoints
from lexel.geometry.vectors import unit_rows
from lexel.io.json_files import read_json_object
from lexel.io.readers import open_recording
from lexel.io.zips import BROKEN_ZIP
from lexel.pipelines.build import BuildSettings, fuse_meaning
from lexel.pipelines.build_content import Fused
from lexel.pipelines.build_geometry import fuse_depth
from lexel.pipelines.build_meaning import Readings, choose_views, read_views
from lexel.pipelines.build_models import ReadingOptions, make_reader
from lexel.pipelines.posed_views import PosedViews, pose_views
from lexel.pipelines.workshop import Workshop
from lexel.progress import Progress

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

ROOM = "room"
ROOM_TEXTS = ("wall", "floor", "ceiling")
_MOST_POINTS = 40_000
WAYS = ("lexel", "no smoothing", "plain mean", "single view")


@dataclass(frozen=True, eq=False)
class ScanTruth:
    """What a rendered scan shows.

    Attributes:
        instance: (V, H, W) uint8, id of the object in each pixel; 0 the room.
        classes: names, `ROOM` first.
        class_of: (256,) int32, class of each id.
    """

    instance: npt.NDArray[np.uint8]
    classes: tuple[str, ...]
    class_of: Ints


def load_scan_truth(folder: Path) -> ScanTruth:
    """The truth beside a scan of the synthetic world (`truth/`).

    Raises:
        SceneError: there is none.
    """
    try:
        told = read_json_object(folder / "truth" / "truth.json")
        # Opened here: of a damaged file numpy would leave its own handle open.
        with (folder / "truth" / "truth.npz").open("rb") as file:
            instance = np.load(file, allow_pickle=False)["instance"]
        named = {int(thing["id"]): str(thing["class"]) for thing in told["objects"]}
    except (*BROKEN_ZIP, SceneError, TypeError) as cause:
        raise SceneError(
            "has no truth to measure by",
            where=folder,
            got=cause,
            do="Use a scan of the synthetic world: sample_scenes/scan, or lexel world samples.",
        ) from cause
    classes = (ROOM, *sorted(set(named.values())))
    class_of = np.zeros(256, np.int32)
    for number, name in named.items():
        class_of[number] = classes.index(name)
    return ScanTruth(instance, classes, class_of)


def texts_of(classes: Sequence[str]) -> tuple[list[str], Ints]:
    """Texts to ask with, and the class each stands for: the room goes by its surfaces."""
    pairs = [
        (text, number)
        for number, name in enumerate(classes)
        for text in (ROOM_TEXTS if name == ROOM else (name,))
    ]
    return [text for text, _ in pairs], np.array([number for _, number in pairs], np.int32)


@dataclass(frozen=True)
class MeanScores:
    """Means over scans of class mIoU, plain and weighted by frequency."""

    scans: int
    miou: float
    fwiou: float


@dataclass(frozen=True, eq=False)
class ClassTexts:
    """Unit vectors (T, D) of texts, and the class (T,) each stands for."""

    vectors: Floats
    class_of: Ints

    def classify(self, features: Floats) -> Ints:
        """(N,) class of the nearest text; -1 for rows of zeros."""
        nearest = self.class_of[(features @ self.vectors.T).argmax(axis=1)]
        return np.where(features.any(axis=1), nearest, -1).astype(np.int32)


def measure_scan(
    views: PosedViews,
    truth: ScanTruth,
    reader: ViewReader,
    texts: ClassTexts,
    settings: BuildSettings,
    progress: Progress,
) -> dict[str, Scores]:
    """Scores of each of `WAYS` on one scan."""
    with TemporaryDirectory() as scratch:
        workshop = Workshop(Path(scratch) / "field", {}, progress)
        points = fuse_depth(views, settings.voxel_size_m, workshop, progress)
        chosen = choose_views(len(views), settings.most_views)
        readings = read_views(views, reader, chosen, workshop, progress)
        dim = texts.vectors.shape[1]
        fused = fuse_meaning(readings, points, dim, settings, progress)
        at = _some_points(len(points))
        some = points[at]
        true = true_classes(some.xyz_m, some.normal, views, truth, settings.voxel_size_m)
        features = {**_ours(fused, at), **_plain(readings, some, settings, dim)}
    return {
        way: score_classes(texts.classify(features[way]), true, len(truth.classes)) for way in WAYS
    }


def measure_scans(
    folders: Sequence[Path],
    encoder: ClipEncoder,
    options: ReadingOptions,
    templates: tuple[str, ...],
    settings: BuildSettings,
    progress: Progress,
) -> dict[str, MeanScores]:
    """The mean over scans of the scores of each of `WAYS`."""
    measured = []
    for folder in folders:
        truth = load_scan_truth(folder)
        names, class_of = texts_of(truth.classes)
        texts = ClassTexts(ClipPhrases(encoder, templates).encode(names), class_of)
        reader = make_reader(encoder, options, len(truth.instance))
        views = pose_views(open_recording(folder), progress)
        measured.append(measure_scan(views, truth, reader, texts, settings, progress))
    return {
        way: MeanScores(
            scans=len(measured),
            miou=float(np.mean([scores[way].miou for scores in measured])),
            fwiou=float(np.mean([scores[way].fwiou for scores in measured])),
        )
        for way in WAYS
    }


def true_classes(
    xyz_m: Floats, normal: Floats, views: PosedViews, truth: ScanTruth, voxel_size_m: float
) -> Ints:
    """(N,) class that most views show at each point, by weight; -1 where none sees it.

    Args:
        xyz_m, normal: (N, 3) float32, world frame.
    """
    votes = np.zeros((len(xyz_m), len(truth.classes)), np.float32)
    for index in range(len(views)):
        if (view := views.get(index)) is not None:
            seen = see_points(view, xyz_m, normal, voxel_size_m)
            shown = truth.class_of[truth.instance[index].reshape(-1)[seen.pixel]]
            votes[seen.index, shown] += seen.weight
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1).astype(np.int32)


def _ours(fused: Fused, at: npt.NDArray[np.int64]) -> dict[str, Floats]:
    piece = fused.pieces.of_point[at]
    return {"lexel": fused.pieces.meaning[piece], "no smoothing": fused.pieces.seen[piece]}


def _plain(
    readings: Readings,
    points: SurfacePoints,
    settings: BuildSettings,
    dim: int,
) -> dict[str, Floats]:
    """What others do: the mean of the views at each point's pixel, and the best single view."""
    total, single = np.zeros((2, len(points), dim), np.float32)
    best = np.zeros(len(points), np.float32)
    for index in readings.chosen:
        read, view = readings.get(index), readings.views.get(index)
        if read is None or view is None:
            continue
        seen = see_points(view, points.xyz_m, points.normal, settings.voxel_size_m)
        region = read.regions.label.reshape(-1)[seen.pixel]
        inside = region >= 0
        where, said = seen.index[inside], read.feature[region[inside]]
        total[where] += said
        better = seen.weight[inside] > best[where]
        single[where[better]] = said[better]
        best[where[better]] = seen.weight[inside][better]
    return {"plain mean": unit_rows(total), "single view": single}


def _some_points(count: int) -> npt.NDArray[np.int64]:
    return np.arange(0, count, max(1, -(-count // _MOST_POINTS)))
