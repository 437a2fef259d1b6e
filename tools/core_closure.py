"""Which modules of core a package of its own needs, and that nothing else is needed.

The add-on runs where only numpy is installed. What its modules import is followed through core,
imports inside functions included: a function that imports torch would fail in Blender, later, in
somebody's hands. Imports under `if TYPE_CHECKING:` never run and are passed over.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = "lexel"
ALLOWED = frozenset({"numpy"})


class BuildError(Exception):
    """The package cannot be made; the message says why."""


def core_file(core: Path, module: str) -> Path | None:
    """The file of `lexel.…` in the folder that holds `lexel/`; None if there is none."""
    place = core.joinpath(*module.split("."))
    candidates = place / "__init__.py", place.with_suffix(".py")
    return next((file for file in candidates if file.is_file()), None)


def needed_modules(sources: Iterable[Path], core: Path, extra: frozenset[str]) -> dict[str, Path]:
    """Modules of core that `sources` need, by name, and their files.

    Packages on the way are not among them unless something is imported from them by name.

    Args:
        sources: files outside core.
        core: the folder that holds `lexel/`.
        extra: names that `sources` may import besides numpy and the standard library.

    Raises:
        BuildError: something is needed that will not be there.
    """
    found: dict[str, Path] = {}
    waiting: list[str] = []
    for source in sources:
        waiting += _checked_imports(source, core, ALLOWED | extra, str(source))
    came_from = dict.fromkeys(waiting, "the add-on")
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        file = core_file(core, module)
        assert file is not None, module
        found[module] = file
        chain = f"{module}, needed by {came_from[module]}"
        for other in _checked_imports(file, core, ALLOWED, chain):
            came_from.setdefault(other, chain)
            waiting.append(other)
    return dict(sorted(found.items()))


def _checked_imports(file: Path, core: Path, allowed: frozenset[str], who: str) -> list[str]:
    """Modules of core that a file imports; a `BuildError` for what may not be imported."""
    wanted = []
    for node in imports_of(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        for module in _modules(node, core):
            top = module.partition(".")[0]
            if top == ROOT:
                wanted.append(module)
            elif top not in allowed and top not in sys.stdlib_module_names:
                raise BuildError(
                    f"{who} imports {module} in line {node.lineno}, which Blender has not. "
                    "Split what needs it from what does not."
                )
    return wanted


def imports_of(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """All import statements that can run."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield from imports_of(other)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        else:
            yield from imports_of(node)


def _modules(node: ast.Import | ast.ImportFrom, core: Path) -> Iterator[str]:
    """What a statement imports; a name that is a module of core stands for itself."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition(".")[0] == ROOT:
                raise BuildError(f"line {node.lineno}: write `from {alias.name} import …`")
            yield alias.name
        return
    if node.level:  # within the add-on itself
        return
    assert node.module is not None
    inner = [f"{node.module}.{alias.name}" for alias in node.names]
    if node.module.partition(".")[0] != ROOT:
        yield node.module
        return
    modules = [name for name in inner if core_file(core, name)]
    yield from modules
    if len(modules) < len(inner):
        if node.module == ROOT or core_file(core, node.module) is None:
            raise BuildError(f"there is no {node.module} to import {inner} from")
        yield node.module
