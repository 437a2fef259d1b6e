"""One ranged HTTP request, with the few facts of its answer that a download needs."""

from __future__ import annotations

import base64
import contextlib
import functools
import http.client
import os
import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any

from lexel.encoders.weights.cache import SHA256
from lexel.errors import WeightsError

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


class Dropped(Exception):
    """The connection failed in a way that may pass; `retry` False when waiting will not help."""

    def __init__(self, what: str, *, retry: bool = True) -> None:
        super().__init__(what)
        self.retry = retry


class Stale(Dropped):
    """What we have of the file is not of the file the server has now."""


class NotFoundError(WeightsError):
    """The server has no such file."""


@dataclass(frozen=True)
class Answer:
    """An open answer to a ranged request."""

    start: int  # offset of its first byte in the file
    total: int | None  # bytes of the whole file; None: the server does not say
    validator: str | None  # strong ETag, else Last-Modified
    announced_sha256: str | None  # from the host that was asked, not from where it sent us
    response: http.client.HTTPResponse

    def blocks(self, size: int) -> Iterator[bytes]:
        while True:
            try:
                block = self.response.read1(size)  # what has come: nothing is lost on a break
            except (OSError, http.client.HTTPException) as error:
                raise Dropped(f"the connection broke off ({_reason(error)})") from error
            if not block:
                return
            yield block


def split_login(url: str) -> tuple[str, str | None]:
    """`http://USER:PASSWORD@HOST/...` without the login, which no record or message may show; and
    the login."""
    parts = urllib.parse.urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    bare = urllib.parse.urlunsplit(parts._replace(netloc=host)) if at else url
    return bare, urllib.parse.unquote(login) or None


@contextlib.contextmanager
def open_range(
    url: str, start: int, validator: str | None, timeout_s: float, login: str | None = None
) -> Iterator[Answer]:
    """Ask for `url` from byte `start` on, if it is still the file known by `validator`.

    `login`, `USER:PASSWORD`, is for its host alone: redirects do not carry it on.
    """
    _require_web_address(url)
    headers = {"User-Agent": "lexel", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if validator:
            headers["If-Range"] = validator
    redirects = _Redirects(urllib.parse.urlsplit(url).netloc)
    opener = urllib.request.build_opener(
        redirects, urllib.request.HTTPSHandler(context=_tls_context())
    )
    request = urllib.request.Request(url, headers=headers)
    if login:
        secret = base64.b64encode(login.encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {secret}")
    with _opened(opener, request, timeout_s, start) as response:
        redirects.note(response.geturl(), response.headers)
        yield _read_head(response, redirects.sha256)


@contextlib.contextmanager
def _opened(
    opener: urllib.request.OpenerDirector,
    request: urllib.request.Request,
    timeout_s: float,
    start: int,
) -> Iterator[http.client.HTTPResponse]:
    url = request.full_url
    try:
        response = opener.open(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        error.close()
        raise _refusal(error, url, start) from error
    except urllib.error.URLError as error:
        offline = isinstance(error.reason, (socket.gaierror, ssl.SSLCertVerificationError))
        raise Dropped(f"cannot reach it ({_reason(error.reason)})", retry=not offline) from error
    except (OSError, http.client.HTTPException) as error:
        raise Dropped(f"cannot reach it ({_reason(error)})") from error
    with response:
        yield response


def _refusal(error: urllib.error.HTTPError, url: str, start: int) -> Exception:
    if error.code in _TRANSIENT:
        return Dropped(f"the server answered {error.code} {error.reason}")
    if error.code == 416 and start:  # it has fewer bytes than we: not the same file
        return Stale("the server's file is shorter than the part we have")
    if error.code in (404, 410):
        return NotFoundError(
            f"the server has no such file ({error.code})", where=url, do="Check the address."
        )
    hint = "It may need a login: fetch it with a browser and pass --from FILE."
    if error.code == 407:
        hint = "The proxy wants a login: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT."
    return WeightsError(f"the server refuses ({error.code} {error.reason})", where=url, do=hint)


def _read_head(response: http.client.HTTPResponse, sha256: str | None) -> Answer:
    headers = response.headers
    start, total = 0, _integer(headers.get("Content-Length"))
    if response.status == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", headers.get("Content-Range", "").strip())
        if match is None:
            raise Dropped("the server's Content-Range makes no sense", retry=False)
        start, total = int(match.group(1)), _integer(match.group(2))
    etag = headers.get("ETag")
    strong = etag if etag and not etag.startswith("W/") else None
    return Answer(start, total, strong or headers.get("Last-Modified"), sha256, response)


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _reason(error: object) -> str:
    return str(error) or type(error).__name__


def _require_web_address(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise WeightsError(
            "only http and https addresses are fetched", got=url, do="Check the address."
        )


@functools.cache  # reading the authorities takes longer than many a request
def _tls_context() -> ssl.SSLContext:
    """The system's authorities, and certifi's where it is installed (python.org's builds for
    macOS come without any); the user's own SSL_CERT_FILE stands alone."""
    context = ssl.create_default_context()
    if not os.environ.get("SSL_CERT_FILE"):
        with contextlib.suppress(ImportError):
            import certifi

            context.load_verify_locations(certifi.where())
    return context


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, never from https to http, and notes what the first host announces.

    The hub answers with the file's sha256 and sends on to a content network, whose own ETag may
    look like a sha256 and be something else.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self.sha256: str | None = None

    def note(self, url: str, headers: Message) -> None:
        if urllib.parse.urlsplit(url).netloc != self._host or self.sha256:
            return
        etag = headers.get("X-Linked-Etag") or headers.get("ETag") or ""
        bare = etag.removeprefix("W/").strip('"').lower()
        self.sha256 = bare if SHA256.fullmatch(bare) else None

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        self.note(req.full_url, headers)
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise WeightsError(
                "the server redirects from https to an unprotected address",
                where=req.full_url,
                got=newurl,
                do="Give another address.",
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)
