"""Training an image-text model: it learns, survives a kill, and open_clip reads the result."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import open_clip
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from lexel.encoders.clip import load_encoder
from lexel.encoders.model_folder import build_model, load_model, make_tokenizer, read_config
from lexel.errors import CancelledError, EncoderError, InputError, LexelError, WeightsError
from lexel.progress import Silent
from lexel.training.captions import read_captions
from lexel.training.clip import train_clip
from lexel.training.clip_batches import PairReader
from lexel.training.clip_loss import contrastive_loss, right_pairs
from lexel.training.clip_plan import ClipPlan, Rhythm
from lexel.training.clip_state import CHECKPOINT_NAME
from lexel.training.clip_towers import HEADS, IMAGE, TEXT, Towers, build_towers, parameter_groups
from tests.training.pictures import write_pictures, write_tiny_config

WEIGHTS = "open_clip_model.safetensors"
PLAN = ClipPlan(epochs=2, batch=8, image_lr=3e-4, text_lr=3e-4, head_lr=3e-4)

# Dies within the second epoch, as by kill -9: nothing is flushed, no handler runs.
KILLED = """
import os, sys
from pathlib import Path
from lexel.progress import Silent
from lexel.training.clip_plan import Rhythm
from tests.training.test_clip import PLAN, learn
class Killing(Silent):
    left = 8
    def advance(self, steps=1):
        self.left -= steps
        if self.left <= 0:
            os._exit(9)
learn(Path(sys.argv[1]), Path(sys.argv[2]), PLAN, Killing(), Rhythm(save=2))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write_pictures(folder, each=3)
    write_tiny_config(folder)
    return folder


def learn(data, out, plan=PLAN, progress=None, rhythm=None, **towers):
    start = Towers(**{"model": str(data / "tiny.json"), **towers})
    captions = read_captions(data / "captions.csv", data / "images")
    told = progress or Silent()
    return train_clip(captions, data / "images", out, start, plan, told, rhythm=rhythm or Rhythm())


def rows_of(out):
    with (out / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


class Stopping(Silent):
    """Cancels after some steps."""

    def __init__(self, steps):
        self.left = steps

    def advance(self, steps=1):
        self.left -= steps
        if self.left <= 0:
            raise CancelledError


def test_the_loss_is_cross_entropy_where_pairs_are_all_different():
    torch.manual_seed(0)
    images, texts = (F.normalize(torch.randn(6, 4), dim=-1) for _ in range(2))
    scale = torch.tensor(7.0)
    logits, truth = scale * images @ texts.T, torch.arange(6)
    expected = (F.cross_entropy(logits, truth) + F.cross_entropy(logits.T, truth)) / 2
    loss = contrastive_loss(images, texts, scale, torch.eye(6, dtype=torch.bool))
    torch.testing.assert_close(loss, expected)


def test_captions_of_one_image_are_not_taught_to_be_wrong():
    right = right_pairs(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1]))
    assert right.tolist() == [[True, True, False], [True, True, True], [False, True, True]]
    same = F.normalize(torch.ones(3, 4), dim=-1)
    all_right = torch.ones(3, 3, dtype=torch.bool)
    features = same.clone().requires_grad_()
    contrastive_loss(features, same, torch.tensor(5.0), all_right).backward()
    assert features.grad.abs().max() < 1e-6


def test_every_caption_once_an_epoch_and_only_the_step_decides(data):
    captions = read_captions(data / "captions.csv", data / "images")
    config = read_config(data / "tiny.json")
    reader = PairReader(
        captions, data / "images", 32, config.normalisation, make_tokenizer(config), 10
    )
    first = list(reader.training(0, 0))
    assert [len(batch.tokens) for batch in first] == [9, 9, 9, 9]
    texts = Counter(str(row.tolist()) for batch in first for row in batch.tokens)
    expected = Counter(str(reader.tokenizer([c.text])[0].tolist()) for c in captions)
    assert texts == expected
    (late,) = reader.training(0, 0, skip=3)
    torch.testing.assert_close(late.images, first[3].images, rtol=0, atol=0)
    assert not torch.equal(next(iter(reader.training(0, 1))).images, first[0].images)
    assert first[0].images.shape == (9, 3, 32, 32)


