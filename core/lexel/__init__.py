"""Lexel: ask 3D scenes questions in plain words.

>>> import lexel
>>> answer = lexel.complete("scan.r3d", labels=["mug", "table"])  # doctest: +SKIP
>>> lexel.write_answer(answer, "out")  # doctest: +SKIP
>>> lexel.build("scan.r3d", "room.lexel")  # doctest: +SKIP
>>> lexel.open_field("room.lexel").ask("mug", negatives=["table"])  # doctest: +SKIP

Names are loaded when first used: `import lexel` is instant.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lexel.errors import InputError, LexelError
    from lexel.io import diagnose, load_scene
    from lexel.io.results import write_answer
    from lexel.pipelines.api import Models, complete, explain_image, locate, prepare_image
    from lexel.pipelines.ask import open_field
    from lexel.pipelines.fields_api import build
    from lexel.pipelines.settings import Settings
    from lexel.scene import Answer, Description, Scene

_HOME = {
    "Answer": "lexel.scene",
    "Description": "lexel.scene",
    "InputError": "lexel.errors",
    "LexelError": "lexel.errors",
    "Models": "lexel.pipelines.api",
    "Scene": "lexel.scene",
    "Settings": "lexel.pipelines.settings",
    "build": "lexel.pipelines.fields_api",
    "complete": "lexel.pipelines.api",
    "diagnose": "lexel.io",
    "explain_image": "lexel.pipelines.api",
    "load_scene": "lexel.io",
    "locate": "lexel.pipelines.api",
    "open_field": "lexel.pipelines.ask",
    "prepare_image": "lexel.pipelines.api",
    "write_answer": "lexel.io.results",
}

__all__ = [
    "Answer",
    "Description",
    "InputError",
    "LexelError",
    "Models",
    "Scene",
    "Settings",
    "__version__",
    "build",
    "complete",
    "diagnose",
    "explain_image",
    "load_scene",
    "locate",
    "open_field",
    "prepare_image",
    "write_answer",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
