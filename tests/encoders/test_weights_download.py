"""Downloads survive broken connections and admit no wrong byte."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lexel.encoders.weights.download import Patience, Remote, download
from lexel.errors import CancelledError, WeightsError
from lexel.progress import Silent
from tests.encoders.weights_server import Ledger, Served, WeightsServer, digest

BODY = random.Random(0).randbytes(1_500_000)
WAITS: list[float] = []


def get(server: WeightsServer, target: Path, *, path="/w.bin", progress=None, check=None, **remote):
    return download(
        Remote(server.url + path, **remote),
        target,
        check=check or (lambda _: None),
        progress=progress or Silent(),
        patience=Patience(attempts=3, timeout_s=5, sleep=WAITS.append),
    )


def leftovers(cache: Path) -> list[str]:
    return sorted(p.name for p in cache.rglob("*") if p.is_file() and p.suffix != ".lock")


def test_a_whole_file_arrives_with_its_digest_and_progress(server, cache, ledger: Ledger):
    server.files["/w.bin"] = Served(BODY)
    got = get(server, cache / "w.bin", progress=ledger)
    assert got.path.read_bytes() == BODY
    assert (got.sha256, got.bytes) == (digest(BODY), len(BODY))
    assert ledger.stages[0] == ("downloading w.bin", len(BODY))
    assert leftovers(cache) == ["w.bin"]


def test_a_dropped_connection_is_resumed_from_the_byte_where_it_broke(server, cache, ledger):
    served = server.files["/w.bin"] = Served(BODY, drop_after=700_001, drops=2)
    got = get(server, cache / "w.bin", progress=ledger)
    assert got.path.read_bytes() == BODY
    assert served.asked == [None, "bytes=700001-", "bytes=1400002-"]
    assert any("700001" in text for text in ledger.said)


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(server, cache):
    served = server.files["/w.bin"] = Served(BODY, drop_after=0, drops=99)
    served.drop_after, served.drops = 500_000, 1
    server.files["/w.bin"].failures = 0

    def cancel_at_half() -> Ledger:
        ledger = Ledger()
        forward = ledger.advance

        def advance(steps: int = 1) -> None:
            forward(steps)
            if ledger.steps > 300_000:
                raise CancelledError

        ledger.advance = advance  # type: ignore[method-assign]
        return ledger

    with pytest.raises(CancelledError):
        get(server, cache / "w.bin", progress=cancel_at_half())
    assert not (cache / "w.bin").exists()
    served.drops = 0
    assert get(server, cache / "w.bin").path.read_bytes() == BODY
    first, second = served.asked
    assert first is None
    assert second is not None
    assert int(second.removeprefix("bytes=").removesuffix("-")) > 300_000


def test_a_server_without_ranges_is_asked_again_from_the_start(server, cache):
    served = server.files["/w.bin"] = Served(BODY, ranges=False, drop_after=600_000, drops=1)
    assert get(server, cache / "w.bin").path.read_bytes() == BODY
    assert len(served.asked) == 2


def test_a_file_that_changed_meanwhile_is_taken_anew(server, cache):
    served = server.files["/w.bin"] = Served(BODY, drop_after=600_000, drops=99)
    served.drops = 1
    with pytest.raises(CancelledError):
        get(server, cache / "w.bin", progress=_Cancelling())
    other = random.Random(1).randbytes(900_000)
    server.files["/w.bin"] = Served(other, etag='"v2"')
    assert get(server, cache / "w.bin").path.read_bytes() == other


class _Cancelling(Silent):
    """Cancels at the first word said: when the connection broke off."""

    def say(self, message: str) -> None:
        raise CancelledError


def test_a_server_that_forgets_if_range_cannot_splice_two_files(server, cache):
    server.files["/w.bin"] = Served(BODY, etag=None, drop_after=600_000, drops=1)
    with pytest.raises(CancelledError):
        get(server, cache / "w.bin", progress=_Cancelling())
    other = random.Random(2).randbytes(len(BODY))
    served = server.files["/w.bin"] = Served(other, etag=None)
    assert get(server, cache / "w.bin").path.read_bytes() == other
    assert served.asked == ["bytes=600000-", None]


def test_wrong_bytes_are_refused_and_nothing_stays(server, cache):
    server.files["/w.bin"] = Served(BODY)
    with pytest.raises(WeightsError, match="sha256 should be") as caught:
        get(server, cache / "w.bin", sha256=digest(b"other"))
    assert caught.value.exit_code == 2
    assert leftovers(cache) == []


def test_a_corrupted_tail_after_resuming_is_refused(server, cache):
    right = digest(BODY)
    server.files["/w.bin"] = Served(BODY, drop_after=600_000, drops=1)
    with pytest.raises(CancelledError):
        get(server, cache / "w.bin", progress=_Cancelling(), sha256=right)
    server.files["/w.bin"] = Served(BODY[:-1] + b"?")
    with pytest.raises(WeightsError, match="sha256 should be"):
        get(server, cache / "w.bin", sha256=right)
    assert leftovers(cache) == []


def test_a_refusing_check_leaves_nothing(server, cache):
    server.files["/w.bin"] = Served(BODY)

    def refuse(path: Path) -> None:
        raise WeightsError("unsafe")

    with pytest.raises(WeightsError, match="unsafe"):
        get(server, cache / "w.bin", check=refuse)
    assert leftovers(cache) == []


def test_a_missing_file_is_said_at_once(server, cache):
    WAITS.clear()
    with pytest.raises(WeightsError, match="no such file"):
        get(server, cache / "w.bin")
    assert WAITS == []
    assert leftovers(cache) == []


def test_a_busy_server_is_asked_again_after_longer_and_longer_waits(server, cache):
    WAITS.clear()
    server.files["/w.bin"] = Served(BODY, failures=2)
    get(server, cache / "w.bin")
    assert len(WAITS) == 2
    assert WAITS[0] < WAITS[1]


def test_a_dead_server_ends_in_a_sentence(cache):
    dead = WeightsServer()
    dead.close()
    with pytest.raises(WeightsError, match="did not complete") as caught:
        get(dead, cache / "w.bin")
    assert "--from FILE" in str(caught.value)


def test_the_hub_s_digest_comes_from_the_hub_not_from_where_it_sends(server, cache):
    """The content network's own ETag looks like a sha256 and is another number."""
    cdn = WeightsServer()
    try:
        cdn.files["/blob"] = Served(BODY, etag=f'"{digest(b"a merkle hash")}"')
        server.files["/o/n/resolve/main/w.bin"] = Served(
            b"",
            etag='"0123"',
            redirect=cdn.url + "/blob",
            headers={"X-Linked-Etag": f'"{digest(BODY)}"'},
        )
        path = "/o/n/resolve/main/w.bin"
        got = get(server, cache / "w.bin", path=path, trusts_etag=True)
        assert got.sha256 == digest(BODY)
        cdn.files["/blob"].body = BODY[::-1]
        with pytest.raises(WeightsError, match="sha256 should be"):
            get(server, cache / "again.bin", path=path, trusts_etag=True)
    finally:
        cdn.close()


