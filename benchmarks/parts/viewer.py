"""The viewer's drawing: a keystroke to pixels, orbiting, loading, memory; against VTK.

    python -m benchmarks.parts.viewer SIDE POINTS FOLDER

does one side's work on the folder's `points.ply` in a window of 1280 × 800, and prints what it
measured as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.figures import Figure, Options, compare
from benchmarks.measure import Spent, peak_memory_gb, tell, timed
from benchmarks.workload import ROOT, Unavailable
from lexel.io.fields.points_file import map_points, save_points
from lexel.query.colour import expand, heat_colours
from lexel.scene import FieldPoints

_NUM_POINTS = (100_000, 1_000_000, 10_000_000)
_SIZE_PX = (1280, 800)
_EYE_M, _TARGET_M = np.array([-1.0, -2.0, 3.6]), np.array([2.5, 2.0, 1.0])
_RADIUS_PX = 1.5
_CODES = 4096
_KEYS, _KEYS_OF_VTK = 40, 4
_ORBIT_S, _TICK_MS = 4.0, 16
_TARGET_S, _RATIOS = 0.05, {1_000_000: 20.0, 10_000_000: 100.0}
_FRAMES_A_SECOND, _BLOCK_S, _LOADING_S, _BYTES_A_POINT = 8.0, 0.05, 20.0, 220.0

Json = dict[str, Any]


def run(options: Options) -> list[Figure]:
    """Each size and side in a process of its own, on one display."""
    if not os.environ.get("DISPLAY") and not shutil.which("Xvfb"):
        raise Unavailable("it needs a display or Xvfb")
    figures = []
    for number in _NUM_POINTS:
        with tempfile.TemporaryDirectory() as folder:
            code, rgb = _columns(number)
            save_points(Path(folder), FieldPoints(room(number), rgb, code), [])
            ours, vtk = (_measured(side, number, folder) for side in ("lexel", "vtk"))
        figures += _figures(number, ours, vtk)
    return figures


def _measured(side: str, number: int, folder: str) -> Json:
    from benchmarks.display import own_display

    with own_display() as display:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.parts.viewer", side, str(number), folder],
            cwd=ROOT,
            env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    tell(f"viewer: {side}, {number:,} points: {done.stdout.strip()}")
    told: Json = json.loads(done.stdout.splitlines()[-1])
    return told


def _figures(number: int, ours: Json, vtk: Json) -> list[Figure]:
    size = f"{number:,} points"
    key, recolour = Spent(*ours["key"]), Spent(*vtk["recolour"])
    how = (
        f"median of {_KEYS} keys, {_CODES:,} scores to a painted window, camera at rest, "
        f"light from depth; p95 {1000 * ours['key_p95_s']:.0f} ms"
    )
    figures = [
        Figure(f"scores to pixels, {size}", how, lexel=key.wall_s, at_most=_TARGET_S),
        compare(
            f"the same, {size}, against recolouring all points in VTK",
            recolour,
            key,
            f"VTK: median of {_KEYS_OF_VTK}, colours of all points and a render, no light",
            _RATIOS.get(number),
        ),
        Figure(
            f"the ids of a view, {size}, against a render of VTK",
            "median; first to final picture, everything after the camera moved",
            baseline=vtk["render_s"],
            lexel=ours["rest_s"],
        ),
    ]
    return figures if number < _NUM_POINTS[-1] else figures + _of_the_largest(size, ours)


def _of_the_largest(size: str, ours: Json) -> list[Figure]:
    frames = Figure(
        f"frames a second while orbiting {size}",
        f"{ours['frames']} pictures in {_ORBIT_S:g} s, a new camera every {_TICK_MS} ms; on "
        f"average {ours['share']:.0%} of the points and {1000 * ours['frame_cpu_s']:.0f} CPU ms in "
        f"each; final {1000 * ours['final_s']:.0f} "
        f"ms after the camera rests (target: at least {_FRAMES_A_SECOND:g} a second)",
        unit="/s",
        lexel=ours["frames"] / _ORBIT_S,
    )
    return [
        frames,
        Figure(
            f"longest block of the window's thread, {size}",
            "while orbiting and while typing, by a timer of 1 ms; median of the ten longest "
            f"{1000 * ours['blocks_s']:.0f} ms",
            lexel=ours["block_s"],
            at_most=_BLOCK_S,
        ),
        Figure(
            f"loading {size}",
            "from points.ply (in the disk's cache) to the final picture",
            lexel=ours["load_s"],
            at_most=_LOADING_S,
        ),
        Figure(
            f"memory a point, {size}",
            "resident, above the empty window, at rest; the file's own mapped pages included; at "
            f"the peak of loading {ours['peak_bytes']:.0f}",
            unit="B",
            lexel=ours["bytes"],
            at_most=_BYTES_A_POINT,
        ),
    ]


def room(number: int) -> npt.NDArray[np.float32]:
    """(N, 3) on the walls of a room of 5 × 4 × 2.6 m and on twenty boxes in it."""
    random = np.random.default_rng(0)
    xyz = random.random((number, 3), np.float32)
    side = random.integers(0, 6, number)
    xyz[np.arange(number), side // 2] = side % 2
    on_box = np.flatnonzero(random.random(number, np.float32) < 0.4)
    box = random.integers(0, 20, len(on_box))
    middle = random.random((20, 3)) * (0.8, 0.8, 0.3) + 0.1
    xyz[on_box] = (xyz[on_box] - 0.5) * (random.random((20, 3)) * 0.1 + 0.05)[box] + middle[box]
    return xyz * np.array([5, 4, 2.6], np.float32)


def _columns(number: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    random = np.random.default_rng(1)
    code = random.integers(0, _CODES, number).astype(np.int32)
    return code, random.integers(0, 256, (number, 3), np.uint8)


class LexelSide:
    """The canvas, and what is asked of it."""

    def __init__(self, number: int, folder: Path) -> None:
        from PyQt6.QtWidgets import QApplication

        from lexel.viewer.canvas import Canvas
        from lexel.viewer.drawing.grow import Discs
        from lexel.viewer.drawing.looking import Looker

        self.number, self.folder = number, folder
        self.app = QApplication(["benchmark"])
        self.looker = Looker()
        self.canvas = Canvas(self.looker)
        self.canvas.resize(*_SIZE_PX)
        self.canvas.show()
        self.canvas.set_discs(Discs(_RADIUS_PX))
        self.app.processEvents()
        self.random = np.random.default_rng(2)

    def measure(self) -> Json:
        empty = _resident()
        load, _ = timed(self._load)
        told: Json = {"load_s": load.wall_s}
        told["rest_s"] = statistics.median(timed(self._move)[0].wall_s for _ in range(5))
        told |= self._typing() | self._orbiting()
        told["bytes"] = (_resident() - empty) / self.number
        told["peak_bytes"] = (peak_memory_gb() * 1e9 - empty) / self.number
        self.looker.close()
        return told

    def _load(self) -> None:
        from lexel.geometry.cameras import look_at
        from lexel.viewer.drawing.camera import Camera, default_lens
        from lexel.viewer.drawing.cloud import arrange

        self.points = map_points(self.folder, self.number)
        self.canvas.set_points(arrange(self.points.xyz_m))
        pose = look_at(_EYE_M, _TARGET_M)
        self.canvas.set_camera(Camera(pose, _SIZE_PX, default_lens(_SIZE_PX)))
        self._press_key()
        self._wait(self._final)

    def _final(self) -> bool:
        shot, wanted = self.canvas.shot, self.canvas.scenery
        return shot is not None and shot.seen.final and shot.seen.scenery is wanted

    def _move(self) -> None:
        self._turn(0.02)
        self._wait(self._final)

    def _turn(self, angle_rad: float) -> None:
        from lexel.viewer.drawing.moves import orbit

        camera = self.canvas.camera
        assert camera is not None
        self.canvas.set_camera(orbit(camera, _TARGET_M, angle_rad, 0))

    def _press_key(self) -> None:
        """New scores of all codes, until the window has painted their colours."""
        from lexel.query.paint import Paint

        table = heat_colours(self.random.random(_CODES, np.float32))
        paint = Paint(self.points.code, table, self.points.rgb, 0.8)
        self.canvas.set_paint(paint)
        self._wait(lambda: self.canvas.shot is not None and self.canvas.shot.paint is paint)
        painted = self.canvas.painted
        self._wait(lambda: self.canvas.painted > painted)

    def _typing(self) -> Json:
        self._press_key()
        keys = [timed(self._press_key)[0] for _ in range(_KEYS)]
        walls = sorted(key.wall_s for key in keys)
        cpu = statistics.median(key.cpu_s for key in keys)
        return {"key": [statistics.median(walls), cpu], "key_p95_s": walls[int(0.95 * _KEYS)]}

    def _orbiting(self) -> Json:
        """A new camera at each tick; then keys; with a timer that tells how long it waits."""
        from PyQt6.QtCore import QTimer

        gaps, last = Gaps(), self.canvas.shot
        shares: list[float] = []
        beat, tick = QTimer(), QTimer()
        beat.timeout.connect(gaps.beat)
        tick.timeout.connect(lambda: self._turn(0.01))
        beat.start(1)
        tick.start(_TICK_MS)
        end, cpu_s = time.monotonic() + _ORBIT_S, time.process_time()
        while time.monotonic() < end:
            self._one_event()
            shot = self.canvas.shot
            if shot is not None and shot is not last:
                shares.append(shot.seen.points.share)
                last = shot
        tick.stop()
        cpu_s = time.process_time() - cpu_s
        final, _ = timed(lambda: self._wait(self._final))
        for _ in range(_KEYS):
            self._press_key()
        beat.stop()
        longest = sorted(gaps.seconds)[-10:]
        return {
            "frames": len(shares),
            "frame_cpu_s": cpu_s / max(len(shares), 1),
            "share": statistics.mean(shares or [0.0]),
            "final_s": final.wall_s,
            "block_s": longest[-1],
            "blocks_s": statistics.median(longest),
        }

    def _wait(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._one_event()

    def _one_event(self) -> None:
        from PyQt6.QtCore import QEventLoop

        self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


class Gaps:
    """Seconds between beats of a timer."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._last = time.monotonic()

    def beat(self) -> None:
        now = time.monotonic()
        self.seconds.append(now - self._last)
        self._last = now


