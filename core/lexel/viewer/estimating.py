"""What making something askable will take, told before it is begun."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lexel.fields.rendered_views import SIZE_PX
from lexel.io.fields.layout import SUFFIX
from lexel.io.geometry_folder import words_beside
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.io.readers import open_recording
from lexel.io.samples import sample_scenes
from lexel.pipelines.build import workshop_of
from lexel.pipelines.cost import build_cost
from lexel.viewer.folders import Folders
from lexel.viewer.opening import Kind, Opening
from lexel.viewer.samples import sample_field

_SHORT_MIN = 1.5
_OWN_VIEWS = 45  # about as many as Lexel takes of a mesh or cloud


@dataclass(frozen=True)
class BuildPlan:
    """A field that could be made.

    Attributes:
        source: what it is made of.
        out: where it will lie.
        views, minutes, memory_gb: about what it takes.
        begun: whether an earlier build was stopped, and will be gone on with.
        there: whether the field is there already.
    """

    source: Path
    out: Path
    views: int
    minutes: float
    memory_gb: float
    begun: bool
    there: bool


def plan_build(opening: Opening, folders: Folders, weights: str | None) -> BuildPlan:
    """What it takes to make a field of a recording, mesh or cloud.

    Args:
        weights: which ones will read the views, as `lexel.Models` has them.

    Raises:
        InputError: it cannot be read.
    """
    views, size_px, synthetic = _views(opening)
    cost = build_cost(views, size_px, embedded=weights == "embedded" or (synthetic and not weights))
    source = opening.path
    name = source.parent.name if source.is_file() and words_beside(source).name else opening.name
    out = _place_for(_whole(opening), f"{name}{SUFFIX}", folders)
    return BuildPlan(
        source,
        out,
        views,
        cost.minutes,
        cost.memory_gb,
        begun=workshop_of(out).is_dir(),
        there=(out / "field.json").is_file(),
    )


def in_a_sentence(plan: BuildPlan) -> str:
    """The plan for people."""
    minutes = f"about {plan.minutes:.0f} min"
    if plan.minutes < _SHORT_MIN:
        minutes = "about a minute" if plan.minutes > _SHORT_MIN / 3 else "less than half a minute"
    begun = " It goes on where it was stopped." if plan.begun else ""
    views = "one view" if plan.views == 1 else f"{plan.views} views"
    return f"{minutes}, {plan.memory_gb:.1f} GB of memory, {views}.{begun}"


def _place_for(scene: Path, name: str, folders: Folders) -> Path:
    """Beside the scene; what comes with Lexel is not the user's place."""
    if scene.resolve().parent == sample_scenes():
        return sample_field().with_name(name)
    return folders.place_for(scene, name)


def _views(opening: Opening) -> tuple[int, tuple[int, int], bool]:
    if opening.kind is Kind.GEOMETRY:
        return _OWN_VIEWS, SIZE_PX, words_beside(opening.path).synthetic
    recording = open_recording(opening.path)
    view = normalise(recording.read_view(0), Notes())
    return recording.num_views, (view.width_px, view.height_px), recording.synthetic


def _whole(opening: Opening) -> Path:
    """The folder that is the scene, where there is one around its file."""
    path = opening.path
    return path.parent if path.is_file() and words_beside(path).name else path
