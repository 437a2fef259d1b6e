"""Which encoders can serve, told from their configurations alone."""

from __future__ import annotations

import open_clip
import pytest
from open_clip.pretrained import get_pretrained_cfg, list_pretrained

from lexel.encoders.architectures import check_architecture, fault_of
from lexel.encoders.clip import encoder_from_tensors, load_encoder
from lexel.encoders.normalisation import OPENAI_MEAN, OPENAI_STD, Normalisation
from lexel.encoders.weights.catalogue import hub_entry
from lexel.errors import EncoderError, InputError

REFUSED = {
    "ViT-B-16-SigLIP": "has no class token",
    "convnext_base": "has no class token",
    "RN50": "has no class token",
    "EVA02-B-16": "own plain ViT",
    "ViT-L-14-CLIPA": "own plain ViT",
    "coca_ViT-B-32": "own plain ViT",
    "xlm-roberta-base-ViT-B-32": "tokenizer",
    "ViT-H-14-worldwide": "tokenizer",
    "nonsense": "no such architecture",
}


@pytest.mark.parametrize(("name", "sentence"), REFUSED.items())
def test_what_cannot_serve_is_refused_with_a_way_out(name, sentence):
    with pytest.raises(EncoderError, match=f"{sentence}.*ViT-B-32/openai") as refused:
        load_encoder(f"{name}/untrained")
    assert refused.value.exit_code == 2
    with pytest.raises(EncoderError, match=sentence):
        encoder_from_tensors({}, name, None, where="file")


@pytest.mark.parametrize("name", ["ViT-B-32", "ViT-B-16-quickgelu", "ViT-L-14-336", "ViT-bigG-14"])
def test_plain_ones_can(name):
    check_architecture(name)


@pytest.mark.parametrize("option", ["qk_norm", "attentional_pool", "an_option_of_tomorrow"])
def test_options_that_change_the_image_tower_are_not_overlooked(option):
    config = open_clip.get_model_config("ViT-B-32")
    assert fault_of(config) is None
    config["vision_cfg"][option] = True
    assert fault_of(config) is not None


def test_the_usual_normalisation_is_openai_s():
    assert open_clip.OPENAI_DATASET_MEAN == OPENAI_MEAN
    assert open_clip.OPENAI_DATASET_STD == OPENAI_STD


def test_every_encoder_that_can_serve_has_the_normalisation_of_its_training():
    served = 0
    for architecture, tag in list_pretrained():
        trained = get_pretrained_cfg(architecture, tag)
        try:
            entry = hub_entry(f"{architecture}/{tag}")
        except InputError:
            continue
        served += 1
        assert entry.normalisation == Normalisation(trained["mean"], trained["std"])
    assert served > 50


def test_one_was_trained_otherwise():
    entry = hub_entry("ViT-L-14/laion2b_s32b_b82k")
    assert entry.normalisation == Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
