"""Where a service is found, and who may have written that."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import warnings
from pathlib import Path

import platformdirs
import pytest

from lexel.errors import InputError
from lexel.service.address import HOST, Address, load_address, service_file
from lexel.service.client import BadReply, Client, NoService
from lexel.service.token_file import announced
from lexel.service.wire import ProtocolError

ADDRESS = Address(1, os.getpid(), "0.1.0", "a" * 43)
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists, not modes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def test_it_lies_in_the_users_runtime_folder(monkeypatch):
    monkeypatch.delenv("LEXEL_RUNTIME", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of computers without sessions
        try:
            expected = Path(platformdirs.user_runtime_dir("lexel", appauthor=False))
        except PermissionError:
            pytest.skip("this computer's runtime folder is not this user's own")
    assert service_file() == expected / "service.json"


@posix
def test_a_session_s_folder_goes_first_and_ours_before_it(monkeypatch, folder):
    if sys.platform != "darwin":
        monkeypatch.delenv("LEXEL_RUNTIME", raising=False)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        assert service_file() == folder / "lexel" / "service.json"
    monkeypatch.setenv("LEXEL_RUNTIME", str(folder / "own"))
    assert service_file() == folder / "own" / "service.json"


def test_it_is_there_while_the_service_is(folder):
    file = folder / "new" / "service.json"
    with announced(ADDRESS, file):
        assert load_address(file) == ADDRESS
        assert json.loads(file.read_text()).keys() == {
            "protocol",
            "port",
            "token",
            "pid",
            "version",
        }
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert list(file.parent.iterdir()) == [file]
    assert not file.exists()


def test_a_second_service_is_refused_and_a_dead_one_s_file_replaced(folder):
    file = folder / "service.json"
    with socket.create_server((HOST, 0)) as listening:
        first = Address(listening.getsockname()[1], 1, "0.1.0", "b" * 43)
        with announced(first, file):
            with pytest.raises(InputError, match="running already"), announced(ADDRESS, file):
                pass
            assert load_address(file) == first
            listening.close()
            with announced(ADDRESS, file):
                assert load_address(file) == ADDRESS


def test_the_file_of_another_service_is_left_alone(folder):
    file = folder / "service.json"
    other = Address(2, 2, "0.1.0", "c" * 43)
    with announced(ADDRESS, file):
        file.write_text(json.dumps(other.as_json()))
    assert load_address(file) == other


@posix
def test_what_others_may_write_is_not_believed(folder):
    file = folder / "service.json"
    file.write_text(json.dumps(ADDRESS.as_json()))
    file.chmod(0o644)
    with pytest.raises(ProtocolError, match="others"):
        load_address(file)
    with pytest.raises(NoService, match="others"):
        Client.find(file)
    folder.chmod(0o755)
    with pytest.raises(InputError, match="others"), announced(ADDRESS, folder / "b.json"):
        pass


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 0},
        {"port": "80"},
        {"token": ""},
        {"token": "a\r\nX: y" * 9},
        {"pid": None},
        {"version": 1},
    ],
)
def test_addresses_that_are_none_are_refused(folder, changes):
    file = folder / "service.json"
    file.write_text(json.dumps({**ADDRESS.as_json(), **changes}))
    file.chmod(0o600)
    with pytest.raises(NoService):
        Client.find(file)


def test_another_protocol_is_said_before_anything_is_sent(folder):
    file = folder / "service.json"
    file.write_text(json.dumps({**ADDRESS.as_json(), "protocol": 2}))
    file.chmod(0o600)
    with pytest.raises(BadReply, match="same version"):
        Client.find(file)


def test_the_token_is_not_shown(folder):
    assert ADDRESS.token not in repr(ADDRESS)
