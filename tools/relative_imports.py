"""`from lexel.x import y` rewritten for a copy of `lexel` that lies in another package."""

from __future__ import annotations

import ast

from tools.core_closure import ROOT, imports_of


def with_relative_imports(text: str, place: tuple[str, ...], copy: str) -> str:
    """A module's text with its imports of core leading to the copy.

    Only the name after `from` changes, so that a copy can be compared with what it was made of.

    Args:
        text: of the module.
        place: names of the packages it will lie in, from the root of the new package.
        copy: name of the package, in that root, that holds core's modules.
    """
    lines = text.splitlines(keepends=True)
    for node in imports_of(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and _is_core(node):
            assert node.module is not None
            target = (copy, *node.module.split(".")[1:])
            lines[node.lineno - 1] = lines[node.lineno - 1].replace(
                f"from {node.module} import", f"from {relative_name(place, target)} import", 1
            )
    return "".join(lines)


def relative_name(place: tuple[str, ...], target: tuple[str, ...]) -> str:
    """How a module in the package `place` calls `target`: ("a", "b"), ("a", "c") -> "..c"."""
    shared = 0
    while shared < min(len(place), len(target)) and place[shared] == target[shared]:
        shared += 1
    return "." * (len(place) - shared + 1) + ".".join(target[shared:])


def _is_core(node: ast.ImportFrom) -> bool:
    return not node.level and (node.module or "").partition(".")[0] == ROOT
