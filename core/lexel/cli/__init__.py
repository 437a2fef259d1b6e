"""The command line: each command parses, calls one use case, and prints."""

from lexel.cli.app import main

__all__ = ["main"]
