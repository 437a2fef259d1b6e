"""Typing while the service that must be asked hangs."""

from __future__ import annotations

import time
from pathlib import Path

import bpy
from extension import facts, installed, part, settle, traces
from stopwatch import held_up_s

TYPED = ("u", "un", "unicorn")
_WAIT_S = 1.0


def main(folder: Path, given: dict) -> dict:
    before = traces()
    with installed(given["archive"]):
        bpy.ops.lexel.open_field(filepath=given["field"])
        settle()
        waits = []
        for text in TYPED:
            waits.append(timed(lambda text=text: setattr(bpy.context.scene.lexel, "text", text)))
            until = time.perf_counter() + _WAIT_S / len(TYPED)
            while time.perf_counter() < until:
                waits.append(timed(part("blender.session").tick))
                time.sleep(0.01)
        busy = part("blender.session").current().worker.busy
        bpy.context.scene.lexel.text = "mug"  # is in the field's own table
        longest = settle()
        told = facts()
        bpy.context.scene.lexel.text = "unicorn"
        time.sleep(0.1)
        lied = lie()
        began = time.perf_counter()
    ended = time.perf_counter() - began
    return {
        "waits": waits,
        "busy": busy,
        "longest": longest,
        "told": told,
        "ended": ended,
        "lied": lied,
        "threads": [before["threads"], traces()["threads"]],
    }


def lie() -> int:
    """How long a message is after a service has said something immense, and halves of letters."""
    part("blender.session").current().say("a \ud800 " * 1_000_000)
    return len(facts()["message"])


def timed(work) -> float:
    began = held_up_s()
    work()
    return held_up_s() - began
