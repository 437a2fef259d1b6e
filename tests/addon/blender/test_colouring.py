"""What Blender shows of a paint is what the painter computes."""

from __future__ import annotations

import numpy as np

from lexel.query.paint import Paint

SIDE, APART, ROWS = 24, 2, 700
HATCH, WHITE = 0.45, 255


def paints(random):
    """Two answers to one cloud; both need more rows than an image has at first."""
    index = random.integers(-1, ROWS, SIDE * SIDE).astype(np.int32)
    rgb = random.integers(0, 256, (SIDE * SIDE, 3)).astype(np.uint8)
    tables = [random.integers(0, 256, (rows, 4)).astype(np.uint8) for rows in (700, 700)]
    return [
        Paint(index, table, rgb, share) for table, share in zip(tables, (1.0, 0.6), strict=True)
    ]


def test_a_flat_lit_render_has_the_painters_colours_and_blender_evaluates_the_scores(
    blender, archive, tmp_path
):
    random = np.random.default_rng(0)
    shown = paints(random)
    scores = [random.random(ROWS, np.float32) for _ in shown]
    np.savez(tmp_path / "points.npz", index=shown[0].index, rgb=shown[0].rgb)
    for number, (paint, score) in enumerate(zip(shown, scores, strict=True)):
        np.savez(tmp_path / f"answer-{number}.npz", table=paint.table, score=score)
    told = blender.run(
        "colours", tmp_path, archive=str(archive), side=SIDE, over_rgb=[p.over_rgb for p in shown]
    )
    assert told == {"type": "POINTCLOUD", "objects": 2, "meshes": 0}
    seen = np.load(tmp_path / "seen.npz")
    for number, (paint, score) in enumerate(zip(shown, scores, strict=True)):
        apart = np.abs(seen["pictures"][number].astype(int) - paint.colours())
        assert apart.max() <= APART
        np.testing.assert_array_equal(seen["scores"][number], score[paint.index])
        np.testing.assert_array_equal(seen["found"][number], score[paint.index] > 0.5)
    by_eevee = np.abs(seen["pictures"][-1].astype(int) - shown[-1].colours())
    assert by_eevee.max() <= APART
    check_inferred(seen["inferred"].astype(int), shown[-1].colours())


def check_inferred(pictures, colours):
    """What nobody saw has stripes, or is not there; what was seen is as it was."""
    half = SIDE * SIDE // 2
    for picture in pictures:
        assert np.abs(picture[half:] - colours[half:]).max() <= APART
    hatched, hidden = pictures[:, :half]
    striped = np.rint(colours[:half] * (1 - HATCH) + WHITE * HATCH)
    plain, stripe = ((np.abs(hatched - c) <= APART).all(axis=1) for c in (colours[:half], striped))
    assert (plain | stripe).all()
    assert min(plain.mean(), stripe.mean()) > 0.2
    assert (hidden == hidden[0]).all()
