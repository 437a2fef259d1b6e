"""Published checkpoints load strictly; what does not fit gets a sentence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
import torch

from lexel.completion.checkpoints import network_from_tensors, untrained_network
from lexel.completion.config import NetworkConfig
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.errors import WeightsError
from tests.completion.small import random_cloud, small_config, small_network

KINDS = [SemAbs3D, SemAbsVOOL, SemanticAwareOVSSC, SemanticAwareVOOL, ClipSpatialVOOL]


def as_lists(value: Any) -> Any:
    return [as_lists(v) for v in value] if isinstance(value, tuple) else value


def args_of(network, **changes: Any) -> dict[str, Any]:
    """As a published `args.pkl` has them: lists, and much that is of no concern here."""
    args = {key: as_lists(value) for key, value in asdict(network.config).items()}
    return {**args, "lr": 1e-3, "log": "models/x", "use_amp": False, **changes}


def refuse(tensors, args, sentence=None):
    with pytest.raises(WeightsError, match=sentence) as refused:
        network_from_tensors(tensors, args, "their.pth")
    assert refused.value.where == "their.pth"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefix", ["", "module."])
def test_a_checkpoint_tells_its_own_class(kind, prefix):
    network = small_network(kind)
    tensors = {prefix + key: tensor for key, tensor in network.state_dict().items()}
    loaded = network_from_tensors(tensors, args_of(network), "file")
    assert type(loaded) is kind
    assert loaded.config == network.config
    for key, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], tensor), key


def test_a_loaded_network_is_ready_for_inference():
    network = small_network(SemAbs3D)
    loaded = network_from_tensors(network.state_dict(), args_of(network), "file")
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_a_loaded_network_knows_its_box_and_answers_as_the_original():
    """Built without memory, it has nothing but what the checkpoint and the arguments say."""
    bounds = ((0.0, -1.0, 0.5), (2.0, 1.0, 3.0))
    network = small_network(SemAbs3D, scene_bounds=bounds)
    loaded = network_from_tensors(network.state_dict(), args_of(network), "file")
    assert not any(buffer.is_meta for buffer in loaded.buffers())
    assert torch.equal(loaded.bounds, torch.tensor(bounds))
    cloud = random_cloud(network.config)
    arguments = cloud.xyz[None], cloud.rgb[None, None, :, :1], cloud.xyz[None, None]
    with torch.inference_mode():
        assert torch.equal(loaded(*arguments), network(*arguments))


def test_a_loaded_network_shares_no_memory_with_the_file():
    network = small_network(SemAbs3D)
    tensors = {key: tensor.clone() for key, tensor in network.state_dict().items()}
    loaded = network_from_tensors(tensors, args_of(network), "file")
    for tensor in tensors.values():
        tensor.fill_(7)
    for key, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], tensor), key


def test_tensors_of_another_precision_are_computed_in_single():
    network = small_network(SemAbs3D)
    tensors = {key: tensor.double() for key, tensor in network.state_dict().items()}
    loaded = network_from_tensors(tensors, args_of(network), "file")
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}


def test_sizes_cost_no_memory_before_the_tensors_are_seen_to_have_them():
    """A network of this width would fill terabytes."""
    network = small_network(SemAbs3D)
    refuse(network.state_dict(), args_of(network, unet_f_maps=100_000), "must come from the same")


def test_inputs_may_come_as_a_tuple():
    network = small_network(SemAbs3D)
    args = args_of(network, network_inputs=("saliency",))
    assert network_from_tensors(network.state_dict(), args, "file").config == network.config


class TestTensorsThatDoNotFit:
    @pytest.fixture(scope="class")
    @staticmethod
    def network():
        return small_network(SemAbs3D)

    def test_a_missing_one_is_named(self, network):
        tensors = dict(network.state_dict())
        del tensors["vol_feature_extractor.final_conv.bias"]
        refuse(tensors, args_of(network), r"final_conv\.bias is missing")

    def test_an_unknown_one_is_named(self, network):
        tensors = {**network.state_dict(), "extra.weight": torch.zeros(1)}
        refuse(tensors, args_of(network), r"extra\.weight is unknown")

    def test_one_of_another_shape_is_named_with_both_shapes(self, network):
        tensors = {**network.state_dict(), "pts_feat_extractor.0.bias": torch.zeros(3)}
        refuse(tensors, args_of(network), r"pts_feat_extractor\.0\.bias is \(3,\), not \(16,\)")

    def test_arguments_of_another_training(self, network):
        args = args_of(network, unet_f_maps=4)
        refuse(network.state_dict(), args, r"; and \d+ more.*must come from the same training")

    @pytest.mark.parametrize("tensors", [{}, {"conv.weight": torch.zeros(1)}])
    def test_another_kind_of_weights(self, network, tensors):
        refuse(tensors, args_of(network), "not the weights of a Semantic Abstraction network")


@pytest.mark.parametrize(
    "changes",
    [
        {"voxel_shape": [128, 128]},
        {"voxel_shape": "128"},
        {"voxel_shape": 128},
        {"voxel_shape": [16.0, 16.0, 16.0]},
        {"voxel_shape": [18, 16, 16]},
        {"voxel_shape": [1024, 1024, 1024]},
        {"scene_bounds": [[0, 0, 0], [1, 1, 0]]},
        {"scene_bounds": [[0, 0], [1, 1]]},
        {"scene_bounds": [["a"] * 3, ["b"] * 3]},
        {"scene_bounds": [[0.0] * 3, [float("inf")] * 3]},
        {"scene_bounds": [[0, 0, 0], [float("nan")] * 3]},
        {"scene_bounds": None},
        {"unet_num_channels": -16},
        {"unet_num_levels": "six"},
        {"unet_num_levels": 0},
        {"unet_num_groups": 7},
        {"pts_feat_extractor_hidden_dim": 1_000_000},
        {"num_input_pts": None},
        {"use_pts_feat_extractor": False},
        {"pointing_method": "dot"},
        {"network_inputs": ["saliency", "tsdf"]},
        {"network_inputs": "rgb"},
        {"saliency_config": {"ours": 1}},
        {"saliency_config": "fast"},
        {"saliency_config": None},
        {"unet_f_maps": 1_000_000},
        {"unet_num_channels": 1_000_000, "unet_num_groups": 1},
        {"saliency_config": "theirs"},
    ],
    ids=str,
)
def test_arguments_that_cannot_be(changes):
    network = small_network(SemAbs3D)
    refuse(network.state_dict(), args_of(network, **changes))


def test_arguments_left_out_are_the_published_defaults():
    assert NetworkConfig.from_args({}, "args.pkl") == NetworkConfig()


class TestUntrained:
    def test_the_same_seed_gives_the_same_weights(self):
        first, again, other = (
            torch.cat(
                [p.flatten() for p in untrained_network(SemAbsVOOL, s, small_config()).parameters()]
            )
            for s in (4, 4, 5)
        )
        assert torch.equal(first, again)
        assert not torch.equal(first, other)

    def test_torch_s_own_random_numbers_are_left_alone(self):
        torch.manual_seed(3)
        expected = torch.rand(2)
        torch.manual_seed(3)
        untrained_network(SemAbs3D, 0, small_config())
        assert torch.equal(torch.rand(2), expected)
