"""What the commands say of fields."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lexel.cli.common import print_json, print_table, show_progress
from lexel.errors import SceneError

if TYPE_CHECKING:
    from lexel.scene import Finding


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
