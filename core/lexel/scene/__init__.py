"""What a scene is, and what is answered about it, as plain frozen values."""

from lexel.scene.answer import Answer, AnswerKind, Colour, Found, Mesh
from lexel.scene.description import RELATIONS, Description
from lexel.scene.scene import Finding, Scene, Severity
from lexel.scene.view import View

__all__ = [
    "RELATIONS",
    "Answer",
    "AnswerKind",
    "Colour",
    "Description",
    "Finding",
    "Found",
    "Mesh",
    "Scene",
    "Severity",
    "View",
]
