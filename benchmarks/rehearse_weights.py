"""Rehearses `lexel weights` end to end on true-size random weights of every supported kind.

Makes ViT-B/32 weights in open_clip's spelling (605 MB: safetensors, .bin, a hub cache folder)
and a `models.tar.lz4` with a SemAbs3D and a SemAbsVOOL checkpoint (425 MB each: weights and
optimizer state), serves them on loopback from a server that cuts the first connection half-way,
and runs get, verify and selftest on each as a user would, in processes of their own.

    OMP_NUM_THREADS=1 python benchmarks/rehearse_weights.py [FOLDER] [--json FILE]

Random weights have the published shapes, not the published meaning: of the self-test's figures
only `meaning` must differ, and does.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

NAME = "ViT-B-32/openai"
REPOSITORY = "timm/vit_base_patch32_clip_224.openai"
SAFE, PICKLE = "open_clip_model.safetensors", "open_clip_pytorch_model.bin"
DIFFERS_BY_NATURE = "meaning"
_CHILD = """
import json, resource, sys, time
from lexel.cli.weights import app
start = time.perf_counter()
code = 0
try:
    app(sys.argv[1:], standalone_mode=False)
except Exception as error:
    code = getattr(error, "exit_code", 1)
    print(error, file=sys.stderr)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([code, time.perf_counter() - start, peak]), file=sys.stderr)
"""


@dataclass(frozen=True)
class Step:
    """One command on one kind of weights."""

    kind: str
    command: str
    seconds: float
    peak_mb: float  # resident, memory-mapped pages of the weights included
    outcome: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="kept; a temporary one otherwise")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="lexel-rehearsal-"))
    try:
        make_all(folder)
        steps = rehearse(folder)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(step) for step in steps], indent=1))
    sys.exit(any(step.outcome.startswith("WRONG") for step in steps))


# ---- making ----------------------------------------------------------------------------------


def make_all(folder: Path) -> None:
    """In a process of its own, so that its memory is not counted with anybody's."""
    if (folder / "models.tar.lz4").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    code = "import sys; from benchmarks.rehearse_weights import make; make(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=_root())
    sizes = {p.name: f"{p.stat().st_size / 1e6:.0f} MB" for p in folder.iterdir()}
    print(f"made in {time.perf_counter() - start:.0f} s: {sizes}", flush=True)


def make(where: str) -> None:
    folder = Path(where)
    _make_encoder(folder)
    _make_archive(folder)


def _make_encoder(folder: Path) -> None:
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    model = open_clip.create_model("ViT-B-32-quickgelu", pretrained=None)
    with torch.no_grad():
        model.logit_scale.fill_(4.6052)
    tensors = dict(model.state_dict())
    save_file(tensors, folder / SAFE)
    torch.save(tensors, folder / PICKLE)
    torch.jit.save(torch.jit.script(model), str(folder / "ViT-B-32.pt"))


def _make_archive(folder: Path) -> None:
    import lz4.frame

    members = [("ovssc", "SemAbs3D"), ("vool", "SemAbsVOOL")]
    with (
        lz4.frame.open(folder / "models.tar.lz4", "wb") as stream,
        tarfile.open(fileobj=stream, mode="w|") as tar,
    ):
        for task, network in members:
            _add(tar, f"models/ours/{task}/args.pkl", _args())
            _add(tar, f"models/ours/{task}/{task}.pth", _checkpoint(network))
            _add(tar, f"models/ours/{task}/{task}_eval_stats.pkl", b"left out")


