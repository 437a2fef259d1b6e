"""What goes into a window and comes out of it: everything that is not asking and looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lexel.viewer.autosave import Autosave
from lexel.viewer.child_work import Chosen
from lexel.viewer.dropping import Drops
from lexel.viewer.estimating import BuildPlan, plan_build
from lexel.viewer.file_actions import add_file_actions
from lexel.viewer.folders import Folders
from lexel.viewer.making import Making
from lexel.viewer.opener import Opener, OpenField, open_here, sentence_of
from lexel.viewer.opening import Can, Opening
from lexel.viewer.panels.column import column
from lexel.viewer.panels.evidence_panel import EvidencePanel
from lexel.viewer.panels.notice import Notice
from lexel.viewer.panels.offer_bar import OfferBar
from lexel.viewer.panels.photo_view import PhotoView
from lexel.viewer.panels.things_panel import ThingsPanel
from lexel.viewer.photo_asking import PhotoAsking
from lexel.viewer.picture_asking import PictureAsking
from lexel.viewer.recent import load_recent, remember_recent
from lexel.viewer.saving import Saving
from lexel.viewer.session_keeper import SessionKeeper
from lexel.viewer.settings import ViewerSettings, load_settings, save_settings
from lexel.viewer.showing import Showing
from lexel.viewer.theme import theme_called
from lexel.viewer.things_view import ThingsView
from lexel.viewer.window import ViewerWindow

_EMBEDDED = "Use the small ones of the package"


class InOut:
    """Opening, making, saving, settings and sessions of one window.

    Attributes:
        settings: as they are now; `change_settings` changes them.
        recent: what was opened lately, the newest first.
    """

    def __init__(
        self,
        window: ViewerWindow,
        folders: Folders,
        *,
        keep_session: bool = True,
        open_field: OpenField = open_here,
    ) -> None:
        self.window, self.folders = window, folders
        state, tasks, picture = window.state, window.tasks, window.area.main
        self.settings, trouble = load_settings(folders.config)
        self.recent = load_recent(folders.state)
        self.keeper = SessionKeeper(folders.state)
        self.opener = Opener(state, tasks, open_field)
        self.making = Making(state, tasks, self.opener, folders, self._chosen())
        self.photo = PhotoAsking(state, tasks, self._chosen(), self.settings.photo_preset)
        self.pictures = PictureAsking(state, tasks, self.settings.device)
        self.saving = Saving(state, tasks, picture.canvas)
        self._held = (
            Showing(state, tasks),
            ThingsView(state, tasks, picture.canvas),
            ThingsView(state, tasks, window.area.other.canvas, compares=True),
            Drops(window, self._take_dropped),
        )
        self.photo_view = PhotoView(state, picture)
        self.photo_view.dress(theme_called(window.theme_name))
        window.themed.connect(self.photo_view.dress)
        self.offer, self.notice = OfferBar(picture), Notice(window.pages, window.query_bar)
        picture.lies_over[:0] = [self.photo_view]
        picture.lies_over.append(self.offer)
        self._add_panels()
        self.plan: BuildPlan | None = None
        self._bind()
        add_file_actions(self)
        self._autosave = Autosave(state, tasks, self.keeper, window) if keep_session else None
        if trouble:
            self.notice.tell(trouble)

    def change_settings(self, settings: ViewerSettings) -> None:
        """Store them, and let everybody know."""
        self.settings = settings
        self.making.chosen = self.photo.chosen = self._chosen()
        self.photo.preset = settings.photo_preset
        self.pictures.device = settings.device
        save_settings(self.folders.config, settings)

    def restore_crashed(self) -> bool:
        """Bring back a session that ended by itself, if there is one."""
        session = self.keeper.crashed() if self.settings.restore else None
        if session is None:
            return False
        self.opener.restore(session)
        self.notice.tell("Lexel had ended by itself. What you had open is back.")
        return True

    def build(self) -> None:
        """Make what is open askable."""
        if self.plan is not None:
            self.offer.follow(self.making.build(self.plan))

    def _take_dropped(self, paths: Sequence[Path]) -> None:
        """A picture dropped on a field asks it; anything else is opened."""
        if len(paths) == 1 and self.pictures.takes(paths[0]):
            self.pictures.ask(paths[0])
        else:
            self.opener.take_dropped(paths)

    def _chosen(self) -> Chosen:
        return Chosen(self.settings.encoder, self.settings.weights, self.settings.device)

    def _add_panels(self) -> None:
        window, state = self.window, self.window.state
        self.evidence = EvidencePanel(state, window.tasks)
        self.things = ThingsPanel(state)
        window.add_panel("Evidence", column([self.evidence]))
        window.add_panel("Things", column([self.things]), wanted=lambda: bool(state.facts.things))

    def _bind(self) -> None:
        window, state, tell = self.window, self.window.state, self.notice.tell
        self.opener.opened.connect(self._opened)
        self.opener.failed.connect(lambda error: tell(sentence_of(error)))
        self.opener.warned.connect(tell)
        for work in (self.making, self.photo, self.pictures):
            work.trouble.connect(self._tell_of_work)
        self.saving.trouble.connect(tell)
        self.saving.saved.connect(window.say)
        self.offer.wants_build.connect(self.build)
        self.offer.wants_field.connect(self._open_field_of)
        state.watch(self._show_things, "things")
        window.closing.connect(lambda _: self._close())

    def _opened(self, opening: Opening) -> None:
        self.recent = remember_recent(self.folders.state, opening.path, self.recent)
        self.plan = None
        if Can.BUILD not in opening.can:
            self.offer.hide()
            return
        self.offer.offer(opening.name, opening.kind.value, Can.COMPLETE in opening.can)
        weights = self.settings.weights

        def told(plan: BuildPlan) -> None:
            if self.window.state.facts.opening is opening:
                self.plan = plan
                self.offer.tell_plan(plan)

        self.window.tasks.run(
            "Looking at it",
            lambda watched: plan_build(opening, self.folders, weights),
            told,
            failed=lambda error: self.notice.tell(sentence_of(error)),
            lane="plan",
            shown=False,
        )

    def _open_field_of(self) -> None:
        if self.plan is not None:
            self.opener.open(self.plan.out)

    def _show_things(self) -> None:
        if self.window.state.facts.things:
            self.window.show_panel("Things")

    def _tell_of_work(self, sentence: str) -> None:
        """Where weights are missing, offer those that come with the package."""
        if "lexel weights get" in sentence and self.settings.weights is None:
            self.notice.tell(sentence, _EMBEDDED, self._use_embedded)
        else:
            self.notice.tell(sentence)

    def _use_embedded(self) -> None:
        self.change_settings(replace(self.settings, weights="embedded"))
        self.photo.read()

    def _close(self) -> None:
        if self._autosave is not None:
            self._autosave.close()
        self.making.close()
        self.pictures.close()
        self.photo.close()