@pytest.mark.parametrize("batch", [2, 3, 4, 32])
def test_no_pair_stands_alone(batch):
    for count in range(2, 40):
        reader = PairReader([None] * count, Path(), 32, None, None, batch)
        smallest = count // reader.num_batches()
        assert smallest >= 2
        assert -(-count // reader.num_batches()) <= max(batch, 3)


def test_training_lowers_the_loss_and_keeps_the_best(tmp_path):
    write_pictures(tmp_path, each=8)
    write_tiny_config(tmp_path)
    trained = learn(tmp_path, tmp_path / "out", replace(PLAN, epochs=8, batch=16))
    losses = [float(row["validation_loss"]) for row in rows_of(tmp_path / "out")]
    assert len(losses) == trained.epochs == 8
    assert min(losses) < 0.8 * losses[0]
    assert trained.best_loss == pytest.approx(min(losses), rel=1e-5)
    assert losses[trained.best_epoch - 1] == min(losses)


def test_a_killed_training_comes_to_the_same_weights(data, tmp_path):
    learn(data, tmp_path / "whole")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, data, tmp_path / "killed"],
        cwd=root, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 9, done.stderr
    assert not list((tmp_path / "killed").glob("*.tmp*"))
    learn(data, tmp_path / "killed")
    for name in (WEIGHTS, CHECKPOINT_NAME):
        whole, killed = (load_file(tmp_path / out / name) for out in ("whole", "killed"))
        assert whole.keys() == killed.keys()
        assert all(torch.equal(whole[key], killed[key]) for key in whole)
    assert rows_of(tmp_path / "whole") == rows_of(tmp_path / "killed")


def test_cancelled_and_made_longer(data, tmp_path):
    with pytest.raises(CancelledError):
        learn(data, tmp_path / "out", PLAN, Stopping(2))
    learn(data, tmp_path / "out", replace(PLAN, epochs=1))
    learn(data, tmp_path / "out", PLAN)
    learn(data, tmp_path / "whole", PLAN)
    one, other = (load_file(tmp_path / out / WEIGHTS) for out in ("out", "whole"))
    assert all(torch.equal(one[key], other[key]) for key in one)
    before = (tmp_path / "out" / WEIGHTS).stat().st_mtime_ns
    assert learn(data, tmp_path / "out", PLAN).epochs == 2  # nothing is left to do
    assert (tmp_path / "out" / WEIGHTS).stat().st_mtime_ns == before


def test_open_clip_and_lexel_read_the_result(data, tmp_path):
    out = tmp_path / "out"
    learn(data, out, replace(PLAN, epochs=1))
    theirs = open_clip.create_model(f"local-dir:{out}").eval()
    config, ours = load_model(out)
    tokens = make_tokenizer(config)(["a red square"])
    assert torch.equal(tokens, open_clip.get_tokenizer(f"local-dir:{out}")(["a red square"]))
    image = torch.randn(1, 3, 32, 32)
    with torch.inference_mode():
        torch.testing.assert_close(theirs.encode_image(image), ours.encode_image(image))
        torch.testing.assert_close(theirs.encode_text(tokens), ours.encode_text(tokens))
    assert not [path for path in out.iterdir() if path.suffix in (".pt", ".pth", ".bin")]
    further = learn(data, tmp_path / "more", replace(PLAN, epochs=1), model=str(out))
    assert further.best_loss < float(rows_of(out)[0]["validation_loss"])


def test_a_plain_vit_serves_as_an_encoder(data, tmp_path):
    tiny = json.loads((data / "tiny.json").read_text())
    del tiny["text_cfg"]["context_length"]  # encoders read 77 tokens, and heads 64 wide
    tiny["text_cfg"]["heads"] = 1
    (tmp_path / "long.json").write_text(json.dumps(tiny))
    torch.manual_seed(0)
    model, start = str(tmp_path / "long.json"), tmp_path / "start.safetensors"
    save_file(build_model(read_config(tmp_path / "long.json"), "long").state_dict(), start)
    learn(data, tmp_path / "out", replace(PLAN, epochs=1), model=model, pretrained=str(start))
    encoder = load_encoder(str(tmp_path / "out"))
    _, ours = load_model(tmp_path / "out")
    prompts = ["a red square"]
    expected = ours.encode_text(encoder.tokenizer(prompts))
    torch.testing.assert_close(encoder.prompt_features(prompts), expected.detach())


def test_rates_are_apart_and_none_keeps_a_tower(data, tmp_path):
    start = build_towers(Towers(str(data / "tiny.json")), 0, Silent())[1]
    groups = parameter_groups(start)
    names = [name for group in groups.values() for name in group]
    assert sorted(names) == sorted(name for name, _ in start.named_parameters())
    assert set(groups[HEADS]) == {"visual.proj", "text_projection", "logit_scale"}
    learn(data, tmp_path / "out", replace(PLAN, epochs=1, image_lr=0, text_lr=1e-4, head_lr=1e-3))
    end = load_file(tmp_path / "out" / WEIGHTS)
    moved = {
        part: max(float((end[n] - p.detach()).abs().max()) for n, p in group.items())
        for part, group in groups.items()
    }
    assert moved[IMAGE] == 0
    assert 0 < moved[TEXT] < moved[HEADS]
    (row,) = rows_of(tmp_path / "out")
    assert [float(row[f"{part}_lr"]) for part in (IMAGE, TEXT, HEADS)] == [0, 1e-4, 1e-3]


