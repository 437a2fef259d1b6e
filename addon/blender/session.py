"""What the add-on is doing in this Blender: open fields, the question being answered, the overlay.

Nothing of it is saved. Blender may undo, load another file or remove an object at any time, so
objects are kept by name and looked up again, and everything made from them can be made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import bpy
import numpy as np
import numpy.typing as npt

from lexel.errors import LexelError

from ..asking import LocalField, Question, Reply, open_local
from ..jobs import Check, reach_service
from ..launch import Launcher
from ..service import JobWatch, Service
from ..worker import Outcome, Worker
from . import clouds, colouring, legend
from .names import ROW
from .overlay import Overlay
from .preferences import preferences
from .question import question_of

_MOST_REMEMBERED, _MOST_LETTERS = 20, 1000
_LONG = "long"  # topic of what the service does for us

T = TypeVar("T")
LongWork = Callable[[Service, Check, JobWatch], T]


class Session:
    """One for a running add-on; see `current`."""

    def __init__(self) -> None:
        self._service, self._builds = Service(), Service()  # one for each thread
        self._launcher = Launcher()
        self._watch = JobWatch()
        self.worker = Worker("Lexel asks", self._service.interrupt)
        self.builder = Worker("Lexel builds", self._builds.interrupt)
        self.overlay = Overlay()
        self.reply: Reply | None = None
        self._fields: dict[str, LocalField] = {}
        self._index: dict[str, npt.NDArray[np.int32]] = {}

    def close(self) -> None:
        """End what runs."""
        self.overlay.stop()
        self.worker.stop()
        self.builder.stop()
        self._launcher.end()
        self._service.close()
        self._builds.close()
        self.forget()
        self._fields.clear()

    def forget(self) -> None:
        """Another file, or another step of it: nothing is known of its objects."""
        self._index.clear()
        self.reply = None
        self.overlay.forget()

    def field(self, path: str) -> LocalField:
        """An open field; opened when it is first needed.

        Raises:
            LexelError: there is none, or it is damaged.
        """
        return self._opener(path)()

    def _opener(self, path: str) -> Callable[[], LocalField]:
        """Gives the field in any thread; what only Blender knows is asked here."""
        if (opened := self._fields.get(path)) is not None:
            return lambda: opened
        place, tower = _absolute(path), preferences().tower

        def open_now() -> LocalField:
            field = self._fields[path] = open_local(place, tower, self._service)
            return field

        return open_now

    @property
    def answer(self) -> Reply:
        """The reply that is shown; there is one, as operators that need it are off before."""
        assert self.reply is not None
        return self.reply

    def opened(self, path: str) -> LocalField | None:
        """An open field; None while it is not."""
        return self._fields.get(path)

    def close_fields(self) -> None:
        """Open them anew when needed: the text tower is another one."""
        self._fields.clear()

    def ask(self, scene: Any) -> None:
        """Ask what the scene's choices say; the newest question wins."""
        choices = scene.lexel
        if choices.cloud is None:
            return
        cloud, question = choices.cloud, question_of(choices, scene)
        path, version = cloud.lexel.path, cloud.lexel.points
        place = scene.name, cloud.name_full
        opened = self._opener(path)

        def work(check: Check) -> Reply:
            field = opened()
            if version and version != field.version:
                raise other_points(place[1], "another version")
            return field.reply(question, check)

        def then(outcome: Outcome) -> None:
            if outcome.error is not None:
                self.fail(outcome.error)
            else:
                self._show(outcome.value, question, *place)

        self.worker.submit("ask", work, then)
        start_ticking()

    def have_done(self, work: LongWork[T], then: Callable[[T], None]) -> None:
        """Have the service do something long; `then` gets what came of it.

        Args:
            work: runs in the worker's thread, once a service is there.
            then: runs on the main thread.
        """
        command = preferences().found_command
        watch = self._watch = JobWatch()

        def job(check: Check) -> T:
            reach_service(self._builds, self._launcher, command, check)
            return work(self._builds, check, watch)

        def done(outcome: Outcome) -> None:
            self.say("")
            try:
                if outcome.error is not None:
                    raise outcome.error
                then(outcome.value)
            except LexelError as error:
                self.fail(error)

        self.say("waiting for Lexel's service")
        self.builder.submit(_LONG, job, done)
        start_ticking()

    def cancel(self) -> None:
        """Give up what `have_done` began."""
        self.builder.cancel(_LONG)
        self._watch = JobWatch()  # what the thread may still tell is not heard
        self.say("Cancelled")

    def tick(self) -> bool:
        """Show what has come; whether more is to come."""
        state, self._watch.state = self._watch.state, None
        if state is not None and not state.ended:
            self.say(state.stage or "waiting", state.done / state.total if state.total else 0.0)
        return self.worker.tick() | self.builder.tick()

    def resize(self, choices: Any) -> None:
        """Make the points that are asked as large as was chosen."""
        if choices.cloud is not None:
            shown = choices.show_inferred
            clouds.set_radius(choices.cloud.data, choices.point_radius_m, inferred=shown)
            self.overlay.forget()

    def fail(self, error: LexelError) -> None:
        """Say what is wrong and what to do."""
        facts = bpy.context.window_manager.lexel
        facts.message, facts.is_error, facts.progress = _readable(str(error)), True, 0.0
        _redraw()

    def say(self, message: str, progress: float = 0.0) -> None:
        """Say what is being done; blank when it is done."""
        facts = bpy.context.window_manager.lexel
        facts.message, facts.is_error, facts.progress = _readable(message), False, progress
        _redraw()

    def _show(self, reply: Reply, question: Question, scene_name: str, cloud_name: str) -> None:
        scene, cloud = bpy.data.scenes.get(scene_name), bpy.data.objects.get(cloud_name)
        if scene is None or cloud is None or not self._fits(cloud, reply):
            return
        index = reply.shown.index
        # A cloud that was removed and opened again has its name back, but no rows yet.
        has_rows = ROW in cloud.data.attributes
        is_new = not has_rows or self._index.get(cloud_name) is not index
        colouring.show(cloud, reply.shown, question.look.over_rgb, new_index=is_new)
        if is_new:
            self._index[cloud_name] = index
            self.overlay.forget()
        self.reply = reply
        legend.tell(bpy.context.window_manager.lexel, reply)
        _remember(scene.lexel.history, question.text)
        _redraw()

    def _fits(self, cloud: Any, reply: Reply) -> bool:
        held, answered = len(cloud.data.attributes["position"].data), len(reply.shown.index)
        if held != answered:
            self.fail(other_points(cloud.name, f"{held:,} instead of {answered:,}"))
        return held == answered


