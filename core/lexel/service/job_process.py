"""The process of one job: its order comes on standard input, its progress goes to standard output.

A process of its own, so that typing stays quick and a job can be ended whatever it is doing. When
standard input ends, the service wants it stopped, or is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from lexel.errors import CancelledError, LexelError
from lexel.progress import Progress
from lexel.service import orders
from lexel.service.faults import fault_of_error
from lexel.service.wire import Fault, dump

Work = Callable[[orders.Order, Progress], dict[str, Any]]

_LESS_URGENT = 10
_EVERY_S = 0.1  # more often nobody looks
_STANDARD_INPUT, _STANDARD_OUTPUT, _STANDARD_ERROR = 0, 1, 2


class Telling:
    """A `Progress` that writes lines of JSON, and stops when standard input has ended."""

    def __init__(self, out: BinaryIO, stop: threading.Event) -> None:
        self._out, self._stop = out, stop
        self._done, self._told_at = 0, 0.0

    def begin(self, stage: str, total: int | None) -> None:
        self._check()
        self._done = 0
        self.tell({"stage": stage, "total": total})

    def advance(self, steps: int = 1) -> None:
        self._check()
        self._done += steps
        if time.monotonic() - self._told_at > _EVERY_S:
            self.tell({"done": self._done})

    def say(self, message: str) -> None:
        self._check()
        self.tell({"said": message})

    def tell(self, value: dict[str, Any]) -> None:
        self._told_at = time.monotonic()
        self._out.write(dump(value) + b"\n")
        self._out.flush()

    def _check(self) -> None:
        if self._stop.is_set():
            raise CancelledError


def main() -> None:
    """Do the job that standard input tells."""
    out = _own_output()
    order = orders.from_json(json.loads(_first_line()))
    begun, stop = threading.Event(), threading.Event()
    threading.Thread(target=_wait_for_end, args=(begun, stop), daemon=True).start()
    _let_others_go_first()
    from lexel.service.job_work import do  # takes seconds

    begun.set()
    telling = Telling(out, stop)
    telling.tell(_outcome(do, order, telling))


def _let_others_go_first() -> None:
    """Be less urgent than the service, which somebody types to."""
    if hasattr(os, "nice"):  # on Windows the service starts us so
        os.nice(_LESS_URGENT)
    # Linux may weigh whole sessions against each other, and a job has one of its own.
    session = Path("/proc/self/autogroup")
    with contextlib.suppress(OSError):
        if session.exists():
            session.write_text(str(_LESS_URGENT), encoding="ascii")


def _outcome(do: Work, order: orders.Order, telling: Telling) -> dict[str, Any]:
    try:
        return {"result": do(order, telling)}
    except CancelledError:
        return {"cancelled": True}
    except LexelError as error:
        return fault_of_error(error).as_json()
    except OSError as error:  # a full disk, a folder without permission
        return Fault(f"{error.filename or 'the system'}: {error.strerror or error}").as_json()
    except MemoryError:
        return Fault("there is not enough memory", do="Give fewer labels or views.").as_json()
    except Exception:  # noqa: BLE001 - whatever it was, the client must be told
        traceback.print_exc()
        return Fault("the job made a mistake; the service's log says more").as_json()


def _own_output() -> BinaryIO:
    """Standard output for ourselves; what libraries print goes to standard error."""
    own = os.fdopen(os.dup(_STANDARD_OUTPUT), "wb")
    os.dup2(_STANDARD_ERROR, _STANDARD_OUTPUT)
    return own


def _first_line() -> bytes:
    """Unbuffered: a thread that waits in a buffer would hold up the end of the process."""
    with open(_STANDARD_INPUT, "rb", buffering=0, closefd=False) as stream:
        return stream.readline()


def _wait_for_end(begun: threading.Event, stop: threading.Event) -> None:
    while os.read(_STANDARD_INPUT, 1):
        pass
    if not begun.is_set():
        os._exit(0)  # nothing has been done yet that would have to be undone
    stop.set()


if __name__ == "__main__":
    main()
    sys.exit(0)
