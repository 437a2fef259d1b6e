"""Time, memory and profiles of a piece of work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, and seconds of all this process's threads."""

    wall_s: float
    cpu_s: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)

    def __mul__(self, factor: float) -> Spent:
        return Spent(self.wall_s * factor, self.cpu_s * factor)

    def __str__(self) -> str:
        return f"{self.wall_s:.3g} s ({self.cpu_s:.3g} CPU s)"


def timed(work: Callable[[], T]) -> tuple[Spent, T]:
    """What the work took, and gave."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu), result


def best(spent: Sequence[Spent]) -> Spent:
    """The least of several measurements, of each clock by itself: what disturbs only ever adds."""
    return Spent(min(s.wall_s for s in spent), min(s.cpu_s for s in spent))


def repeatedly(work: Callable[[], object], times: int) -> Spent:
    """Best time of the work, after once for warming up."""
    work()
    return best([timed(work)[0] for _ in range(times)])


def tell(message: str) -> None:
    """Where the benchmark is; the table alone goes to stdout."""
    print(message, file=sys.stderr, flush=True)


def peak_memory_gb() -> float:
    """The most this process has held resident so far."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return float(psutil.Process().memory_info().peak_wset / 1e9)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / 1e9 if sys.platform == "darwin" else peak * 1024 / 1e9)


def profile(work: Callable[[], object], rows: int = 8) -> str:
    """Where the work's CPU time goes, by torch operator."""
    from torch.profiler import ProfilerActivity
    from torch.profiler import profile as record

    with record(activities=[ProfilerActivity.CPU], acc_events=True) as recorded:
        work()
    events = sorted(recorded.key_averages(), key=lambda e: -e.self_cpu_time_total)
    total = sum(e.self_cpu_time_total for e in events)
    lines = [f"{'operator':<36}{'calls':>7}{'self ms':>10}{'share':>8}"]
    for event in events[:rows]:
        spent = event.self_cpu_time_total
        lines.append(
            f"{event.key[:35]:<36}{event.count:>7}{spent / 1000:>10.1f}{spent / total:>8.0%}"
        )
    return "\n".join(lines)
