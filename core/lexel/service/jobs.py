"""Jobs: long work in processes of their own, one after the other. All on the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lexel.service.faults import NotHere, TooMany
from lexel.service.orders import BuildOrder, Order, read_order, to_json
from lexel.service.protocol import CANCELLED, DONE, FAILED, RUNNING, JobState
from lexel.service.uploads import Uploads
from lexel.service.wire import Fault, dump, fault_of

log = logging.getLogger("lexel.service")

_MOST_OPEN, _MOST_KEPT, _MOST_SAID = 16, 64, 100
_MOST_LINE_BYTES = 64 * 2**20
_GRACE_S = 10.0  # from being asked to stop to being ended
# Ctrl-C in the service's terminal is for the service alone.
if sys.platform == "win32":
    _OF_ITS_OWN: dict[str, Any] = {
        "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP
        | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    }
else:
    _OF_ITS_OWN: dict[str, Any] = {"start_new_session": True}


class Job:
    """One job and where it is."""

    def __init__(self, name: str, order: Order) -> None:
        self.order = order
        self.state = JobState(name, order.kind)
        self.stop = asyncio.Event()
        self.outcome: dict[str, Any] | None = None
        self.task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    def change(self, **facts: Any) -> None:
        """Tell whoever waits."""
        self.state = replace(self.state, version=self.state.version + 1, **facts)
        self.wake()

    def wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def take(self, told: Mapping[str, Any]) -> None:
        """A line of the process."""
        if "stage" in told:
            self.change(stage=told["stage"], total=told["total"], done=0)
        elif "done" in told:
            self.change(done=told["done"])
        elif "said" in told:
            self.change(said=(*self.state.said, told["said"])[-_MOST_SAID:])
        elif "result" in told:
            self.outcome = {"state": DONE, "result": told["result"]}
        elif "error" in told:
            self.outcome = {"state": FAILED, "error": fault_of(dump(told))}
        elif "cancelled" in told:
            self.outcome = {"state": CANCELLED}

    async def wait(self, after: int, seconds: float) -> None:
        """Until the state is newer than `after`, or has ended, or time is up."""
        if self.state.version > after or self.state.ended:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()


class Jobs:
    """Jobs by id.

    Args:
        folder: for fields that nobody said a place for.
        uploads: whose views builds may be of.
    """

    def __init__(self, folder: Path, uploads: Uploads, device: str) -> None:
        self._folder, self._uploads, self._device = folder, uploads, device
        self._jobs: dict[str, Job] = {}
        self._turn = asyncio.Semaphore(1)

    async def start(self, kind: str, arguments: Mapping[str, Any]) -> Job:
        """A new job; it waits for those before it."""
        order = read_order(kind, arguments)
        if sum(not job.state.ended for job in self._jobs.values()) >= _MOST_OPEN:
            raise TooMany(f"{_MOST_OPEN} jobs are waiting", do="Cancel one, or wait for one.")
        name = secrets.token_hex(8)
        job = self._jobs[name] = Job(name, await self._filled_in(order, name))
        job.task = asyncio.create_task(self._run(job))
        self._forget_old()
        return job

    def get(self, name: str) -> Job:
        if name not in self._jobs:
            raise NotHere("there is no such job", name)
        return self._jobs[name]

    def wake_all(self) -> None:
        """Answer all long polls now."""
        for job in self._jobs.values():
            job.wake()

    async def close(self) -> None:
        """Cancel what runs and wait for its end."""
        for job in self._jobs.values():
            job.stop.set()
        await asyncio.gather(*(job.task for job in self._jobs.values() if job.task is not None))

    async def _filled_in(self, order: Order, name: str) -> Order:
        """With the device, the upload's folder and the place of the field."""
        chosen = replace(order.chosen, device=order.chosen.device or self._device)
        order = replace(order, chosen=chosen)
        if not isinstance(order, BuildOrder) or order.upload is None:
            return order
        scene, numbers = await asyncio.to_thread(self._uploads.take, order.upload)
        out = order.out or str(self._folder / f"{order.upload}-{name}.lexel")
        return replace(order, scene=str(scene), numbers=tuple(numbers), out=out)

    async def _run(self, job: Job) -> None:
        turn = asyncio.create_task(self._turn.acquire())
        stop = asyncio.create_task(job.stop.wait())
        await asyncio.wait((turn, stop), return_when=asyncio.FIRST_COMPLETED)
        try:
            outcome = {"state": CANCELLED} if job.stop.is_set() else await self._work(job)
            # Before it is told that the job has ended: who hears it may upload again.
            await asyncio.to_thread(self._free_upload, job.order, outcome["state"])
            job.change(**outcome)
        finally:
            stop.cancel()
            if not turn.cancel():
                self._turn.release()
        log.info("job %s: %s %s", job.state.id, job.state.kind, job.state.state)

    async def _work(self, job: Job) -> dict[str, Any]:
        """Its outcome."""
        job.change(state=RUNNING)
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "lexel.service.job_process"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                limit=_MOST_LINE_BYTES,
                **_OF_ITS_OWN,
            )
        except OSError as error:
            return {"state": FAILED, "error": Fault("the job's process cannot start", str(error))}
        stopping = asyncio.create_task(_stop_when_told(process, job.stop))
        try:
            code = await _follow(process, job)
        except Exception:
            log.exception("job %s is not understood", job.state.id)
            process.kill()
            code = await process.wait()
        finally:
            stopping.cancel()
        return job.outcome or _unsaid(job, code)

    def _free_upload(self, order: Order, state: str) -> None:
        if not isinstance(order, BuildOrder) or order.upload is None:
            return
        if state == DONE:
            self._uploads.remove(order.upload)
        else:
            self._uploads.give_back(order.upload)

    def _forget_old(self) -> None:
        ended = [name for name, job in self._jobs.items() if job.state.ended]
        for name in ended[: max(0, len(self._jobs) - _MOST_KEPT)]:
            del self._jobs[name]


def _unsaid(job: Job, code: int) -> dict[str, Any]:
    """The outcome of a process that ended without a word."""
    if job.stop.is_set():
        return {"state": CANCELLED}
    fault = Fault("the job's process ended before its work", f"exit code {code}")
    return {"state": FAILED, "error": fault}


async def _follow(process: asyncio.subprocess.Process, job: Job) -> int:
    """Hear a process to its end."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(dump(to_json(job.order)) + b"\n")
    with contextlib.suppress(ConnectionError):  # it ended already: the code will tell
        await process.stdin.drain()
    async for line in process.stdout:
        job.take(json.loads(line))
    return await process.wait()


async def _stop_when_told(process: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    assert process.stdin is not None
    await stop.wait()
    process.stdin.close()
    try:
        async with asyncio.timeout(_GRACE_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
