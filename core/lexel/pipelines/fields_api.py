"""Lexel's face in Python for fields: from a path to a field in one call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lexel.io.check_words import check_labels
from lexel.io.fields import check_field_path
from lexel.io.geometry_files import load_geometry
from lexel.io.geometry_folder import find_geometry, words_beside
from lexel.io.notes import Notes
from lexel.io.photo import SUFFIXES as PHOTO_SUFFIXES
from lexel.io.photo import load_photo
from lexel.io.readers import open_recording
from lexel.io.stored import open_result
from lexel.pipelines import build as building
from lexel.pipelines.api import Models
from lexel.pipelines.build import DEFAULT_VOXEL_SIZE_M, BuildReport, BuildSettings
from lexel.pipelines.build_models import (
    ReadingOptions,
    load_sentences,
    make_reader,
    make_vocabulary,
)
from lexel.pipelines.own_views import views_of_geometry, views_of_photo
from lexel.pipelines.posed_views import PosedViews, pose_views
from lexel.pipelines.settings import Settings
from lexel.progress import Progress, Silent

PHOTO_VOXEL_SIZE_M = 0.005


def build(
    scene: str | Path,
    out: str | Path,
    *,
    models: Models | None = None,
    reading: ReadingOptions | None = None,
    settings: BuildSettings | None = None,
    templates: tuple[str, ...] | None = None,
    labels: Sequence[str] | None = None,
    sentences: str | None = None,
    results: Sequence[str | Path] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the field `out` of a scene.

    Args:
        scene: a recording of posed RGB-D views; or a mesh, a cloud or a photo.
        out: the field, a folder whose name ends in `.lexel`.
        models: which image-text model reads the views.
        reading, settings: how.
        templates: prompt templates of the field's phrases, each with one `{}`.
        labels: things that may be named so, instead of the scene's own.
        sentences: name of the sentence model of the field's other half; the embedded encoder has
            one of its own.
        results: folders of `complete` and `locate` for the same scene, whose voxels come in too.
        seed: of untrained weights.
        progress: told of every step; may cancel. What is done is kept, and gone on with.

    Raises:
        InputError: with what is wrong and what to do.
    """
    progress, reading = progress or Silent(), reading or ReadingOptions()
    check_field_path(Path(out))
    opened = [open_result(Path(folder)) for folder in results]
    prompts = Settings(templates=templates or Settings().templates).templates
    views = open_views(Path(scene), progress)
    recording = views.recording
    own = recording.labels if labels is None else list(labels)
    names = check_labels(own, f"{scene}, labels", Notes(progress))
    encoder = (models or Models()).knowing(recording.synthetic).load_encoder(seed, progress)
    reader = make_reader(encoder, reading, recording.num_views)
    sentence = load_sentences(encoder, sentences, str(encoder.device))
    vocabulary = make_vocabulary(encoder, prompts, names, sentence, progress)
    how = settings or BuildSettings(default_voxel_size_m(Path(scene)))
    return building.build(views, reader, vocabulary, how, Path(out), opened, progress)


def default_voxel_size_m(scene: Path) -> float:
    """A photo is a metre wide and wants its details."""
    return PHOTO_VOXEL_SIZE_M if is_photo(scene) else DEFAULT_VOXEL_SIZE_M


def is_photo(scene: Path) -> bool:
    """Whether it is colour without depth, by its name."""
    return scene.suffix.lower() in PHOTO_SUFFIXES


def open_views(scene: Path, progress: Progress) -> PosedViews:
    """The views of a recording; Lexel's own of a mesh, a cloud or a photo, which have none.

    Raises:
        SceneError: with what is wrong and what to do.
    """
    if file := find_geometry(scene):
        geometry = load_geometry(file, progress=progress)
        return views_of_geometry(geometry, file, words_beside(file), progress)
    if is_photo(scene):
        return views_of_photo(load_photo(scene), scene, progress)
    return pose_views(open_recording(scene), progress)
