"""Trained weights: finding, fetching, checking and safely reading them.

Importing this package loads no torch.
"""

from lexel.encoders.weights.cache import cache_folder, read_stored
from lexel.encoders.weights.fetch import fetch
from lexel.encoders.weights.find import EncoderWeights, find_checkpoint, find_encoder_weights
from lexel.encoders.weights.inventory import Listed, Verdict, list_weights, verify
from lexel.encoders.weights.selftest import Check, selftest
from lexel.encoders.weights.tensors import load_tensors

__all__ = [
    "Check",
    "EncoderWeights",
    "Listed",
    "Verdict",
    "cache_folder",
    "fetch",
    "find_checkpoint",
    "find_encoder_weights",
    "list_weights",
    "load_tensors",
    "read_stored",
    "selftest",
    "verify",
]
