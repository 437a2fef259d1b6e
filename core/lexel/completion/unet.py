"""The residual 3D U-Net that fills in what the camera did not see.

Source: Lee et al., "Superhuman accuracy on the SNEMI3D connectomics challenge" (2017), in the
variant of Wolny et al. that Ha & Song, "Semantic Abstraction" (CoRL 2022) trained. Module names
follow the published state dict.

Speed on a CPU. At 128³ the convolutions leave little to gain, but each group normalisation reads
and writes 134 MB. Without a graph, normalisation is therefore folded into the convolution that
follows it: statistics need one read, the scale goes into the weights, the shift into the bias.
Zero padding is the catch: outside the volume there is no shift to add, so voxels on the volume's
faces get their own bias. Volumes are kept channels-last, where 16 channels fill one vector
register.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Rows summed at once in single precision before the sums move to double.
_STATISTICS_CHUNK = 1 << 18
# torch's own limit (aten/src/ATen/native/Convolution.cpp), on C·X·Y of a single sample.
_SLOW_UP_TO = 20480


class NormalisedConv(nn.Module):
    """Group normalisation, then a 3³ convolution with zero padding, then perhaps a ReLU.

    Shapes: [B, C_in, X, Y, Z] -> [B, C_out, X, Y, Z].

    Attributes:
        fold_from: voxels from which on inference folds; in small volumes there are more weights to
            scale than voxels to normalise.
    """

    fold_from = 64**3

    def __init__(self, channels_in: int, channels_out: int, groups: int, relu: bool) -> None:
        super().__init__()
        groups = groups if channels_in >= groups else 1
        self.groupnorm = nn.GroupNorm(groups, channels_in)
        self.conv = nn.Conv3d(channels_in, channels_out, 3, padding=1, bias=False)
        self.relu = relu

    def forward(self, volume: Tensor) -> Tensor:
        if torch.is_grad_enabled() or volume[0, 0].numel() < self.fold_from:
            result = _convolved(self.groupnorm(volume), self.conv.weight, None)
            return F.relu(result) if self.relu else result
        folded = [self._folded(sample) for sample in volume.split(1)]
        result = torch.cat(folded) if len(folded) > 1 else folded[0]  # cat copies even one
        return result.relu_() if self.relu else result

    def _folded(self, volume: Tensor) -> Tensor:
        """Normalise and convolve one sample [1, C, X, Y, Z] without a normalised copy of it."""
        scale, shift = self._scale_and_shift(volume)
        weight = self.conv.weight
        # What each tap of the kernel adds because of the shift: [C_out, 1, 3, 3, 3].
        tap_bias = torch.einsum("ocxyz,c->oxyz", weight, shift).unsqueeze(1)
        scaled = (weight * scale[:, None, None, None]).to(memory_format=torch.channels_last_3d)
        result = _convolved(volume, scaled, tap_bias.sum((1, 2, 3, 4)))
        _correct_faces(result, tap_bias)
        return result

    def _scale_and_shift(self, volume: Tensor) -> tuple[Tensor, Tensor]:
        """Per-channel a, b [C] such that group normalisation is a·x + b."""
        norm = self.groupnorm
        rows = volume.permute(0, 2, 3, 4, 1).reshape(-1, volume.shape[1])
        total = torch.zeros(rows.shape[1], dtype=torch.float64, device=rows.device)
        squares = torch.zeros_like(total)
        for chunk in rows.split(_STATISTICS_CHUNK):
            total += chunk.sum(0)
            squares += (chunk.T @ chunk).diagonal()  # a matrix product reads the rows just once
        count = rows.shape[0] * (norm.num_channels // norm.num_groups)
        mean = total.view(norm.num_groups, -1).sum(1) / count
        variance = squares.view(norm.num_groups, -1).sum(1) / count - mean**2
        inverse_std = (variance.clamp_min(0) + norm.eps).rsqrt()
        per_group = norm.num_channels // norm.num_groups
        scale = norm.weight * inverse_std.repeat_interleave(per_group).float()
        shift = norm.bias - mean.repeat_interleave(per_group).float() * scale
        return scale, shift


def _convolved(volume: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A 3³ convolution with zero padding.

    For one small sample torch takes a kernel that is ten times slower than the one for two.
    """
    if volume.device.type == "cpu" and len(volume) == 1 and volume[..., 0].numel() <= _SLOW_UP_TO:
        return F.conv3d(volume.expand(2, -1, -1, -1, -1), weight, bias, padding=1)[:1]
    return F.conv3d(volume, weight, bias, padding=1)


