"""Limits that several readers keep."""

from __future__ import annotations

MAX_PIXELS = 2**26  # 64 megapixels: above any camera, below any memory