def _readable(message: str) -> str:
    """A message fit to be drawn all the time, whoever wrote it: not long, no halves of letters."""
    return message[:_MOST_LETTERS].encode("utf-8", "replace").decode("utf-8")


def other_points(cloud: str, got: str) -> LexelError:
    """The field was built anew, or somebody edited the points."""
    what = "the object has other points than its field"
    return LexelError(what, where=cloud, got=got, do="Open the field again.")


def _absolute(path: str) -> Path:
    """Where a field lies: where it was, or beside the .blend file that was moved with it."""
    place = Path(bpy.path.abspath(path))
    beside = Path(bpy.path.abspath("//")) / place.name
    return beside if bpy.data.filepath and not place.exists() and beside.exists() else place


def _remember(history: Any, text: str) -> None:
    """Keep a text that was asked; what was typed on the way to it is replaced by it."""
    if not text.strip() or (len(history) and history[-1].text == text):
        return
    if len(history) and text.startswith(history[-1].text):
        history[-1].text = text
        return
    for number, item in enumerate(history):
        if item.text == text:
            history.remove(number)
            break
    history.add().text = text
    if len(history) > _MOST_REMEMBERED:
        history.remove(0)


def _redraw() -> None:
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


_sessions: list[Session] = []  # none, or the one that runs


def current() -> Session:
    """The session that runs."""
    return _sessions[0]


def tick() -> float | None:
    """Show what has come; called by Blender's timer. Seconds to the next call, or None to end."""
    if not _sessions:
        return None
    return _INTERVAL_S if current().tick() else None


_INTERVAL_S = 0.02


def start_ticking() -> None:
    """Have `tick` called from now on, until nothing is left to come."""
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=_INTERVAL_S, persistent=True)


def register(undo: ExitStack) -> None:
    _sessions.append(Session())
    undo.callback(_end)
    current().overlay.start()


def _end() -> None:
    _sessions.pop().close()
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
