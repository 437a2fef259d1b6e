"""One phrase more on an image that is prepared already."""

from __future__ import annotations

from benchmarks.figures import Figure, Options, compare
from benchmarks.measure import Spent, best, profile, repeatedly, tell, timed
from benchmarks.published.relevancy import BATCH, explain_tiles, scales_of_ours, tiles_of_scale
from benchmarks.published.tower import PlainTower
from benchmarks.workload import ReadingJob, full_cache, reading_job
from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.relevancy.presets import get_preset
from lexel.relevancy.tiles import TileGrid, published_tile_grids, tile_grids

_ROUNDS = 2
_REPEATS = 7


def run(options: Options) -> list[Figure]:
    """`ours` with the published crop set and with the correct one; `fast`; text encoding."""
    job = reading_job()
    size = job.rgb.shape[:2]
    ours, fast = get_preset("ours"), get_preset("fast")
    batch = _batch_again(job)
    text = repeatedly(
        lambda: job.encoder.phrase_features(["a blue thing"], [PHOTOGRAPH_TEMPLATE]), _REPEATS
    )
    figures = [
        Figure(
            "text encoding of one phrase",
            f"one prompt; best of {_REPEATS}",
            lexel=text.wall_s,
        )
    ]
    cases = [
        ("`ours`", published_tile_grids(*size, ours), len(job.images), 400.0, 0.5),
        ("`ours`, correct crop set", tile_grids(*size, ours), len(job.images), 400.0, 0.5),
        ("`fast`", tile_grids(*size, fast), 1, 100.0, 0.1),
    ]
    for name, grids, images, at_least, at_most in cases:
        figures += _further(job, name, grids, images, batch, at_least, at_most)
    return figures


def _further(
    job: ReadingJob,
    name: str,
    grids: list[TileGrid],
    images: int,
    batch: Spent,
    at_least: float,
    at_most: float,
) -> list[Figure]:
    prepared = full_cache(job, grids, images)
    phrase = job.text[:1]
    spent = repeatedly(lambda: prepared.relevancy(phrase), _REPEATS)
    tell(f"phrase: {name}: {spent}")
    crops = images * sum(int(grid.used.sum()) for grid in grids)
    again = batch * (crops / BATCH)
    told = f"best of {_REPEATS} on a cache of {2 * crops} passes, text features given"
    how = (
        f"published: everything again with one label, projected from {_ROUNDS} batches of {BATCH} "
        f"crops to the {crops} of this crop set"
    )
    missed = spent.wall_s > at_most or again.wall_s < at_least * spent.wall_s
    limits = profile(lambda: prepared.relevancy(phrase)) if missed else ""
    return [
        compare(f"further phrase, {name}", again, spent, f"{how}; Lexel: {told}", at_least),
        Figure("  the same", told, lexel=spent.wall_s, at_most=at_most, limits=limits),
    ]


def _batch_again(job: ReadingJob) -> Spent:
    """One batch of crops read the published way, with one label."""
    height, width = job.rgb.shape[:2]
    tiles = tiles_of_scale(1, height, width, *scales_of_ours(height)[-1])
    plain = PlainTower.of(job.encoder.model.visual)

    def batch(start: int) -> Spent:
        some, size_px = tiles[start : start + BATCH], job.encoder.image_size_px
        return timed(
            lambda: explain_tiles(plain, job.images, some, job.text[:1], size_px, flip=True)
        )[0]

    spent = best([batch(number * BATCH) for number in range(_ROUNDS)])
    tell(f"phrase: a batch of {BATCH} crops again with one label: {spent}")
    return spent