def test_rates_fall_on_a_plateau(data, tmp_path):
    slow = {"image_lr": 0.0, "text_lr": 0.0, "head_lr": 1e-7}
    learn(data, tmp_path / "out", replace(PLAN, epochs=4, patience=0, factor=0.5, **slow))
    rates = [float(row["heads_lr"]) for row in rows_of(tmp_path / "out")]
    assert rates == pytest.approx([1e-7, 1e-7, 5e-8, 2.5e-8], abs=0)
    for epochs in (2, 4):  # stopped on the plateau, and gone on
        plan = replace(PLAN, epochs=epochs, patience=0, factor=0.5, **slow)
        learn(data, tmp_path / "parts", plan)
    assert rows_of(tmp_path / "parts") == rows_of(tmp_path / "out")


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_mixed_precision_learns_too(data, tmp_path, precision):
    plan = replace(PLAN, epochs=2, precision=precision)
    trained = learn(data, tmp_path / "half", plan)
    full = learn(data, tmp_path / "full", replace(plan, precision="float32"))
    assert trained.best_loss == pytest.approx(full.best_loss, rel=0.05)
    assert all(t.dtype == torch.float32 for t in load_file(tmp_path / "half" / WEIGHTS).values())


@pytest.mark.parametrize("projection", ["linear", "mlp"])
def test_an_image_tower_of_timm(data, tmp_path, projection):
    import timm

    file = tmp_path / "tower.safetensors"
    torch.manual_seed(1)
    trunk = timm.create_model("test_resnet.r160_in1k")
    save_file(trunk.state_dict(), file)
    towers = Towers(str(data / "tiny.json"), None, "test_resnet.r160_in1k", file, projection)
    config, model = build_towers(towers, 0, Silent())
    assert config.model["vision_cfg"]["image_size"] == 160
    assert all(n.startswith("visual.trunk") for n in parameter_groups(model)[IMAGE])
    assert any(n.startswith("visual.head") for n in parameter_groups(model)[HEADS])
    learn(
        data, tmp_path / "out", replace(PLAN, epochs=1, image_lr=0.0),
        image_tower="test_resnet.r160_in1k", image_weights=file, projection=projection,
    )  # fmt: skip
    theirs = open_clip.create_model(f"local-dir:{tmp_path / 'out'}").eval()
    kept = theirs.visual.trunk.state_dict()  # its means of batches too
    assert all(torch.equal(kept[k], v) for k, v in trunk.state_dict().items() if k in kept)


@pytest.mark.parametrize(
    ("towers", "error"),
    [
        ({"model": "ViT-Z-9"}, EncoderError),
        ({"model": "ViT-B-16-SigLIP"}, EncoderError),
        ({"image_tower": "resnet_of_nobody"}, EncoderError),
        ({"projection": "cubic"}, InputError),
        ({"image_weights": Path("x.safetensors")}, InputError),
        ({"pretrained": "./none.safetensors"}, WeightsError),
    ],
)
def test_towers_that_cannot_be(data, towers, error):
    with pytest.raises(error):
        build_towers(Towers(**{"model": str(data / "tiny.json"), **towers}), 0, Silent())


@pytest.mark.parametrize(
    "plan",
    [
        {"image_lr": -1.0}, {"epochs": 0}, {"batch": 1}, {"factor": 1.0}, {"precision": "int3"},
        {"image_lr": 0.0, "text_lr": 0.0, "head_lr": 0.0}, {"share": 1.0},
    ],
)  # fmt: skip
def test_plans_that_cannot_be(data, tmp_path, plan):
    with pytest.raises(InputError):
        learn(data, tmp_path / "out", replace(PLAN, **plan))
    assert not (tmp_path / "out").exists()


def test_a_training_is_not_mixed_with_another(data, tmp_path):
    out = tmp_path / "out"
    learn(data, out, replace(PLAN, epochs=1))
    with pytest.raises(InputError, match="another seed"):
        learn(data, out, replace(PLAN, seed=1))
    (out / CHECKPOINT_NAME).write_bytes(b"\0" * 40)
    with pytest.raises(InputError, match="damaged"):
        learn(data, out)
    (out / CHECKPOINT_NAME).unlink()
    with pytest.raises(InputError, match="another model"):
        learn(data, out)


def test_a_loss_that_is_no_number_stops_it(data, tmp_path):
    with pytest.raises(LexelError, match="no number"):
        learn(data, tmp_path / "out", replace(PLAN, image_lr=1e30, text_lr=1e30, head_lr=1e30))


def test_tensorboard_is_asked_for_only_where_it_is(data, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    with pytest.raises(InputError, match="pip install tensorboard"):
        learn(data, tmp_path / "out", rhythm=Rhythm(tensorboard=True))