def lexel_side(number: int, folder: Path) -> Json:
    return LexelSide(number, folder).measure()


def vtk_side(number: int, folder: Path) -> Json:
    """RGB of every point as VTK's direct scalars, without light or multisampling."""
    import pyvista

    plotter = pyvista.Plotter(off_screen=True, window_size=_SIZE_PX)
    plotter.disable_anti_aliasing()
    points = map_points(folder, number)
    code, random = np.ascontiguousarray(points.code), np.random.default_rng(2)
    cloud = pyvista.PolyData(np.ascontiguousarray(points.xyz_m))
    cloud["rgb"] = np.zeros((number, 3), np.uint8)
    plotter.add_points(cloud, scalars="rgb", rgb=True, point_size=2 * _RADIUS_PX, lighting=False)
    plotter.camera.position, plotter.camera.focal_point = _EYE_M, _TARGET_M
    plotter.camera.up = (0, 0, 1)
    plotter.show(auto_close=False, interactive=False)

    def recolour() -> None:
        table = heat_colours(random.random(_CODES, np.float32))
        cloud["rgb"][:] = expand(table, code)[:, :3]
        cloud.GetPointData().GetScalars().Modified()
        plotter.render()

    def move() -> None:
        plotter.camera.azimuth += 1
        plotter.render()

    recolour()
    spent = [timed(recolour)[0] for _ in range(_KEYS_OF_VTK)]
    moved = [timed(move)[0].wall_s for _ in range(_KEYS_OF_VTK)]
    seen = plotter.screenshot(return_img=True)
    assert len(np.unique(seen)) > 16, "VTK drew nothing"
    walls, cpus = ([getattr(s, clock) for s in spent] for clock in ("wall_s", "cpu_s"))
    return {
        "recolour": [statistics.median(walls), statistics.median(cpus)],
        "render_s": statistics.median(moved),
    }


def _resident() -> float:
    """Bytes of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


if __name__ == "__main__":
    work = {"lexel": lexel_side, "vtk": vtk_side}[sys.argv[1]]
    print(json.dumps(work(int(sys.argv[2]), Path(sys.argv[3]))))
