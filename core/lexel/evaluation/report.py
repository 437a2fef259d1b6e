"""`docs/results.md`: every table of the measured weights in one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lexel.errors import InputError
from lexel.evaluation.results import read_results
from lexel.evaluation.summary import TUNING_METRIC, as_markdown, summarize
from lexel.io.json_files import read_json_object

HIDDEN_METRIC = f"unseen_{TUNING_METRIC}"
_HEAD = """# Results

Written by `lexel summarize --report`: no number here was typed. What is measured, and how:
[training.md](training.md). Intervals are of 95 %, over rooms.
"""
_COMPLETION = {
    "Completion": TUNING_METRIC,
    "Completion of what the camera does not see": HIDDEN_METRIC,
}
_LOCALISATION = {"Localisation": TUNING_METRIC}


def write_report(
    results: Sequence[Path], sights: Sequence[Path], *, draws: int = 1000, seed: int = 0
) -> str:
    """The document.

    Args:
        results: of `lexel eval ovssc` and `vool`.
        sights: JSON of `lexel eval sight`.
        draws, seed: see `summarize`.

    Raises:
        InputError: a file is none of these, or an approach was not measured on validation rooms.
    """
    parts = [_HEAD]
    parts += [_sight(read_json_object(file), file) for file in sights]
    locating = [file for file in results if read_results([file], TUNING_METRIC).localises]
    completing = [file for file in results if file not in locating]
    for files, tables in ((completing, _COMPLETION), (locating, _LOCALISATION)):
        for title, metric in tables.items() if files else ():
            measured, tuned = (read_results(files, m) for m in (metric, TUNING_METRIC))
            rows = summarize(measured, tuned, draws=draws, seed=seed)
            parts.append(f"## {title}\n\n{as_markdown(rows, metric)}")
    return "\n".join(parts)


def _sight(told: Mapping[str, Any], file: Path) -> str:
    """A section for one image-text model."""
    try:
        name = told["reading"]["encoder"]["name"]
        lines = [
            f"| {r['set']} | {r['measure']} | {r['value']:.1f} ({r['low']:.1f}–{r['high']:.1f}) | "
            f"{r['chance']:.1f} | {'–' if r['bar'] is None else format(r['bar'], 'g')} | {r['n']} |"
            for r in told["rows"]
        ]
    except (KeyError, TypeError, ValueError) as cause:
        raise InputError("this is no JSON of lexel eval sight", where=file, got=cause) from cause
    head = "| rooms | measure | right, % | chance, % | wanted, % | asked |\n" + "| --- " * 6 + "|"
    return f"## Image-text model `{name}`\n\n{head}\n" + "\n".join(lines) + "\n"
