"""Relevancy of the scene's 17 phrases: `ours` at equal output, and `fast`.

The published way is projected from whole batches; Lexel's `ours` too, unless `--full`.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from benchmarks.figures import Figure, Options, compare
from benchmarks.measure import Spent, best, profile, repeatedly, tell, timed
from benchmarks.parts.fast_effect import effect_of_fast
from benchmarks.published.relevancy import (
    BATCH,
    Tile,
    add_tiles,
    explain_tiles,
    scales_of_ours,
    tiles_of_scale,
)
from benchmarks.published.tower import PlainTower
from benchmarks.workload import ReadingJob, full_cache, reading_job
from lexel.relevancy.extractor import PreparedImage, prepare, prepare_crops
from lexel.relevancy.presets import get_preset
from lexel.relevancy.tiles import TileGrid, published_tile_grids, tile_grids

_ROUNDS = 5
_OURS, _FAST = get_preset("ours"), get_preset("fast")
_OURS_TARGET, _FAST_TARGET = 1.6, 10.0


def run(options: Options) -> list[Figure]:
    """All relevancy figures but those of further phrases."""
    job = reading_job()
    rounds = [_Round(job, number) for number in range(_ROUNDS)]
    for number, one in enumerate(rounds):
        one.measure()
        tell(f"relevancy: batch {number + 1} of {_ROUNDS}: {one}")
    crops = len(_published_crops(job))
    published = best([one.published for one in rounds]) * (crops / BATCH)
    bare = best([one.bare for one in rounds]) * (crops / BATCH)
    ours, how = _ours(job, rounds, crops, options)
    difference = max(one.difference for one in rounds)
    batches = f"{_ROUNDS} batches of {BATCH} crops, each read mirrored too"
    projected = (
        f"published: projected from the best of {batches}, to {crops} crops ({2 * crops} passes)"
    )
    ours_figure = compare(
        "relevancy, 17 phrases, `ours`", published, ours, f"{projected}; {how}", _OURS_TARGET
    )
    fast, fast_passes = _fast(job)
    figures = [
        _with_limits(ours_figure, job),
        Figure(
            "  floor: bare encoder passes",
            f"projected from the same batches, open_clip's own forward, no graph: {2 * crops} "
            "passes; Lexel's column is the line above's",
            baseline=bare.wall_s,
            lexel=ours.wall_s,
            cpu_ratio=bare.cpu_s / ours.cpu_s,
        ),
        Figure(
            "  largest difference of the maps",
            f"on the {_ROUNDS * BATCH} crops measured, fp32 canvas; the maps reach "
            f"{max(one.highest for one in rounds):.2g}",
            unit="",
            lexel=difference,
            at_most=1e-5,
        ),
        compare(
            "relevancy, 17 phrases, `fast`",
            published,
            fast,
            f"{projected}; Lexel measured in full: {fast_passes} passes, correct crop set",
            _FAST_TARGET,
        ),
        _correct_crops(job, published, ours, crops),
    ]
    return figures + effect_of_fast(job, options)


class _Round:
    """One batch of crops, read by each way in turn."""

    def __init__(self, job: ReadingJob, number: int) -> None:
        self._job = job
        height, width = job.rgb.shape[:2]
        size, stride = scales_of_ours(height)[-1]
        every = tiles_of_scale(1, height, width, size, stride)
        per_image = len(every) // BATCH
        first = number % per_image * BATCH
        self._tiles = every[first : first + BATCH]
        self._image = job.images[number // per_image]
        self._plain = PlainTower.of(job.encoder.model.visual)
        self._grid = _grid_of(self._tiles, height, width, stride)
        self.published = self.lexel = self.bare = Spent(0, 0)
        self.difference = self.highest = 0.0

    def __str__(self) -> str:
        return f"published {self.published}, Lexel's reading {self.lexel}, bare {self.bare}"

    def measure(self) -> None:
        self.published, expected = timed(self._read_as_published)
        self.lexel, prepared = timed(self.read_with_lexel)
        got = prepared.relevancy(self._job.text)
        self.bare = self._bare()
        self.difference = float((got - expected).abs().max())
        self.highest = float(expected.max())

    def read_with_lexel(self) -> PreparedImage:
        return prepare_crops(self._job.encoder, [self._image], [self._grid], flip=True)

    def _read_as_published(self) -> Tensor:
        size_px = self._job.encoder.image_size_px
        maps = explain_tiles(
            self._plain, [self._image], self._tiles, self._job.text, size_px, flip=True
        )
        sums = torch.zeros(len(self._job.text), *self._image.shape[:2])
        count = torch.full(self._image.shape[:2], 1e-5)
        add_tiles(sums, count, self._tiles, maps)
        return sums / count

    def _bare(self) -> Spent:
        visual, size_px = self._job.encoder.model.visual, self._job.encoder.image_size_px
        images = torch.randn(BATCH, 3, size_px, size_px)
        with torch.inference_mode():
            return timed(lambda: [visual(images) for _ in range(2)])[0]


def _ours(job: ReadingJob, rounds: list[_Round], crops: int, options: Options) -> tuple[Spent, str]:
    """Lexel's way at equal output, and how it was timed."""
    grids = published_tile_grids(*job.rgb.shape[:2], _OURS)
    if options.full:

        def whole() -> Tensor:
            prepared = prepare(job.encoder, job.rgb, _OURS, reference=True)
            return prepared.relevancy(job.text)

        return timed(whole)[0], f"Lexel measured in full: {2 * crops} passes"
    reading = best([one.lexel for one in rounds]) * (crops / BATCH)
    prepared = full_cache(job, grids, len(job.images))
    explaining = repeatedly(lambda: prepared.relevancy(job.text), 3)
    tell(f"relevancy: Lexel explains 17 phrases from {2 * crops} passes in {explaining}")
    return reading + explaining, (
        f"Lexel: reading projected from the best of the same batches, explaining "
        f"17 phrases measured on a full cache ({explaining})"
    )


