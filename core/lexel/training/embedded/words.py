"""First stage of the embedded encoder: its text tower, from a sentence model alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from open_clip.model import CLIP
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from lexel.encoders.model_folder import (
    ModelConfig,
    build_model,
    make_tokenizer,
    save_config,
    save_weights,
)
from lexel.encoders.weights.embedded import HEAD_NAME
from lexel.io.atomic import replacing_file
from lexel.io.json_files import write_json
from lexel.progress import Progress
from lexel.scene import SentenceModel
from lexel.training.embedded.phrases import drawn_phrases, household_phrases, vocabulary
from lexel.training.embedded.text import Meaning, distil, start_from_words

LOG_NAME = "words.json"
_TOLD_NAME = "told.safetensors"
_TOLD_BATCH = 2048


@dataclass(frozen=True)
class WordsPlan:
    """The text tower's size, and what it is taught.

    Attributes:
        dim: of the shared embedding.
        width, layers, context: of the text tower.
        drawn: phrases of random words, beside those of the household and every word alone.
        steps: batches of the distillation.
        seed: of first weights and of drawn phrases.
    """

    dim: int = 256
    width: int = 192
    layers: int = 3
    context: int = 32
    drawn: int = 60_000
    steps: int = 1500
    seed: int = 0


@dataclass(frozen=True)
class SightPlan:
    """The image tower's size: a ViT with a class token."""

    image_px: int = 112
    patch_px: int = 16
    width: int = 256
    layers: int = 6


def model_config(words: WordsPlan, sight: SightPlan) -> ModelConfig:
    """What open_clip builds the encoder from; heads are 64 wide, as in OpenAI's."""
    return ModelConfig(
        {
            "embed_dim": words.dim,
            "vision_cfg": vision_config(sight),
            "text_cfg": {
                "context_length": words.context,
                "vocab_size": 49_408,
                "width": words.width,
                "heads": words.width // 64,
                "layers": words.layers,
            },
        }
    )


def vision_config(sight: SightPlan) -> dict[str, int]:
    """open_clip's `vision_cfg`."""
    return {
        "image_size": sight.image_px,
        "patch_size": sight.patch_px,
        "width": sight.width,
        "layers": sight.layers,
        "head_width": 64,
    }


def teach_words(
    teacher: SentenceModel, out: Path, plan: WordsPlan, sight: SightPlan, progress: Progress
) -> None:
    """Write a model whose text tower has learned from `teacher`; its image tower is random.

    `out` then holds open_clip's two files, the sentence head (`weight` [S, D], `bias` [S]) and
    the log. What the teacher said is kept there until all is done, so a call begun again goes on
    after it.
    """
    config = model_config(plan, sight)
    torch.manual_seed(plan.seed)
    model = build_model(config, out)
    assert isinstance(model, CLIP)
    tokenizer = make_tokenizer(config)
    household, words = household_phrases(), vocabulary(tokenizer)
    phrases = [*household, *words, *drawn_phrases(list(words), plan.drawn, plan.seed)]
    out.mkdir(parents=True, exist_ok=True)
    told = _told(teacher, phrases, out / _TOLD_NAME, progress)
    tokens = torch.cat([tokenizer(phrases[i : i + 4096]) for i in range(0, len(phrases), 4096)])
    meaning = Meaning.of(told[: len(household)], plan.dim)
    rows = slice(len(household), len(household) + len(words))
    start_from_words(model, list(words.values()), meaning(told[rows]))
    head = nn.Linear(plan.dim, told.shape[1])
    log = distil(
        model,
        head,
        tokens,
        told,
        meaning,
        steps=plan.steps,
        seed=plan.seed,
        progress=progress,
        common=len(household),
    )
    save_config(out, config)
    save_weights(out, model)
    save_head(out, head.weight.detach(), head.bias.detach(), teacher.identity.name)
    with replacing_file(out / LOG_NAME) as temporary:
        facts = {
            "teacher": teacher.identity.name,
            "phrases": len(phrases),
            **asdict(plan),
            "log": log,
        }
        write_json(temporary, facts)
    (out / _TOLD_NAME).unlink()


def save_head(folder: Path, weight: Tensor, bias: Tensor, teacher: str) -> None:
    """Write the sentence head as float16."""
    tensors = {"weight": weight.half().contiguous(), "bias": bias.half().contiguous()}
    with replacing_file(folder / HEAD_NAME) as temporary:
        save_file(tensors, temporary, {"teacher": teacher})


def _told(teacher: SentenceModel, phrases: Sequence[str], file: Path, progress: Progress) -> Tensor:
    """The teacher's vectors [N, S] in half precision, from the file if it was asked the same."""
    asked = "\n".join((teacher.identity.name, teacher.identity.sha256, *phrases))
    question = hashlib.sha256(asked.encode()).hexdigest()
    if file.exists():
        with safe_open(file, framework="pt") as kept:
            if (kept.metadata() or {}).get("question") == question:
                return kept.get_tensor("told").float()
    progress.begin("asking the teacher", len(phrases))
    parts = []
    for at in range(0, len(phrases), _TOLD_BATCH):
        part = teacher.encode(phrases[at : at + _TOLD_BATCH])
        parts.append(torch.from_numpy(part))
        progress.advance(len(part))
    told = torch.cat(parts).half()
    with replacing_file(file) as temporary:
        save_file({"told": told}, temporary, {"question": question})
    return told.float()
