"""Localisation of the scene's 3 descriptions: 84 runs of the U-Net against one per phrase."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from benchmarks.figures import Figure, Options, compare
from benchmarks.measure import Spent, best, profile, tell, timed
from benchmarks.published.networks import PlainNetwork
from benchmarks.published.schedule import CHUNK, Asked
from benchmarks.workload import SEED, AskingJob, asking_job
from lexel.completion.networks import SemAbsVOOL
from lexel.completion.ovssc import Evidence
from lexel.completion.vool import Localiser, kept
from lexel.scene import Description

_TARGET = 15.0


def run(options: Options) -> list[Figure]:
    """Lexel's side is measured in full, a run of the published way before each description."""
    job = asking_job(SemAbsVOOL)
    localiser = Localiser(job.network, job.boxed.cloud, job.boxed.grid)
    published = PublishedRuns(job)
    lexel = Spent(0, 0)
    for description in job.scene.descriptions:
        published.measure(description)
        spent, _ = timed(lambda d=description: answer(job, localiser, d))
        lexel += spent
        tell(f"localisation: {description}: published run {published.last}; Lexel {spent}")
    descriptions = len(job.scene.descriptions)
    runs = descriptions * len(job.places.split(CHUNK))
    figure = compare(
        f"localisation, {descriptions} descriptions (aim: 25 x)",
        published.projected(descriptions),
        lexel,
        f"published: {descriptions} runs measured (two U-Nets {published.unets}, decoder on 2^20 "
        f"places {published.decoder}), projected to {runs} runs of two U-Nets; Lexel measured in "
        "full: U-Net once per phrase, decoding, places",
        _TARGET,
    )
    if figure.met:
        return [figure]
    first = job.scene.descriptions[0]
    fresh = Localiser(job.network, job.boxed.cloud, job.boxed.grid)
    return [replace(figure, limits=profile(lambda: answer(job, fresh, first)))]


def answer(job: AskingJob, localiser: Localiser, description: Description) -> object:
    """What Lexel does for one description: logits, places kept, their world positions."""
    evidence = {
        phrase: Evidence(job.maps[phrase], torch.empty(0))
        for phrase in (description.target, description.reference)
    }
    logits = localiser.ask(description, evidence.__getitem__)
    places = np.flatnonzero(kept(logits).numpy())
    return job.boxed.places_in_world(places), logits.numpy()[places]


class PublishedRuns:
    """Runs of the network on one chunk of the lattice each, with the graph kept."""

    def __init__(self, job: AskingJob) -> None:
        self._job = job
        self._network = PlainNetwork.of(job.network)
        self._asked = Asked(job.boxed.cloud.xyz, job.places, np.random.RandomState(SEED))
        self._both: list[Spent] = []
        self._decoder: list[Spent] = []

    def measure(self, description: Description) -> Tensor:
        drawn = self._asked.draw()
        xyz, places = self._asked.xyz[drawn], self._asked.places[:CHUNK]
        cloud, maps = self._job.boxed.cloud, self._job.maps
        pair = [
            cloud.relevancy(maps[phrase])[drawn]
            for phrase in (description.target, description.reference)
        ]
        both, volumes = timed(
            lambda: [self._network.volume("completion_net.", xyz, values) for values in pair]
        )
        decoder, logits = timed(
            lambda: self._network.point_at(volumes, description.relation, places)
        )
        self._both.append(both)
        self._decoder.append(decoder)
        return logits.detach()

    @property
    def last(self) -> Spent:
        return self._both[-1] + self._decoder[-1]

    @property
    def unets(self) -> Spent:
        return best(self._both)

    @property
    def decoder(self) -> Spent:
        return best(self._decoder)

    def projected(self, descriptions: int) -> Spent:
        """All chunks of all descriptions; the last chunk is a small one."""
        chunks, full = len(self._job.places.split(CHUNK)), len(self._job.places) / CHUNK
        return (self.unets * chunks + self.decoder * full) * descriptions
