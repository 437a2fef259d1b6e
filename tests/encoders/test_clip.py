"""Image-text encoders: key spellings, activations, features, and files that do not fit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from open_clip.transformer import QuickGELU
from PIL import Image
from safetensors.torch import save_file

from lexel.encoders.clip import encoder_from_tensors, load_encoder, make_encoder
from lexel.encoders.normalisation import Normalisation
from lexel.errors import EncoderError, WeightsError
from lexel.progress import Silent
from tests.relevancy.tiny_clip import tiny_encoder, tiny_model

TEXT_KEYS = (
    "transformer.",
    "token_embedding.",
    "positional_embedding",
    "ln_final.",
    "text_projection",
)
OPENAI_NUMBERS = {"input_resolution": 32, "context_length": 77, "vocab_size": 49408}
PROMPTS = ["a mug", "a photograph of a sofa in a home."]


@pytest.fixture(scope="module")
def model():
    return tiny_model(head_width=64)  # shapes cannot tell the heads: they are taken 64 wide


@pytest.fixture(scope="module")
def state(model):
    return {k: v for k, v in model.state_dict().items() if k != "attn_mask"}


@pytest.fixture(scope="module")
def encoder():
    return tiny_encoder()


def in_text_tower(key):
    return key.startswith(TEXT_KEYS)


def openai_spelling(state):
    return {**state, **{name: torch.tensor(size) for name, size in OPENAI_NUMBERS.items()}}


def custom_text_spelling(state):
    return {f"text.{k}" if in_text_tower(k) else k: v for k, v in state.items()}


def after_parallel_training(state):
    return {f"module.{k}": v for k, v in state.items()}


def after_compiling(state):
    return {f"_orig_mod.{k}": v for k, v in custom_text_spelling(state).items()}


def write_config(folder, **preprocessing):
    config = {"model_cfg": {}, "preprocess_cfg": preprocessing}
    (folder / "open_clip_config.json").write_text(json.dumps(config))


def features(model):
    encoder = make_encoder(model, "tiny", "random")
    noise = np.random.default_rng(0).integers(0, 256, (2, 40, 40, 3), np.uint8)
    with torch.inference_mode():
        images = encoder.model.encode_image(encoder.preprocess([Image.fromarray(i) for i in noise]))
    return torch.cat([images, encoder.prompt_features(PROMPTS)])


@pytest.mark.parametrize(
    "spelled", [openai_spelling, custom_text_spelling, after_parallel_training, after_compiling]
)
def test_every_spelling_of_the_keys_gives_the_same_features(model, state, spelled):
    loaded = encoder_from_tensors(spelled(state), None, quick_gelu=False, where="file")
    torch.testing.assert_close(features(loaded), features(model), rtol=0, atol=0)


def test_half_precision_weights_are_computed_in_single(state):
    halves = {k: v.half() for k, v in state.items()}
    loaded = encoder_from_tensors(halves, None, quick_gelu=False, where="file")
    assert {p.dtype for p in loaded.parameters()} == {torch.float32}


@pytest.mark.parametrize(
    ("spelled", "told", "quick"),
    [
        (openai_spelling, None, True),
        (custom_text_spelling, None, False),
        (openai_spelling, False, False),
        (custom_text_spelling, True, True),
    ],
)
def test_openai_s_activation_is_told_or_seen_by_their_keys(state, spelled, told, quick):
    loaded = encoder_from_tensors(spelled(state), None, quick_gelu=told, where="file")
    for tower in (loaded.visual.transformer, loaded.transformer):
        assert all(isinstance(b.mlp.gelu, QuickGELU) is quick for b in tower.resblocks)


class TestWeightsThatDoNotFit:
    def refuse(self, state, sentence, architecture=None):
        with pytest.raises(WeightsError, match=sentence) as refused:
            encoder_from_tensors(state, architecture, None, where="their.bin")
        assert refused.value.where == "their.bin"
        assert "\n" not in str(refused.value)

    @pytest.mark.parametrize("key", ["visual.proj", "visual.ln_post.bias", "ln_final.weight"])
    def test_a_missing_tensor(self, state, key):
        self.refuse({k: v for k, v in state.items() if k != key}, key.replace(".", r"\."))

    def test_an_unknown_tensor(self, state):
        self.refuse({**state, "visual.extra": torch.zeros(1)}, "do not fit.*visual.extra")

    @pytest.mark.parametrize(
        ("key", "shape"),
        [
            ("visual.ln_post.bias", (65,)),
            ("visual.positional_embedding", (12, 64)),  # 11 patches are no square
            ("visual.conv1.weight", (64, 8)),
            ("visual.conv1.weight", (64, 3, 0, 0)),
            ("visual.positional_embedding", ()),
            ("token_embedding.weight", (49408, 0)),
            ("visual.proj", (64,)),
        ],
    )
    def test_a_tensor_of_another_shape(self, state, key, shape):
        self.refuse({**state, key: torch.zeros(shape)}, "weights")

    def test_another_architecture_than_the_named_one(self, state):
        self.refuse(state, "do not fit the architecture ViT-S-32-alt", "ViT-S-32-alt")

    def test_an_unknown_architecture(self, state):
        with pytest.raises(EncoderError, match="ViT-B-32/openai"):
            encoder_from_tensors(state, "ViT-Z-99", None, where="file")


class TestFeatures:
    TEMPLATES = ("a photo of a {}.", "{} in a room", "the {}")

    def test_phrases_are_means_of_unit_features(self, encoder):
        got = encoder.phrase_features(["mug", "red sofa"], self.TEMPLATES)
        for row, phrase in zip(got, ["mug", "red sofa"], strict=True):
            prompts = [template.format(phrase) for template in self.TEMPLATES]
            unit = F.normalize(encoder.prompt_features(prompts), dim=-1)
            torch.testing.assert_close(row, unit.mean(0))
        assert (got.norm(dim=-1) < 1).all()

    def test_many_prompts_are_as_good_as_one(self, encoder):
        phrases = [f"thing number {i}" for i in range(130)]
        together = encoder.prompt_features(phrases)
        torch.testing.assert_close(together[129:], encoder.prompt_features(phrases[129:]))
        assert len(together) == 130

    def test_images_are_normalised_as_in_the_encoder_s_training(self):
        normalisation = Normalisation((0.5, 0.4, 0.3), (0.5, 0.25, 0.2))
        encoder = make_encoder(tiny_model(), "tiny", "random", normalisation=normalisation)
        got = encoder.preprocess([Image.new("RGB", (32, 32), (255, 51, 0))])[0, :, 0, 0]
        np.testing.assert_allclose(got, [1, -0.8, -1.5], atol=1e-6)

    def test_images_of_the_tower_s_size_are_not_resampled(self, encoder):
        noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
        got = encoder.preprocess([Image.fromarray(noise)])[0].permute(1, 2, 0).numpy()
        mean, std = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
        np.testing.assert_allclose(got, (noise / 255 - mean) / std, atol=1e-6)


class TestLoading:
    def test_untrained_weights_are_the_seed_s(self):
        first, again, other = (
            load_encoder("ViT-S-32-alt/untrained", seed=seed) for seed in (1, 1, 2)
        )
        assert torch.equal(first.prompt_features(PROMPTS), again.prompt_features(PROMPTS))
        assert not torch.equal(first.prompt_features(PROMPTS), other.prompt_features(PROMPTS))
        assert first.identity.untrained
        assert (first.identity.name, first.identity.sha256) == ("ViT-S-32-alt", "")
        assert (first.identity.seed, other.identity.seed) == (1, 2)

    def test_untrained_weights_leave_torch_s_random_numbers_alone(self):
        torch.manual_seed(3)
        expected = torch.rand(2)
        torch.manual_seed(3)
        load_encoder("ViT-S-32-alt/untrained")
        assert torch.equal(torch.rand(2), expected)

    def test_a_file_is_loaded_and_its_doubtful_activation_said_aloud(self, tmp_path, model, state):
        file = tmp_path / "theirs.safetensors"
        save_file(state, file)
        said: list[str] = []

        class Listening(Silent):
            def say(self, message):
                said.append(message)

        encoder = load_encoder(str(file), progress=Listening())
        torch.testing.assert_close(
            encoder.prompt_features(PROMPTS), features(model)[2:], rtol=0, atol=0
        )
        assert not encoder.identity.untrained
        assert len(encoder.identity.sha256) == 64
        assert encoder.identity.dim == 512
        assert len(said) == 1
        assert "GELU" in said[0]
        assert encoder.identity.name == "theirs.safetensors"  # results tell no paths

    def test_a_hub_folder_tells_the_normalisation_of_its_training(self, tmp_path, state):
        save_file(state, tmp_path / "open_clip_model.safetensors")
        write_config(tmp_path, mean=[0.5] * 3, std=[0.25] * 3, interpolation="bicubic")
        encoder = load_encoder(str(tmp_path))
        assert (encoder.image_mean, encoder.image_std) == ((0.5,) * 3, (0.25,) * 3)

    @pytest.mark.parametrize(
        "preprocessing",
        [
            {"interpolation": "bilinear"},
            {"mean": [0.5, 0.5]},
            {"mean": "grey"},
            {"mean": [float("nan")] * 3},
            {"std": [0.5, 0.5, 0]},
            {"std": 1},
        ],
        ids=str,
    )
    def test_another_way_of_preparing_images_is_refused(self, tmp_path, state, preprocessing):
        save_file(state, tmp_path / "open_clip_model.safetensors")
        write_config(tmp_path, **preprocessing)
        with pytest.raises((EncoderError, WeightsError), match=r"open_clip_config\.json"):
            load_encoder(str(tmp_path))

    def test_an_unknown_architecture_is_refused(self):
        with pytest.raises(EncoderError, match="no such architecture"):
            load_encoder("ViT-Z-99/untrained")
