"""The prompt templates that encoders are known to work with, and how they are filled."""

from __future__ import annotations

from lexel.scene.prompts import fill_templates

__all__ = ["PHOTOGRAPH_TEMPLATE", "fill_templates"]

# Published with Semantic Abstraction for real photographs and scans.
PHOTOGRAPH_TEMPLATE = "a photograph of a {} in a home."
