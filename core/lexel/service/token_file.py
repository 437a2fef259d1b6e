"""The file by which clients find the service: written for its user alone, gone when it ends."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.service.address import HOST, Address, check_private, load_address
from lexel.service.wire import ProtocolError, dump

_CONNECT_S = 1.0


@contextlib.contextmanager
def announced(address: Address, file: Path) -> Iterator[Path]:
    """Tell clients of this user where the service is, for as long as it runs.

    Raises:
        InputError: another service is running, or others may write into the folder.
    """
    _refuse_second(file)
    _private_folder(file.parent)
    with replacing_file(file) as temporary:
        temporary.unlink(missing_ok=True)  # left by a process of the same number that was killed
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(dump(address.as_json()) + b"\n")
    try:
        yield file
    finally:
        if _announced_at(file) == address:
            file.unlink(missing_ok=True)


def _refuse_second(file: Path) -> None:
    """An error if the service of an earlier file still listens; a file that was left is nothing."""
    other = _announced_at(file)
    if other is None:
        return
    with contextlib.suppress(OSError), socket.create_connection((HOST, other.port), _CONNECT_S):
        raise InputError(
            "a service is running already",
            where=file,
            got=f"process {other.pid}",
            do="Use it, or stop it first; LEXEL_RUNTIME names a folder for a second one.",
        )


def _announced_at(file: Path) -> Address | None:
    try:
        return load_address(file)
    except (OSError, ProtocolError):
        return None


def _private_folder(folder: Path) -> None:
    """The folder, for its user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        check_private(folder.stat(), folder)
    except ProtocolError as error:
        raise InputError(
            "others may read or write the folder of the service's token",
            where=folder,
            do="Take their rights away, or name another folder in LEXEL_RUNTIME.",
        ) from error
