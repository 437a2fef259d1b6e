"""The command line. Each command parses, calls one use case, and prints; nothing heavy at import."""

from lexel.cli.app import main

__all__ = ["main"]
