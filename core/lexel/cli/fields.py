"""The commands that make fields of what others made, and what the doctor says of a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lexel.cli.common import (
    Json,
    Prompts,
    Quiet,
    Seed,
    UnusedDevice,
    print_json,
    print_table,
    show_progress,
)
from lexel.errors import SceneError

if TYPE_CHECKING:
    from lexel.pipelines.pack import PackedField
    from lexel.scene import Finding


def pack(
    points: Annotated[Path, typer.Argument(help="A cloud or mesh: .ply, .pcd, .obj, .glb, ...")],
    features: Annotated[Path, typer.Argument(help=".npy or .npz, one row for each point.")],
    encoder: Annotated[
        str, typer.Option(help="What made the features: ARCH/TAG of open_clip, or a weights file.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The field: NAME.lexel.")],
    sentence_features: Annotated[
        Path | None, typer.Option(help="The same from a sentence model.")
    ] = None,
    sentence_encoder: Annotated[
        str | None, typer.Option(help="Its name, such as all-mpnet-base-v2.")
    ] = None,
    prompt: Prompts = None,
    fidelity: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Mean cosine of features and codes to reach."),
    ] = 0.98,
    seed: Seed = 0,
    device: UnusedDevice = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a field of points and features that any program made (OpenScene, ConceptFusion, ...)."""
    from lexel.pipelines.pack import Sources
    from lexel.pipelines.pack import pack as make
    from lexel.pipelines.settings import Settings

    templates = tuple(prompt) if prompt else Settings.templates
    sources = Sources(points, features, encoder, templates, sentence_features, sentence_encoder)
    with show_progress(quiet or as_json) as progress:
        done = make(sources, out, fidelity=fidelity, seed=seed, progress=progress)
    if as_json:
        print_json(_packed_json(done))
    elif not quiet:
        _print_packed(done)


def _packed_json(done: PackedField) -> dict[str, Any]:
    return {
        "files": [done.path],
        "num_points": done.num_points,
        "num_codes": done.num_codes,
        "points_without_features": done.num_without,
        "closeness": {kind: asdict(found) for kind, found in done.closeness.items()},
        "target_met": done.met,
    }


def _print_packed(done: PackedField) -> None:
    rows = [("points", f"{done.num_points:,}"), ("codes", f"{done.num_codes:,}")]
    for kind, found in done.closeness.items():
        told = f"{found.mean:.4f}, {found.percentile:g} % below {found.low:.4f}"
        rows.append((f"mean cosine, {kind}", told))
    print_table(("", ""), rows)
    if not done.met:
        typer.echo(
            f"The target, {done.target.mean:.4f} and {done.target.low:.4f}, was not reached: a "
            "field has no more codes."
        )
    typer.echo(f"Wrote {done.path}")


def doctor_field(path: Path, as_json: bool, quiet: bool) -> None:
    """Tell what a field is and what is wrong with it; the exit code is 2 when it cannot be used."""
    from lexel.io.fields import diagnose_field

    with show_progress(quiet or as_json, in_bytes=True) as progress:
        diagnosis = diagnose_field(path, progress)
    if as_json:
        print_json(diagnosis.as_json())
    elif not quiet:
        print_table(("", ""), _field_rows(diagnosis.facts))
        for finding in diagnosis.findings:
            typer.echo(f"{finding.severity}: {finding}")
        if diagnosis.usable:
            typer.echo("Every file is whole, and every number is one that may stand there.")
    if not diagnosis.usable:
        raise_worst(diagnosis.findings)


def raise_worst(findings: Sequence[Finding]) -> None:
    """The first finding as an error; they come worst first."""
    worst = findings[0]
    raise SceneError(worst.what, where=worst.where, do=worst.do)


def _field_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What a field is, a line each."""
    if not facts:
        return [("kind", "field")]
    builder, encoder, sentence = facts["builder"], facts["encoder"], facts["sentence_encoder"]
    rows = [
        ("kind", f"field of {facts['name']}"),
        ("builder", f"{builder['name']} {builder['version']}"),
        ("encoder", f"{encoder['name']}/{encoder['pretrained']}, {encoder['dim']} numbers"),
        *([("sentences", f"{sentence['name']}, {sentence['dim']} numbers")] if sentence else []),
        ("points", f"{facts['num_points']:,}"),
        ("size", "{:.2f} x {:.2f} x {:.2f} m".format(*facts["size_m"])),
        ("codes", f"{facts['num_codes']:,} in {facts['codebook_bytes'] / 1e6:,.3g} MB"),
    ]
    if "bytes_of_meaning_per_point" in facts:
        rows.append(("meaning", f"{facts['bytes_of_meaning_per_point']} bytes a point"))
    for thing in ("instances", "phrases", "views"):
        if f"num_{thing}" in facts:
            rows.append((thing, f"{facts[f'num_{thing}']:,}"))
    for layer in facts["layers"]:
        low, high = layer["range"]
        rows.append(("layer", f"{layer['name']}, scores {low:.2f} to {high:.2f}"))
    return rows
