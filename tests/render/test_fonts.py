"""Labels in any script: drawn in a font that has it, else with question marks, said aloud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lexel.progress import Silent
from lexel.render import fonts
from lexel.render.relevancy_picture import draw_relevancies


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    use_system_fonts(monkeypatch, ())


def use_system_fonts(monkeypatch: pytest.MonkeyPatch, files: tuple[str, ...]) -> None:
    monkeypatch.setattr(fonts, "_SYSTEM_FONTS", files)
    monkeypatch.setattr(fonts, "_system_files", fonts._system_files.__wrapped__)


@pytest.mark.usefixtures("no_system_fonts")
@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("café Ωλ кухня", "café Ωλ кухня"),
        ("部屋 2", "?? 2"),
        ("what?", "what?"),
        ("a\u200db\U000e0100", "a\u200db"),
        ("", ""),
    ],
)
def test_unknown_letters_become_question_marks(text: str, drawn: str) -> None:
    assert fonts.drawable(text) == drawn
    assert fonts.wrap(text, 40, 2) == [drawn]


@pytest.mark.usefixtures("no_system_fonts")
def test_what_cannot_be_drawn_is_said_once() -> None:
    class Heard(Silent):
        said: tuple[str, ...] = ()

        def say(self, message: str) -> None:
            self.said += (message,)

    heard = Heard()
    maps, rgb = np.ones((3, 8, 8), np.float32), np.zeros((8, 8, 3), np.uint8)
    draw_relevancies(["台所", "why?", "部屋"], maps, rgb, progress=heard)
    (message,) = heard.said
    assert "台所; 部屋" in message
    draw_relevancies(["a", "b", "c"], maps, rgb, progress=heard)
    assert len(heard.said) == 1


def test_a_system_font_that_has_the_letters_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = fonts.font(12)
    mathematical = str(Path(own.path).with_name("STIXGeneral.ttf"))  # stands in for one of CJK
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    use_system_fonts(monkeypatch, ("/none.ttf", str(tmp_path / "broken.ttf"), mathematical))
    letter = min(fonts._letters(Path(mathematical)) - fonts._letters(Path(own.path)))
    assert fonts.drawable(f"a {letter}") == f"a {letter}"
    assert fonts.missing_note([letter]) is None
    assert fonts.font(12, letter).path == mathematical
    assert fonts.font(12, "a").path == own.path


def test_wide_letters_take_two_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "drawable", lambda text: text)
    assert max(map(len, fonts.wrap("部" * 30, 20, 3))) == 10


def test_no_line_ends_within_the_dots_of_what_is_left_out() -> None:
    text = "a very long label for the house plant in the corner"
    for columns in range(8, 16):
        lines = fonts.wrap(text, columns, 3)
        assert sum(line.count("…") for line in lines) == 1
        assert not any("." in line for line in lines)