def _correct_faces(result: Tensor, tap_bias: Tensor) -> None:
    """Take back, in place, the shift that padding voxels outside the volume do not have.

    The bias of a voxel depends only on which faces it touches: 3³ cases, read off a convolution
    over a volume of ones that is three voxels wide (fewer where the volume is smaller).
    """
    sizes = result.shape[2:]
    small = tap_bias.new_ones(1, 1, *(min(size, 3) for size in sizes))
    cases = (
        F.conv3d(small, tap_bias, padding=1)[0] - tap_bias.sum((1, 2, 3, 4))[:, None, None, None]
    )
    case_of = [_face_cases(size, result.device) for size in sizes]
    # Each face is corrected over what no earlier axis has corrected already.
    inner = [slice(None)] * 3
    for axis in range(3):
        size = sizes[axis]
        for index in sorted({0, size - 1}):
            plane = [case_of[a][inner[a]] for a in range(3)]
            plane[axis] = case_of[axis][index : index + 1]
            span = [*inner]
            span[axis] = slice(index, index + 1)
            correction = cases[:, plane[0]][:, :, plane[1]][:, :, :, plane[2]]
            result[0, :, span[0], span[1], span[2]] += correction
        inner[axis] = slice(1, size - 1)


def _face_cases(size: int, device: torch.device) -> Tensor:
    """For each index along an axis: 0 first, 1 inside, 2 last (as they are when size < 3)."""
    index = torch.arange(size, device=device)
    return torch.where(index == size - 1, min(size, 3) - 1, index.clamp_max(1))


class ResidualBlock(nn.Module):
    """Three normalised convolutions; the first one's output is added to the last one's."""

    def __init__(self, channels_in: int, channels_out: int, groups: int) -> None:
        super().__init__()
        self.conv1 = NormalisedConv(channels_in, channels_out, groups, relu=True)
        self.conv2 = NormalisedConv(channels_out, channels_out, groups, relu=True)
        self.conv3 = NormalisedConv(channels_out, channels_out, groups, relu=False)

    def forward(self, volume: Tensor) -> Tensor:
        residual = self.conv1(volume)
        result = self.conv3(self.conv2(residual))
        return (
            F.relu(result + residual) if torch.is_grad_enabled() else result.add_(residual).relu_()
        )


class Encoder(nn.Module):
    """One level down: halve the resolution (not at the first level), then a residual block."""

    def __init__(self, channels_in: int, channels_out: int, groups: int, pool: bool) -> None:
        super().__init__()
        self.pool = pool
        self.basic_module = ResidualBlock(channels_in, channels_out, groups)

    def forward(self, volume: Tensor) -> Tensor:
        return self.basic_module(F.max_pool3d(volume, 2) if self.pool else volume)


class Upsampling(nn.Module):
    """A strided transposed convolution up to the size of the encoder's volume."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.upsample = nn.ConvTranspose3d(channels_in, channels_out, 3, stride=2, padding=1)

    def forward(self, volume: Tensor, size: torch.Size) -> Tensor:
        return self.upsample(volume, output_size=list(size))


class Decoder(nn.Module):
    """One level up: upsample, add the encoder's volume of that level, then a residual block."""

    def __init__(self, channels_in: int, channels_out: int, groups: int) -> None:
        super().__init__()
        self.upsampling = Upsampling(channels_in, channels_out)
        self.basic_module = ResidualBlock(channels_out, channels_out, groups)

    def forward(self, volume: Tensor, skip: Tensor) -> Tensor:
        upsampled = self.upsampling(volume, skip.shape[2:])
        if torch.is_grad_enabled():
            return self.basic_module(upsampled + skip)
        return self.basic_module(upsampled.add_(skip))


class ResidualUNet3D(nn.Module):
    """Residual 3D U-Net: [B, channels_in, X, Y, Z] -> [B, channels_out, X, Y, Z].

    Args:
        channels_in, channels_out: channels of the input and output volumes.
        width: channels of the first level; each level down doubles them.
        levels: number of levels; X, Y, Z must be divisible by 2^(levels - 1).
        groups: groups of each group normalisation (1 where there are fewer channels).
    """

    def __init__(
        self, channels_in: int, channels_out: int, width: int, levels: int, groups: int
    ) -> None:
        super().__init__()
        widths = [width << level for level in range(levels)]
        inputs = [channels_in, *widths[:-1]]
        self.encoders = nn.ModuleList(
            Encoder(i, o, groups, pool=level > 0)
            for level, (i, o) in enumerate(zip(inputs, widths, strict=True))
        )
        self.decoders = nn.ModuleList(
            Decoder(deep, shallow, groups)
            for deep, shallow in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.final_conv = nn.Conv3d(width, channels_out, 1)

    def forward(self, volume: Tensor) -> Tensor:
        return self.final_conv(self.features(volume))

    def features(self, volume: Tensor) -> Tensor:
        """The volume before the final 1³ convolution: [B, width, X, Y, Z]."""
        skips: list[Tensor] = []
        for encoder in self.encoders:
            volume = encoder(volume)
            skips.append(volume)
        skips.pop()
        for decoder in self.decoders:
            volume = decoder(volume, skips.pop())
        return volume
