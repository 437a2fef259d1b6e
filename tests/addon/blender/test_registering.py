"""The extension is in Blender as a whole or not at all."""

from __future__ import annotations


def test_what_fails_half_way_leaves_nothing_behind(blender, archive, tmp_path):
    told = blender.run("halfway", tmp_path, archive=str(archive))
    assert told["working"]["classes"] and told["working"]["menu"] > told["before"]["menu"]
    assert told["said"] and not told["enabled"]
    assert told["failed"] == told["after"] == told["before"]
    assert told["again"] == told["working"]
