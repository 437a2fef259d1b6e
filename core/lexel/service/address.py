"""Where a service says how to reach it: `service.json` in the user's runtime folder.

The standard library alone: the Blender extension carries a copy of this file.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lexel.service.wire import ProtocolError, Reader, parse_object

PROTOCOL = 1
HOST = "127.0.0.1"
_MAX_BYTES = 4096
_OTHERS = 0o077  # mode bits of everybody but the owner


@dataclass(frozen=True)
class Address:
    """What `service.json` holds. The token is a secret: it is shown nowhere."""

    port: int
    pid: int
    version: str
    token: str = field(repr=False)
    protocol: int = PROTOCOL

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Address:
        told = Reader(value)
        token = told.text("token")
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,128}", token):
            raise ProtocolError("'token' is none")
        return cls(
            port=told.whole("port", 1, 65535),
            pid=told.whole("pid", 1, 2**31),
            version=told.text("version"),
            token=token,
            protocol=told.whole("protocol", 0, 2**31),
        )


def load_address(file: Path | None = None) -> Address:
    """The address in the user's own file, or in another.

    Raises:
        FileNotFoundError: no service has written one.
        ProtocolError: it is not ours, or holds no address.
        OSError: it cannot be read.
    """
    file = file or service_file()
    with file.open("rb") as stream:
        check_private(os.fstat(stream.fileno()), file)
        return Address.from_json(parse_object(stream.read(_MAX_BYTES)))


def check_private(status: os.stat_result, path: Path) -> None:
    """Whom else could have written it, could have the user's words sent to himself."""
    if sys.platform == "win32":  # the folder inherits the user's own access list
        return
    if status.st_uid != os.getuid() or status.st_mode & _OTHERS:
        raise ProtocolError(
            "others than you may read or write this",
            path,
            "Remove it, and start lexel serve again.",
        )


def service_file() -> Path:
    """Where a service says how to reach it; `LEXEL_RUNTIME` names another folder."""
    if named := os.environ.get("LEXEL_RUNTIME"):
        return Path(named) / "service.json"
    return _runtime_folder() / "lexel" / "service.json"


def _runtime_folder() -> Path:
    """The user's own folder for what lives as long as a session, as platformdirs has it."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(local) / "Temp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "TemporaryItems"
    if given := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(given)
    session = Path(f"/run/user/{os.getuid()}")
    if os.access(session, os.W_OK):
        return session
    return Path(tempfile.gettempdir()) / f"runtime-{os.getuid()}"
