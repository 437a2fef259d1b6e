"""The service: typing while a build runs, a roomful of typists, and ten thousand bad requests."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from benchmarks.figures import Figure, Options
from benchmarks.fuzz import fuzz
from benchmarks.measure import tell, timed
from benchmarks.serving import CODES, Served, serving
from benchmarks.workload import SEED
from lexel.io.samples import sample_scene
from lexel.pipelines.ask import open_field
from lexel.service.address import load_address
from lexel.service.client import Client, ServiceError
from lexel.service.protocol import Ask, JobState

_KEYS, _PAUSE_S = 300, 0.05
_TYPISTS, _KEYS_A_SECOND, _LOAD_S = 50, 2, 60.0
_REQUESTS = 10_000
_TYPING_TARGET_S = 0.05
_NOUNS = "mug chair lamp plant kettle globe pillow bottle vase basket clock drawer".split()
_ADJECTIVES = "red blue old small wooden shiny broken empty round heavy".split()


def run(options: Options) -> list[Figure]:
    """Typing beside a build, 50 typists, and whether the service lives after bad requests."""
    with serving() as served:
        return [*_typing(served), *_load(served), _bad_requests(served)]


def _typing(served: Served) -> list[Figure]:
    """Keys whose words are known already: text encoding is measured apart (`typing`)."""
    own = open_field(served.field)
    words = [f"{adjective} {noun}" for adjective in _ADJECTIVES for noun in _NOUNS]
    keys = [words[i % len(words)] for i in range(_KEYS)]
    for word in words:
        own.ask(word)
    alone = [_paused(lambda k=key: own.ask(k)) for key in keys]  # type: ignore[misc]
    with served.client() as client:
        name = str(client.greet().fields[0]["id"])
        for word in words:
            client.ask(name, Ask((word,)))
        idle = [_paused(lambda k=key: client.ask(name, Ask((k,)))) for key in keys]  # type: ignore[misc]
        beside = _beside_builds(client, name, keys, served)
    how = (
        f"{_KEYS} keys, {_PAUSE_S * 1000:.0f} ms apart, of words that were encoded before; {CODES} "
        "codes; baseline: the same asked within this process, nothing beside"
    )
    return [
        Figure(
            f"typing {where}, p{percentile}",
            f"{how}{more}",
            baseline=_at(alone, percentile),
            lexel=_at(seconds, percentile),
            at_most=target if percentile == 95 else None,
        )
        for where, seconds, more, target in (
            ("in the service", idle, "", None),
            (
                "while it builds",
                beside,
                "; the sample scan is built by a job, again and again",
                _TYPING_TARGET_S,
            ),
        )
        for percentile in (50, 95)
    ]


def _beside_builds(client: Client, name: str, keys: Sequence[str], served: Served) -> list[float]:
    """Seconds of each key; builds follow one another until all are typed."""
    ending, busy = threading.Event(), threading.Event()
    builder = threading.Thread(target=_build, args=(served, busy, ending))
    builder.start()
    try:
        busy.wait()
        return [_paused(lambda k=key: client.ask(name, Ask((k,)))) for key in keys]  # type: ignore[misc]
    finally:
        ending.set()
        builder.join()


def _build(served: Served, busy: threading.Event, ending: threading.Event) -> None:
    with served.client(60) as client:
        for number in itertools.count():
            out = served.field.with_name(f"built-{number}.lexel")
            order = {"scene": str(sample_scene("scan")), "out": str(out), "weights": "embedded"}
            job = client.start("build", order)
            while not job.ended:
                job = client.job(job.id, after=job.version, wait_s=1)
                _say_when_busy(job, busy)
                if ending.is_set():
                    client.cancel(job.id)
            if ending.is_set():
                return


def _say_when_busy(job: JobState, busy: threading.Event) -> None:
    if job.stage and not busy.is_set():
        tell(f"service: typing while the job is at {job.stage!r}")
        busy.set()


def _paused(work: object) -> float:
    time.sleep(_PAUSE_S)
    return timed(work)[0].wall_s  # type: ignore[arg-type]


@dataclass
class Typist:
    """Somebody who types at a steady pace; half of what he types, others have typed too."""

    number: int
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def type_for(self, served: Served, name: str, until: float) -> None:
        random = np.random.default_rng(SEED + self.number)
        client, due = served.client(), time.monotonic() + random.uniform(0, 1 / _KEYS_A_SECOND)
        with client:
            for seq in itertools.count():
                if due > until:
                    return
                time.sleep(max(0.0, due - time.monotonic()))
                self._press(client, name, self._phrase(random, seq), seq)
                due += 1 / _KEYS_A_SECOND

    def _phrase(self, random: np.random.Generator, seq: int) -> str:
        words = f"{random.choice(_ADJECTIVES)} {random.choice(_NOUNS)}"
        return words if seq % 2 else f"{words} number {self.number} of {seq}"

    def _press(self, client: Client, name: str, phrase: str, seq: int) -> None:
        began = time.monotonic()
        try:
            client.ask(name, Ask((phrase,), client=f"typist-{self.number}", seq=seq))
            self.seconds.append(time.monotonic() - began)
        except ServiceError as error:
            self.errors.append(str(error))


def _load(served: Served) -> list[Figure]:
    with served.client() as client:
        name = str(client.greet().fields[0]["id"])
    typists = [Typist(number) for number in range(_TYPISTS)]
    until = time.monotonic() + _LOAD_S
    with ThreadPoolExecutor(_TYPISTS) as pool:
        list(pool.map(lambda typist: typist.type_for(served, name, until), typists))
    seconds = [one for typist in typists for one in typist.seconds]
    errors = [one for typist in typists for one in typist.errors]
    tell(f"service: {len(seconds)} answers, {len(errors)} errors {errors[:1]}")
    alone = _in_process(served, typists[0])
    how = (
        f"{_TYPISTS} clients, {_KEYS_A_SECOND} keys a second each, {_LOAD_S:.0f} s, every other "
        f"phrase new and encoded by the embedded text tower: {len(seconds)} answers; baseline: one "
        "such typist within this process"
    )
    return [
        *(
            Figure(f"{_TYPISTS} typists, p{p}", how, baseline=_at(alone, p), lexel=_at(seconds, p))
            for p in (50, 95, 99)
        ),
        Figure("  their errors", "of any kind", unit="", lexel=float(len(errors)), at_most=0),
    ]


def _in_process(served: Served, typist: Typist) -> list[float]:
    random = np.random.default_rng(SEED + typist.number)
    own = open_field(served.field)
    own.ask("mug")
    phrases = [typist._phrase(random, seq) for seq in range(int(_LOAD_S * _KEYS_A_SECOND))]
    return [timed(lambda p=phrase: own.ask(p))[0].wall_s for phrase in phrases]  # type: ignore[misc]


def _bad_requests(served: Served) -> Figure:
    with served.client() as client:
        name = str(client.greet().fields[0]["id"])
        spent, seen = timed(lambda: fuzz(load_address(served.file), name, _REQUESTS, SEED))
        tell(f"service: {_REQUESTS} requests: {dict(sorted(seen.items()))}")
        client.ask(name, Ask(("mug",)))
    faults = sum(count for status, count in seen.items() if status >= 500)
    told = ", ".join(f"{status or 'none'} {count}x" for status, count in sorted(seen.items()))
    return Figure(
        f"{_REQUESTS:,} fuzzed requests, our faults",
        f"in {spent.wall_s:.0f} s, then it answered; statuses: {told}",
        unit="",
        lexel=float(faults),
        at_most=0,
    )


def _at(seconds: Sequence[float], percentile: float) -> float:
    return float(np.percentile(seconds, percentile))
