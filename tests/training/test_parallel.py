"""Two processes train what one trains. They are started afresh, as on macOS and Windows."""

from __future__ import annotations

import os
import socket
from multiprocessing import get_context
from pathlib import Path

import pytest
from safetensors.torch import load_file

from tests.room_world import make_dataset
from tests.training.small import small_plan, small_training


def _take_part(rank: int, port: int, data: Path, out: Path) -> None:
    os.environ |= {"WORLD_SIZE": "2", "RANK": str(rank), "LOCAL_RANK": str(rank)}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
    small_training(data, out, small_plan(steps=3))


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@pytest.mark.timeout(120)
def test_two_processes_train_what_one_trains(tmp_path: Path) -> None:
    data = make_dataset(tmp_path / "data", views=4, sources=("encoder",))
    alone = small_training(data, tmp_path / "alone", small_plan(steps=3))
    port, spawn = _free_port(), get_context("spawn")
    arguments = (port, data, tmp_path / "together")
    group = [spawn.Process(target=_take_part, args=(rank, *arguments)) for rank in range(2)]
    for process in group:
        process.start()
    for process in group:
        process.join(100)
    assert [process.exitcode for process in group] == [0, 0]
    one, two = (load_file(f) for f in (alone, tmp_path / "together" / alone.name))
    for key, tensor in one.items():
        assert (tensor.float() - two[key].float()).abs().max() < 2e-3, key
