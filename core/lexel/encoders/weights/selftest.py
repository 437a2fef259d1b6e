"""Loads what is present and holds it to published figures.

Published figures can be checked only where the published weights are present; a check that
cannot be made says so and neither passes nor fails. Figures of shape (parameters, sizes) any
weights of the architecture reach; `logit scale` and `meaning` only trained ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lexel.encoders.weights import catalogue, find
from lexel.encoders.weights.architecture import OPENAI_ONLY_KEYS
from lexel.encoders.weights.inventory import stored_names
from lexel.encoders.weights.published import ENCODERS, LOGIT_SCALE_SOURCE, NETWORKS
from lexel.encoders.weights.tensors import load_tensors
from lexel.errors import InputError, WeightsError
from lexel.progress import Progress, Silent

if TYPE_CHECKING:
    import torch

    from lexel.encoders.clip import ClipEncoder

    Tensors = Mapping[str, torch.Tensor]

_OURS = "expected of any trained encoder; not a published figure"
_KINSHIPS = (
    ("cat", "kitten", "car"),
    ("dog", "puppy", "airplane"),
    ("sofa", "couch", "tree"),
    ("car", "automobile", "spoon"),
    ("boat", "ship", "apple"),
    ("chair", "stool", "banana"),
)


@dataclass(frozen=True)
class Check:
    """One figure: what it should be, what it is, and why it should."""

    subject: str
    what: str
    expected: str
    got: str
    passed: bool | None  # None: cannot be checked here
    basis: str


def selftest(name: str | None = None, progress: Progress | None = None) -> list[Check]:
    """Check the weights called `name`, or everything present."""
    progress = progress or Silent()
    names = [name] if name else stored_names()
    if name and catalogue.is_semabs(name):
        names = ["/".join(("semabs", *pair)) for pair in catalogue.semabs_members(name)]
        present = [n for n in names if n in stored_names()]
        names = present or names
    if not names:
        raise WeightsError(
            "there are no weights on this computer, and published figures can be checked on "
            "published weights only",
            do=f"Get some: lexel weights get {catalogue.RECOMMENDED[0]}",
        )
    progress.begin("self-test", len(names))
    checks: list[Check] = []
    for each in names:
        checks += _network_checks(each) if catalogue.is_semabs(each) else _encoder_checks(each)
        progress.advance()
    return checks


def _network_checks(name: str) -> list[Check]:
    _, approach, task = name.split("/")
    network = catalogue.SEMABS_NETWORKS[approach, task]
    figures = NETWORKS[network]
    tensors = load_tensors(find.find_checkpoint(approach, task))
    parameters = [t for key, t in tensors.items() if key.rpartition(".")[2] != "steps"]
    subject = f"{name} ({network})"
    return [
        _equal(subject, "parameters", figures.parameters, _count(parameters), figures.basis),
        _equal(subject, "tensors", figures.tensors, len(tensors), figures.basis),
        _finite(subject, tensors),
    ]


def _encoder_checks(name: str) -> list[Check]:
    # The tensors are let go before the encoder loads its own.
    return _tensor_checks(name) + _run_encoder(name)


def _tensor_checks(name: str) -> list[Check]:
    weights = find.find_encoder_weights(name)
    loaded = load_tensors(weights.path)
    tensors = {k: t for k, t in loaded.items() if k not in OPENAI_ONLY_KEYS}
    figures = ENCODERS.get(weights.architecture or "")
    basis = figures.basis if figures else "no published figure at hand"
    expected = (figures.parameters, figures.embedding) if figures else (None, None)
    parameters = [t for key, t in tensors.items() if not key.endswith("attn_mask")]
    return [
        _equal(name, "parameters", expected[0], _count(parameters), basis),
        _equal(name, "embedding size", expected[1], _embedding(tensors), basis),
        _logit_scale(name, weights.pretrained, tensors),
        _finite(name, tensors),
    ]


def _run_encoder(name: str) -> list[Check]:
    """Encode one image and a few words by the way every command does."""
    import torch

    from lexel.encoders.clip import load_encoder

    try:
        encoder = load_encoder(name)
    except InputError as error:
        return [Check(name, "loads", "yes", error.what, False, _OURS)]
    side = encoder.image_size_px
    ramp = torch.linspace(-1.5, 1.5, side * side).reshape(1, 1, side, side)
    with torch.inference_mode():
        image = encoder.model.encode_image(ramp.expand(1, 3, side, side)).float()
        words = _encode_words(encoder)
    sizes = image.shape[-1], encoder.identity.dim
    finite = all(bool(torch.isfinite(v).all()) for v in (image, *words.values()))
    kin = sum(float(words[a] @ words[b]) > float(words[a] @ words[c]) for a, b, c in _KINSHIPS)
    total = len(_KINSHIPS)
    what = "meaning (cat is nearer to kitten than to car, ...)"
    return [
        Check(
            name,
            "image and text sizes",
            "equal",
            f"{sizes[0]} and {sizes[1]}",
            len({*sizes}) == 1,
            _OURS,
        ),
        Check(name, "image and text", "finite", _yes(finite), finite, _OURS),
        Check(name, what, f"{total} of {total}", f"{kin} of {total}", kin == total, _OURS),
    ]


def _encode_words(encoder: ClipEncoder) -> dict[str, torch.Tensor]:
    import torch

    words = sorted({word for kinship in _KINSHIPS for word in kinship})
    vectors = encoder.prompt_features([f"a photo of a {word}." for word in words]).float()
    return dict(zip(words, torch.nn.functional.normalize(vectors, dim=-1), strict=True))


def _logit_scale(name: str, pretrained: str | None, tensors: Tensors) -> Check:
    if "logit_scale" not in tensors:
        return Check(name, "logit scale", "present", "absent", False, _OURS)
    scale = math.exp(float(tensors["logit_scale"]))
    if pretrained != "openai":
        return Check(name, "logit scale", "", f"{scale:.2f}", None, "no published figure at hand")
    near = abs(scale - 100) < 0.5
    return Check(name, "logit scale", "100 ± 0.5", f"{scale:.2f}", near, LOGIT_SCALE_SOURCE)


def _embedding(tensors: Tensors) -> int | None:
    projection = tensors.get("visual.proj")
    return None if projection is None else projection.shape[-1]


def _finite(subject: str, tensors: Tensors) -> Check:
    import torch

    finite = all(bool(torch.isfinite(t).all()) for t in tensors.values())
    return Check(subject, "all tensors", "finite", _yes(finite), finite, _OURS)


def _equal(subject: str, what: str, expected: int | None, got: int | None, basis: str) -> Check:
    passed = None if expected is None else expected == got
    wanted = "" if expected is None else f"{expected:,}"
    return Check(subject, what, wanted, "none" if got is None else f"{got:,}", passed, basis)


def _count(tensors: Iterable[torch.Tensor]) -> int:
    return sum(tensor.numel() for tensor in tensors)


def _yes(finite: bool) -> str:
    return "finite" if finite else "not finite"