def _fast(job: ReadingJob) -> tuple[Spent, int]:
    grids = tile_grids(*job.rgb.shape[:2], _FAST)
    spent, _ = timed(lambda: prepare(job.encoder, job.rgb, _FAST).relevancy(job.text))
    return spent, 2 * sum(int(grid.used.sum()) for grid in grids)


def _correct_crops(job: ReadingJob, published: Spent, ours: Spent, crops: int) -> Figure:
    """What the correct crop set costs on this portrait: not at equal output, so no target."""
    grids = tile_grids(*job.rgb.shape[:2], _OURS)
    correct = len(job.images) * sum(int(grid.used.sum()) for grid in grids)
    return compare(
        "  the same with the correct crop set",
        published,
        ours * (correct / crops),
        f"projected by crops: {2 * correct} passes where the published set has {2 * crops}, as "
        "the extent is the shorter side and every pixel is covered",
    )


def _with_limits(figure: Figure, job: ReadingJob) -> Figure:
    if figure.met:
        return figure
    return replace(figure, limits=profile(_Round(job, 0).read_with_lexel))


def _published_crops(job: ReadingJob) -> list[Tile]:
    height, width = job.rgb.shape[:2]
    return [
        tile
        for size, stride in scales_of_ours(height)
        for tile in tiles_of_scale(len(job.images), height, width, size, stride)
    ]


def _grid_of(tiles: list[Tile], height: int, width: int, stride: int) -> TileGrid:
    """Lexel's grid with only these crops in use."""
    size = tiles[0].size
    rows = tuple(range(0, height - size + 1, stride))
    columns = tuple(range(0, width - size + 1, stride))
    used = torch.zeros(len(rows), len(columns), dtype=torch.bool)
    for tile in tiles:
        used[tile.row // stride, tile.column // stride] = True
    return TileGrid(size, rows, columns, used)
