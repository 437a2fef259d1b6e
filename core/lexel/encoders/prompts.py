"""The prompt templates that encoders are known to work with."""

from __future__ import annotations

# Published with Semantic Abstraction for real photographs and scans.
PHOTOGRAPH_TEMPLATE = "a photograph of a {} in a home."
