"""The functions between layers, in single precision: numpy has no error function of its own."""

from __future__ import annotations

import numpy as np

from lexel.scene.field import Floats

# Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: |error| <= 1.5e-7.
_P = np.float32(0.3275911)
_A = tuple(
    np.float32(a) for a in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
)


def erf(x: Floats) -> Floats:
    """The error function of float32 numbers, within 1e-6."""
    size = np.abs(x)
    t = 1 / (1 + _P * size)
    series = _A[0] * t
    for a in _A[1:]:
        series += a
        series *= t
    np.multiply(size, -size, out=size)
    series *= np.exp(size, out=size)
    return np.copysign(np.subtract(1, series, out=series), x, out=series)


def gelu(x: Floats) -> Floats:
    """x·Φ(x), Φ the normal distribution function."""
    half = erf(x * np.float32(0.5**0.5))
    half += 1
    half *= np.float32(0.5)
    half *= x
    return half


def quick_gelu(x: Floats) -> Floats:
    """x·sigmoid(1.702·x), with which OpenAI's own CLIPs were trained."""
    power = x * np.float32(-1.702)
    np.minimum(power, 80, out=power)  # e^80 is the end of float32; x / e^80 is 0 enough
    np.exp(power, out=power)
    power += 1
    return np.divide(x, power, out=power)


def softmax(x: Floats) -> Floats:
    """Over the last axis."""
    powers = np.exp(x - x.max(-1, keepdims=True))
    powers /= powers.sum(-1, keepdims=True)
    return powers