def _add(tar: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(body)
    tar.addfile(member, io.BytesIO(body))


def _args() -> bytes:
    import pickle

    return pickle.dumps(argparse.Namespace(voxel_shape=[128, 128, 128], unet_f_maps=16))


def _checkpoint(network: str) -> bytes:
    """Weights under DDP's prefix and two moments per parameter, as the published trainer saves."""
    import torch

    net = {f"module.{name}": torch.randn(shape) for name, shape in _shapes(network).items()}
    names = [name for name in net if not name.endswith("steps")]
    moments = {
        i: {"step": 1, "exp_avg": torch.randn_like(net[n]), "exp_avg_sq": torch.rand_like(net[n])}
        for i, n in enumerate(names)
    }
    groups = [{"lr": 1e-3, "betas": (0.9, 0.999), "params": list(range(len(names)))}]
    whole = {"net": net, "optimizer": {"state": moments, "param_groups": groups}, "epochs": 200}
    buffer = io.BytesIO()
    torch.save(whole, buffer)
    return buffer.getvalue()


def _shapes(network: str) -> dict[str, tuple[int, ...]]:
    """From Lexel's own network, whose names and shapes the parity tests hold to the published."""
    from lexel.completion import networks
    from lexel.completion.config import NetworkConfig

    model = getattr(networks, network)(NetworkConfig())
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


# ---- rehearsing ------------------------------------------------------------------------------


def rehearse(folder: Path) -> list[Step]:
    server, url = _serve(folder)
    steps: list[Step] = []
    try:
        for kind, arguments in _kinds(folder, url).items():
            steps += _rehearse_kind(folder, url, kind, arguments)
    finally:
        server.shutdown()
    return steps


def _kinds(folder: Path, url: str) -> dict[str, list[str]]:
    return {
        "safetensors from the hub": ["get", NAME],
        ".bin, a local copy": ["get", NAME, "--from", str(folder / PICKLE)],
        "hub cache folder": ["get", NAME],
        "TorchScript .pt": ["get", NAME, "--from", str(folder / "ViT-B-32.pt")],
        "models.tar.lz4 by address": ["get", "semabs", "--from", f"{url}/models.tar.lz4"],
        "models.tar.lz4, a local copy": ["get", "semabs", "--from", str(folder / "models.tar.lz4")],
    }


def _rehearse_kind(folder: Path, url: str, kind: str, get: list[str]) -> list[Step]:
    home = folder / "run"
    shutil.rmtree(home, ignore_errors=True)
    environment = os.environ | {
        "LEXEL_CACHE": str(home / "cache"),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": url,
        "NO_PROXY": "127.0.0.1",
    }
    if kind == "hub cache folder":
        _lay_out_hub_cache(folder, home / "hf")
    refused = kind.startswith("TorchScript")
    steps = [_step(kind, get, environment, expect=2 if refused else 0)]
    if not refused:
        steps.append(_step(kind, ["verify"], environment, expect=0))
        steps.append(_step(kind, ["selftest", "--json"], environment, expect=None))
    shutil.rmtree(home, ignore_errors=True)
    return steps


def _lay_out_hub_cache(folder: Path, home: Path) -> None:
    root = home / "hub" / ("models--" + REPOSITORY.replace("/", "--"))
    snapshot = root / "snapshots" / "0123abcd"
    for place in (snapshot, root / "blobs", root / "refs"):
        place.mkdir(parents=True)
    with (folder / SAFE).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    shutil.copyfile(folder / SAFE, root / "blobs" / digest)
    (snapshot / SAFE).symlink_to(Path("..", "..", "blobs", digest))
    (root / "refs" / "main").write_text(snapshot.name)


def _step(kind: str, command: list[str], environment: dict[str, str], expect: int | None) -> Step:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *command, "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    *messages, facts = done.stderr.strip().splitlines()
    code, seconds, peak = json.loads(facts)
    outcome = _selftest_outcome(done.stdout) if expect is None else _outcome(code, expect, messages)
    step = Step(kind, command[0], round(seconds, 1), round(peak), outcome)
    print(f"{kind:30} {step.command:9} {seconds:6.1f} s {peak:7.0f} MB  {step.outcome}", flush=True)
    return step


def _outcome(code: int, expected: int, messages: list[str]) -> str:
    text = messages[-1] if messages else "done"
    return f"exit {code}: {text}" if code == expected else f"WRONG exit {code}: {text}"


def _selftest_outcome(output: str) -> str:
    checks: list[dict[str, Any]] = json.loads(output)
    bad = [c["what"] for c in checks if c["passed"] is False]
    surprising = [what for what in bad if not what.startswith(DIFFERS_BY_NATURE)]
    good = sum(c["passed"] is True for c in checks)
    text = f"{good} of {len(checks)} figures as expected"
    text += ", meaning differs as it must" if len(bad) > len(surprising) else ""
    return f"WRONG {surprising}" if surprising else text


# ---- serving ---------------------------------------------------------------------------------


def _serve(folder: Path) -> tuple[ThreadingHTTPServer, str]:
    cut: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / self.path.rpartition("/")[2]
            if not path.is_file():
                self.send_error(404)
                return
            size, wanted = path.stat().st_size, self.headers.get("Range")
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            self.send_response(206 if start else 200)
            self.send_header("ETag", f'"{path.name}"')
            self.send_header("Content-Length", str(size - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
            self.end_headers()
            end = size
            if path.name not in cut:  # the first connection breaks half-way
                cut.add(path.name)
                end = size // 2
            _send(path, start, end, self.wfile)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


def _send(path: Path, start: int, end: int, to: Any) -> None:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and (block := file.read(min(left, 1 << 20))):
            to.write(block)
            left -= len(block)


def _root() -> Path:
    return Path(__file__).resolve().parents[1]


if __name__ == "__main__":
    main()
