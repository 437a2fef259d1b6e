"""The commands that read scenes: doctor, relevancy, complete, locate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lexel.cli.common import (
    Approach,
    Compat,
    Device,
    Encoder,
    Json,
    Out,
    Preset,
    Prompts,
    Quiet,
    Seed,
    UnusedDevice,
    UnusedSeed,
    ViewIndex,
    Weights,
    print_json,
    print_table,
    show_progress,
)
from lexel.cli.fields import doctor_field, raise_worst
from lexel.errors import InputError

if TYPE_CHECKING:
    from lexel.io import Diagnosis
    from lexel.pipelines.settings import Settings
    from lexel.progress import Progress
    from lexel.scene import Answer, AnswerKind, Scene

# Longest side of the maps in a picture.
_PICTURE_PX = 512

SceneArgument = Annotated[
    Path, typer.Argument(help="Scene .pkl, Record3D .r3d, RGB-D folder, or scene.npz folder.")
]
ScanOrField = Annotated[Path, typer.Argument(help="What the other commands take, or a field.")]
Labels = Annotated[str | None, typer.Option(help='Labels, separated by ";".', metavar='"a; b"')]


def doctor(
    scene: ScanOrField,
    view: ViewIndex = 0,
    as_json: Json = False,
    quiet: Quiet = False,
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """Tell what a scan is, what is wrong with it, and what completing it will cost.

    Of a field: what it is, and whether every file, number and sum in it is right.
    """
    from lexel.io import diagnose
    from lexel.io.fields import is_field
    from lexel.pipelines.cost import completion_cost

    if is_field(scene):
        doctor_field(scene, as_json, quiet)
        return
    diagnosis = diagnose(scene, view, estimate=completion_cost)
    if as_json:
        print_json(diagnosis.as_json())
    elif not quiet:
        print_table(("", ""), _diagnosis_rows(diagnosis))
        for finding in diagnosis.findings:
            typer.echo(f"{finding.severity}: {finding}")
    if not diagnosis.usable:
        raise_worst(diagnosis.findings)


def relevancy(
    image: Annotated[Path, typer.Argument(help="Any photograph, or a scene.")],
    labels: Annotated[str, typer.Option(help='Labels, separated by ";".', metavar='"a; b"')],
    out: Out = Path("out"),
    prompt: Prompts = None,
    preset: Preset = None,
    encoder: Encoder = None,
    weights: Annotated[
        str | None,
        typer.Option(
            help="embedded: the package's own encoder; untrained: a random one.",
            metavar="embedded|untrained",
        ),
    ] = None,
    compat: Compat = None,
    view: ViewIndex = 0,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show which pixels of a photograph explain each label: relevancies.npz and .png."""
    from lexel.io.relevancies import save_relevancies
    from lexel.io.results import check_writable
    from lexel.pipelines import api
    from lexel.pipelines.photo import open_image
    from lexel.query.parse import split_labels
    from lexel.render.relevancy_picture import write_relevancies

    settings = _settings(preset, prompt, seed, compat)
    if weights not in (None, "embedded", "untrained"):
        raise InputError(
            "no 3D network is asked here", where="--weights", got=weights, do="Say --encoder PATH."
        )
    models = api.Models(encoder, weights, device=device)
    npz, png = out / "relevancies.npz", out / "relevancies.png"
    with show_progress(quiet or as_json) as progress:
        check_writable(out)
        rgb, synthetic = open_image(image, view, settings, progress)
        names, models = split_labels(labels), models.knowing(synthetic)
        result = api.explain_image(rgb, names, models=models, settings=settings, progress=progress)
        maps, mean = result.maps.numpy(), result.mean.numpy()
        save_relevancies(npz, result.phrases, maps, mean, result.provenance)
        write_relevancies(
            png,
            result.phrases,
            result.contrasted(_PICTURE_PX).numpy(),
            rgb,
            meaningless=result.meaningless,
            progress=progress,
        )
    peaks = {phrase: float(result.map(phrase).max()) for phrase in result.phrases}
    if as_json:
        print_json({"files": [npz, png], "highest": peaks, "provenance": result.provenance})
        return
    print_table(("label", "highest relevancy"), [(p, f"{v:.4f}") for p, v in peaks.items()])
    _say_what_was_used(result.provenance)
    typer.echo(f"Wrote {npz} and {png}")


