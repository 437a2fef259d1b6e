"""Sessions: stored whole, restored equal, found again after a crash."""

import dataclasses
import multiprocessing
import os
import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import InputError
from lexel.scene.recipe import Mode
from lexel.viewer.choices import Choices, ClipBox, PickedCodes, PictureVector, Selection
from lexel.viewer.drawing.camera import Camera, default_lens
from lexel.viewer.session import Session, load_session, save_session, session_json
from lexel.viewer.session_keeper import SessionKeeper

EVERYTHING = Choices(
    text="mug; chair -table",
    compare="lamp",
    examples=(PickedCodes("like this", (3, 4), (10, 2)), PictureVector("photo.jpg", (0.6, 0.8))),
    negatives=("stuff",),
    balance=0.25,
    query=1,
    mode=Mode.LABEL,
    layer="completion/chair",
    threshold=0.61,
    heat_range=(0.5, 0.9),
    colour_map="viridis",
    over_rgb=0.5,
    tier=2,
    point_size=2.0,
    clip=ClipBox((-1.0, -1.0, 0.0), (1.0, 1.0, 2.0)),
    camera=Camera(np.eye(4), (640, 480), default_lens((640, 480))),
    selection=Selection.of([5, 3, 9], "three points"),
    isolated=True,
    show_inferred=False,
    see_inside=True,
    overlays=("completion/chair",),
)


def test_every_choice_survives(tmp_path):
    default = Choices()
    for one in dataclasses.fields(Choices):
        changed, usual = getattr(EVERYTHING, one.name), getattr(default, one.name)
        assert changed is not usual and changed != usual, f"{one.name} is not tested"
    session = Session(tmp_path / "room.lexel", (tmp_path / "results",), EVERYTHING, (900, 700))
    save_session(tmp_path / "session.json", session)
    back = load_session(tmp_path / "session.json")
    assert session_json(back) == session_json(session)
    assert back.choices.selection.ids.tolist() == [3, 5, 9]
    assert back.choices.camera.key == EVERYTHING.camera.key
    assert (back.opened, back.results, back.size_px) == (
        session.opened,
        session.results,
        (900, 700),
    )


@given(
    text=st.text(max_size=30),
    ids=st.lists(st.integers(0, 2**40), max_size=20),
    balance=st.floats(0, 1),
    names=st.lists(st.text(max_size=9), max_size=3),
)
def test_any_words_and_points_survive(tmp_path_factory, text, ids, balance, names):
    choices = Choices(
        text=text, balance=balance, overlays=tuple(names), selection=Selection.of(ids, text)
    )
    file = tmp_path_factory.mktemp("session") / "session.json"
    try:
        save_session(file, Session(choices=choices))
    except UnicodeEncodeError:  # half a UTF-16 pair, which no key types
        return
    assert session_json(load_session(file)) == session_json(Session(choices=choices))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"session": 1', '"session": 99'),
        ('"mode": "heat"', '"mode": "magic"'),
        ('"balance": 0.0', '"balance": 7'),
        ('"ids": "', '"ids": "!'),
        ('"isolated": false', '"isolated": 0'),
        ("{", ""),
    ],
)
def test_a_damaged_session_gets_a_sentence(tmp_path, old, new):
    file = tmp_path / "session.json"
    save_session(file, Session())
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=r"session\.json"):
        load_session(file)


def test_what_ends_well_leaves_nothing_to_restore(tmp_path):
    keeper = SessionKeeper(tmp_path)
    session = Session(tmp_path / "room.lexel", choices=Choices(text="mug"))
    assert keeper.keep(session) and not keeper.keep(session)
    keeper.close(session)
    assert SessionKeeper(tmp_path).crashed() is None
    assert SessionKeeper(tmp_path).last().choices.text == "mug"


def _work_until_killed(folder, told):
    keeper = SessionKeeper(folder)
    keeper.keep(Session(folder / "room.lexel", choices=Choices(text="mug")))
    told.send("kept")
    told.recv()


def test_a_killed_process_leaves_its_session_and_a_running_one_keeps_it(tmp_path):
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work_until_killed, args=(tmp_path, theirs), daemon=True)
    process.start()
    assert ours.poll(30) and ours.recv() == "kept"
    assert SessionKeeper(tmp_path).crashed() is None
    os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.join()
    assert SessionKeeper(tmp_path).crashed().choices.text == "mug"
    assert SessionKeeper(tmp_path).crashed() is None  # it was taken over
