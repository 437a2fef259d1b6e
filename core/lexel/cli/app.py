"""`lexel`: its commands, and how errors become sentences and exit codes."""

from __future__ import annotations

import sys

import typer

from lexel.cli import (
    asking,
    building,
    demo,
    evaluation,
    evaluation_clip,
    evaluation_field,
    evaluation_presence,
    evaluation_questions,
    evaluation_sight,
    fields,
    figures,
    scenes,
    serving,
    training,
    training_clip,
    training_embedded,
    viewing,
    weights,
    world,
)
from lexel.errors import LexelError

_OUR_FAULT, _WRONG_INPUT = 1, 2

app = typer.Typer(
    name="lexel",
    help="Ask 3D scenes questions in plain words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("doctor")(scenes.doctor)
app.command("pack")(fields.pack)
app.command("relevancy")(scenes.relevancy)
app.command("complete")(scenes.complete)
app.command("locate")(scenes.locate)
app.command("build")(building.build)
app.command("ask")(asking.ask)
app.command("view")(viewing.view)
app.command("figure")(figures.figure)
app.command("object-views")(figures.object_views)
app.command("serve")(serving.serve)
training.train_app.command("clip")(training_clip.train_clip)
training.train_app.command("words")(training_embedded.train_words)
training.train_app.command("sight")(training_embedded.train_sight)
training.eval_app.command("clip")(evaluation_clip.eval_clip)
training.eval_app.command("field")(evaluation_field.eval_field)
training.eval_app.command("presence")(evaluation_presence.eval_presence)
training.eval_app.command("questions")(evaluation_questions.eval_questions)
training.eval_app.command("sight")(evaluation_sight.eval_sight)
app.add_typer(training.train_app, name="train")
app.add_typer(training.eval_app, name="eval")
app.add_typer(weights.app, name="weights")
app.add_typer(world.app, name="world")
app.command("summarize")(evaluation.summarize)


def main() -> int:
    """Run the command line; the exit code is 0 done, 2 wrong input, 1 our fault, 130 cancelled."""
    try:
        app(standalone_mode=True)
    except LexelError as error:
        return _fail(str(error), error.exit_code)
    except OSError as error:  # a full disk, a folder without permission, a file another one holds
        return _fail(f"{error.filename or 'the system'}: {error.strerror or error}.", _WRONG_INPUT)
    except MemoryError:
        return _fail(
            "there is not enough memory. Give fewer labels or a smaller image.", _OUR_FAULT
        )
    return 0


def _fail(message: str, exit_code: int) -> int:
    print(f"lexel: {message}", file=sys.stderr)
    return exit_code
