"""`lexel eval questions`: whether things are found by what they are for."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from lexel.evaluation.questions import Reply
    from lexel.scene import PhraseEncoder


def eval_questions(
    scans: Annotated[
        list[Path] | None, typer.Argument(help="Scans with their truth (lexel world scans).")
    ] = None,
    sentences: Annotated[
        str | None,
        typer.Option(help="Sentence model.", show_default="the embedded encoder's own"),
    ] = None,
    prompt: Prompts = None,
    encoder: Encoder = "embedded",
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Ask "warm up my lunch" and the like: of words, and of fields built of scans."""
    from dataclasses import asdict

    from lexel.encoders.phrases import ClipPhrases
    from lexel.evaluation.questions import measure_questions
    from lexel.pipelines.api import Models
    from lexel.pipelines.build_models import load_sentences
    from lexel.pipelines.settings import Settings
    from lexel.synthetic.catalogue import classes

    templates = Settings(templates=tuple(prompt) if prompt else Settings().templates).templates
    models = Models(encoder, device=device)
    with show_progress(quiet or as_json) as progress:
        clip = models.load_encoder(seed, progress)
        sentence = load_sentences(clip, sentences, str(clip.device))
        halves: dict[str, PhraseEncoder] = {"visual": ClipPhrases(clip, templates)}
        if sentence is not None:
            halves["sentence"] = sentence
        replies = measure_questions(
            list(classes()), halves, scans or [], models, sentences, progress
        )
    if as_json:
        print_json([asdict(reply) for reply in replies])
        return
    _print(replies, tuple(halves))


def _print(replies: list[Reply], halves: tuple[str, ...]) -> None:
    headings = ("", *(f"rank by {half}" for half in halves))
    found = (*(f"first by {half}" for half in halves), "of fields")
    rows = [
        (
            reply.question,
            *(str(reply.rank[half]) for half in halves),
            *(str(reply.right[half]) for half in halves),
            str(reply.asked),
        )
        for reply in replies
    ]
    total = [str(sum(reply.right[half] for reply in replies)) for half in halves]
    best = [f"{sum(reply.rank[half] == 1 for reply in replies)} first" for half in halves]
    rows.append(("all", *best, *total, str(sum(reply.asked for reply in replies))))
    print_table((*headings, *found), rows)
