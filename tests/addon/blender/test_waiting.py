"""A service that hangs: typing goes on, and the add-on can be switched off."""

from __future__ import annotations

from tests.addon import liar

MOST_S, END_S = 0.05, 5.0


def test_blender_never_waits_for_the_service(blender, archive, field, tmp_path, monkeypatch):
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "no-tower-here"))
    monkeypatch.setenv("LEXEL_RUNTIME", str(runtime))
    with liar.liar(runtime, liar.polite(liar.hang)):
        told = blender.run("waiting", tmp_path, archive=str(archive), field=str(field))
    assert told["busy"]  # it was really waiting
    assert max(*told["waits"], told["longest"]) < MOST_S
    assert told["told"]["entries"][0][0] == "mug" and not told["told"]["is_error"]
    assert told["ended"] < END_S
    assert told["threads"][0] == told["threads"][1]
    assert 0 < told["lied"] <= 1000