def test_a_known_digest_that_the_server_contradicts_stops_before_the_download(server, cache):
    headers = {"X-Linked-Etag": f'"{digest(BODY)}"'}
    server.files["/w.bin"] = Served(BODY, headers=headers)
    with pytest.raises(WeightsError, match="announces"):
        get(server, cache / "w.bin", sha256=digest(b"x"), trusts_etag=True)


def test_the_proxy_of_the_environment_is_used(server, cache, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    server.files["/w.bin"] = Served(BODY)
    remote = Remote("http://weights.invalid/w.bin")
    done = download(remote, cache / "w.bin", check=lambda _: None, progress=Silent())
    assert done.path.read_bytes() == BODY
    assert server.seen == ["http://weights.invalid/w.bin"]


def test_no_proxy_is_respected(server, cache, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server.files["/w.bin"] = Served(BODY)
    assert get(server, cache / "w.bin").bytes == len(BODY)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a/b", "http://"])
def test_only_web_addresses_are_fetched(url, cache):
    with pytest.raises(WeightsError, match="http and https"):
        download(Remote(url), cache / "w.bin", check=lambda _: None, progress=Silent())


def test_two_downloads_of_one_file_do_not_write_into_each_other(server, cache):
    from lexel.encoders.weights.cache import sole_user
    from lexel.encoders.weights.part import PartFile

    server.files["/w.bin"] = Served(BODY)
    part = PartFile.of(server.url + "/w.bin", cache / "downloads")
    with sole_user(part.lock_path), pytest.raises(WeightsError, match="another Lexel"):
        get(server, cache / "w.bin")


def test_a_full_disk_is_said_before_the_first_byte(server, cache, monkeypatch):
    import shutil

    usage = shutil.disk_usage("/")._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    server.files["/w.bin"] = Served(BODY)
    with pytest.raises(WeightsError, match="1 MB free"):
        get(server, cache / "w.bin")
    assert not (cache / "w.bin").exists()
