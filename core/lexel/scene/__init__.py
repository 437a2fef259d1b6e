"""What a scene is, and what is answered about it, as plain frozen values."""

from lexel.scene.answer import Answer, AnswerKind, Colour, Found, Mesh
from lexel.scene.description import RELATIONS, Description
from lexel.scene.field import (
    Box,
    Codebook,
    Evidence,
    FieldEncoder,
    FieldInfo,
    FieldPoints,
    Instance,
    LayerNote,
    Modality,
    Origin,
    Phrases,
    Scoring,
    SentenceEncoder,
    TextTower,
    Thumbnail,
)
from lexel.scene.geometry import Geometry, Texture
from lexel.scene.scene import Finding, Scene, Severity
from lexel.scene.view import View
from lexel.scene.words import (
    PhraseEncoder,
    SentenceHead,
    SentenceModel,
    TowerSettings,
    TowerWeights,
)

__all__ = [
    "RELATIONS",
    "Answer",
    "AnswerKind",
    "Box",
    "Codebook",
    "Colour",
    "Description",
    "Evidence",
    "FieldEncoder",
    "FieldInfo",
    "FieldPoints",
    "Finding",
    "Found",
    "Geometry",
    "Instance",
    "LayerNote",
    "Mesh",
    "Modality",
    "Origin",
    "PhraseEncoder",
    "Phrases",
    "Scene",
    "Scoring",
    "SentenceEncoder",
    "SentenceHead",
    "SentenceModel",
    "Severity",
    "TextTower",
    "Texture",
    "Thumbnail",
    "TowerSettings",
    "TowerWeights",
    "View",
]
