"""`lexel build`: a field from posed RGB-D."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import (
    Device,
    Encoder,
    Json,
    Prompts,
    Quiet,
    Seed,
    print_json,
    print_table,
    show_progress,
)
from lexel.errors import InputError

if TYPE_CHECKING:
    from lexel.fields.clip_regions import CropWeights
    from lexel.pipelines.build import BuildReport
    from lexel.pipelines.build_models import ReadingOptions
    from lexel.progress import Progress

FieldOut = Annotated[
    Path, typer.Option("--out", "-o", help="Field to write, NAME.lexel.", file_okay=False)
]
Features = Annotated[
    str,
    typer.Option(help="regions: encode every region's crops. patches: a few passes a view."),
]
Merge = Annotated[
    str,
    typer.Option(help="Weights of a region's crop, its surroundings, the whole image."),
]
RegionMethod = Annotated[
    str, typer.Option("--regions", help="How views are cut: felzenszwalb, slic.")
]


def build(
    scene: Annotated[
        Path, typer.Argument(help="Recording of posed RGB-D views, mesh, cloud or photo.")
    ],
    out: FieldOut,
    voxel_size: Annotated[
        float | None,
        typer.Option(help="Metres between points, about.", show_default="0.02; photos 0.005"),
    ] = None,
    views: Annotated[
        int | None, typer.Option(min=1, help="Views to read, spread evenly.", show_default="all")
    ] = None,
    features: Features = "regions",
    merge: Merge = "0.7,0.25,0.05",
    regions: RegionMethod = "felzenszwalb",
    masks: Annotated[
        Path | None, typer.Option(help="Your masks: NAME/refined_mask.npz for each view.")
    ] = None,
    boxes: Annotated[
        Path | None, typer.Option(help="A detector's boxes: NAME.json for each view.")
    ] = None,
    sam: Annotated[
        Path | None, typer.Option(help="Weights of Segment Anything.", dir_okay=False)
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(help="Names to use first; a photo is also drawn with them.", metavar='"a; b"'),
    ] = None,
    results: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of lexel complete or locate for the same scene; repeatable."),
    ] = None,
    sentences: Annotated[
        str | None,
        typer.Option(help="Sentence model of the other half.", show_default="the encoder's own"),
    ] = None,
    prompt: Prompts = None,
    encoder: Encoder = None,
    weights: Annotated[
        str | None, typer.Option(help="embedded, untrained.", show_default="published")
    ] = None,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a field: points whose meaning can be searched with words.

    Stopped or killed, it goes on where it was when called again.
    """
    from lexel.pipelines import fields_api
    from lexel.pipelines.api import Models
    from lexel.pipelines.build import BuildSettings

    models = Models(encoder, weights, device=device)
    names = None if labels is None else split_names(labels)
    with show_progress(quiet or as_json) as progress:
        report = fields_api.build(
            scene,
            out,
            models=models,
            reading=reading_options(features, merge, regions, masks, boxes, sam),
            settings=BuildSettings(
                voxel_size_m=fields_api.default_voxel_size_m(scene)
                if voxel_size is None
                else voxel_size,
                most_views=views,
            ),
            templates=tuple(prompt) if prompt else None,
            labels=names,
            sentences=sentences,
            results=results or (),
            seed=seed,
            progress=progress,
        )
        files = [report.path]
        if names and fields_api.is_photo(scene):
            files.append(_draw_photo(scene, report.path, names, device, progress))
    _report(report, files, as_json)


def split_names(text: str) -> list[str]:
    """Labels separated by `;` or lines as everywhere; by commas where there is neither."""
    from lexel.query.parse import split_labels

    return split_labels(text if ";" in text or "\n" in text else text.replace(",", ";"))


def _draw_photo(
    photo: Path, field: Path, names: list[str], device: str, progress: Progress
) -> Path:
    """The photo coloured by what its regions are called, beside its field."""
    from lexel.io.fields import open_field
    from lexel.io.photo import load_photo
    from lexel.pipelines.photo_labels import label_photo
    from lexel.render.label_picture import write_label_picture
    from lexel.scene.palette import label_colours

    rgb = load_photo(photo)
    height, width = rgb.shape[:2]
    label = label_photo(open_field(field), (height, width), names, device, progress)
    picture = field.with_suffix(".png")
    return write_label_picture(picture, rgb, label, names, label_colours(len(names)))


def reading_options(
    features: str,
    merge: str,
    regions: str,
    masks: Path | None = None,
    boxes: Path | None = None,
    sam: Path | None = None,
) -> ReadingOptions:
    """What the options say of reading views."""
    from lexel.fields.regions import RegionSettings
    from lexel.pipelines.build_models import ReadingOptions

    settings = RegionSettings(method=regions)  # type: ignore[arg-type]  # it checks the word
    return ReadingOptions(features, _weights(merge), settings, masks, boxes, sam)  # type: ignore[arg-type]


def _weights(text: str) -> CropWeights:
    from lexel.fields.clip_regions import CropWeights

    try:
        crop, context, image = map(float, text.split(","))
    except ValueError as cause:
        raise InputError(
            "should be three numbers", where="--merge", got=text, do="For example 0.7,0.25,0.05."
        ) from cause
    return CropWeights(crop, context, image)


def _report(report: BuildReport, files: list[Path], as_json: bool) -> None:
    if as_json:
        print_json({**asdict(report), "files": files})
        return
    told = report.fidelity
    rows = [
        ("points", f"{report.num_points:,}"),
        ("codes", f"{report.num_codes:,}"),
        ("objects", f"{report.num_objects:,}"),
        ("views read", str(report.views)),
        ("cosine of codes with dense features", f"{told.cosine:.3f}"),
        ("the same before smoothing", f"{told.part_cosine:.3f}"),
        ("average precision by object, dense", f"{told.ap_dense:.3f}"),
        ("average precision by object, codes", f"{told.ap_codes:.3f}"),
        ("smallest tenth, dense", f"{told.ap_dense_small:.3f}"),
        ("smallest tenth, codes", f"{told.ap_codes_small:.3f}"),
        ("best hundredth shared with dense", f"{told.overlap:.3f}"),
    ]
    print_table(("", ""), rows)
    typer.echo(f"Used: encoder {report.encoder}")
    for file in files:
        typer.echo(f"Wrote {file}")