def complete(
    scene: SceneArgument,
    labels: Labels = None,
    out: Out = Path("out"),
    cutoff: Annotated[
        float | None,
        typer.Option(
            help="Places whose logits are all below are empty.", show_default="the network's"
        ),
    ] = None,
    prompt: Prompts = None,
    preset: Preset = None,
    encoder: Encoder = None,
    weights: Weights = None,
    approach: Approach = "ours",
    compat: Compat = None,
    view: ViewIndex = 0,
    film: Annotated[bool, typer.Option(help="Draw completion.mp4.")] = True,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Complete a room from one RGB-D view: a mesh for every label, seen and unseen."""
    from lexel.pipelines import api
    from lexel.query.parse import split_labels
    from lexel.scene import AnswerKind

    settings = _settings(preset, prompt, seed, compat)
    models = api.Models(encoder, weights, approach, device)
    with show_progress(quiet or as_json) as progress:
        opened = _open(scene, view, settings, progress)
        _check_out(out, opened, AnswerKind.COMPLETION)
        names = None if labels is None else split_labels(labels)
        answer = api.complete(
            opened, names, models=models, settings=settings, cutoff=cutoff, progress=progress
        )
        files = write_files(answer, out, film, progress)
    _report(answer, files, as_json)


def locate(
    scene: SceneArgument,
    descriptions: Annotated[
        list[str] | None, typer.Argument(help='Such as "the mug behind the laptop".')
    ] = None,
    out: Out = Path("out"),
    prompt: Prompts = None,
    preset: Preset = None,
    encoder: Encoder = None,
    weights: Weights = None,
    approach: Approach = "ours",
    compat: Compat = None,
    view: ViewIndex = 0,
    film: Annotated[bool, typer.Option(help="Draw localisation.mp4.")] = True,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find described things, hidden ones too: a cloud of likely places for every description."""
    from lexel.pipelines import api
    from lexel.scene import AnswerKind

    settings = _settings(preset, prompt, seed, compat)
    models = api.Models(encoder, weights, approach, device)
    with show_progress(quiet or as_json) as progress:
        opened = _open(scene, view, settings, progress)
        _check_out(out, opened, AnswerKind.LOCALISATION)
        answer = api.locate(
            opened, descriptions or None, models=models, settings=settings, progress=progress
        )
        files = write_files(answer, out, film, progress)
    _report(answer, files, as_json)


def _say_what_was_used(provenance: Mapping[str, Any]) -> None:
    encoder, network = provenance["encoder"], provenance.get("network")
    used = [f"encoder {encoder['name']}/{encoder['pretrained']}"]
    if network:
        used.append(f"network {network['class']} ({network['weights']})")
    used += [f"preset {provenance['preset']}", f"seed {provenance['seed']}"]
    used += [f'prompt "{prompt}"' for prompt in provenance["prompts"]]
    typer.echo(f"Used: {', '.join(used)}")


def _diagnosis_rows(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """What is known of a scan, a line each."""
    from lexel.pipelines.cost import build_cost

    rows = [("kind", diagnosis.kind or "unknown")]
    if diagnosis.num_views is not None:
        rows.append(("views", str(diagnosis.num_views)))
    rows += _geometry_rows(diagnosis)
    if diagnosis.size_px:
        rows.append(("image", "{}x{} pixels".format(*diagnosis.size_px)))
    if diagnosis.depth_range_m:
        rows.append(("depth", "{:.2f} to {:.2f} m".format(*diagnosis.depth_range_m)))
    if diagnosis.share_valid is not None:
        rows.append(("pixels with depth", f"{diagnosis.share_valid:.1%}"))
    if diagnosis.share_in_box is not None:
        rows.append(("points in the 2 m box as they come", f"{diagnosis.share_in_box:.1%}"))
    if diagnosis.scale is not None and diagnosis.scale < 1:
        rows.append(("scaled for the box by", f"{diagnosis.scale:.2f}"))
    rows += [("label", label) for label in diagnosis.labels]
    rows += [("description", text) for text in diagnosis.descriptions]
    if diagnosis.cost:
        cost = f"about {diagnosis.cost.minutes:.0f} min, {diagnosis.cost.memory_gb:.1f} GB"
        rows.append(("completing it on two cores", cost))
    if diagnosis.num_views and diagnosis.size_px:
        building = build_cost(diagnosis.num_views, diagnosis.size_px)
        cost = f"about {building.minutes:.0f} min, {building.memory_gb:.1f} GB"
        rows.append(("building a field of it", cost))
    return rows


def _geometry_rows(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """The same of a mesh or cloud."""
    if diagnosis.num_points is None or diagnosis.extent_m is None:
        return []
    rows = [("points", f"{diagnosis.num_points:,}")]
    if diagnosis.num_faces:
        rows.append(("triangles", f"{diagnosis.num_faces:,}"))
    return [*rows, ("size", "{:.2f} x {:.2f} x {:.2f} m".format(*diagnosis.extent_m))]


def _settings(
    preset: str | None, prompts: list[str] | None, seed: int, compat: str | None
) -> Settings:
    from lexel.pipelines.settings import Settings
    from lexel.relevancy.presets import get_preset

    if compat not in (None, "reference"):
        raise InputError(
            "--compat knows one way", got=compat, do="Give reference, or leave it out."
        )
    if preset:
        get_preset(preset)  # a wrong name should not wait for the models
    templates = tuple(prompts) if prompts else Settings.templates
    return Settings(preset, templates, seed, reference=compat is not None)


def _open(path: Path, view: int, settings: Settings, progress: Progress) -> Scene:
    from lexel.io import load_scene

    return load_scene(path, view=view, compat=settings.compat, progress=progress)


def _check_out(out: Path, scene: Scene, kind: AnswerKind) -> None:
    """Minutes of computing should not end at a folder that must not be written."""
    from lexel.io.placing import valid_points
    from lexel.io.results import check_out

    check_out(out, scene.name, kind, scene.world_from_source, valid_points(scene.view))


def write_files(answer: Answer, out: Path, film: bool, progress: Progress) -> list[Path]:
    from lexel.io.results import write_answer
    from lexel.render.relevancy_picture import write_relevancies
    from lexel.render.turntable import write_turntable

    folder = write_answer(answer, out, progress)
    picture = out / "relevancies.png"
    write_relevancies(
        picture,
        answer.relevancy_labels,
        answer.relevancies,
        answer.rgb,
        meaningless=answer.meaningless,
        progress=progress,
    )
    movie = out / f"{answer.kind.value}.mp4"
    movie.unlink(missing_ok=True)  # an older run's film would lie beside new results
    if not film:
        return [folder, picture]
    write_turntable(answer, movie, progress=progress)
    return [folder, picture, movie]


def _report(answer: Answer, files: list[Path], as_json: bool) -> None:
    from lexel.io.report import answer_summary, summary_text

    if as_json:
        provenance = dict(answer.provenance)
        print_json({**answer_summary(answer), "files": files, "provenance": provenance})
        return
    typer.echo(summary_text(answer))
    _say_what_was_used(answer.provenance)
    for file in files:
        typer.echo(f"Wrote {file}")
