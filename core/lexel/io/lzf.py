"""LZF, as the point cloud library's `binary_compressed` files have it (Lehmann, liblzf)."""

from __future__ import annotations

from lexel.errors import SceneError

_LONGEST_LITERAL = 32


def decompress_lzf(packed: bytes, num_bytes: int, where: object) -> bytes:
    """Exactly `num_bytes`, or a sentence."""
    out = bytearray()
    at = 0
    try:
        while at < len(packed) and len(out) <= num_bytes:
            control = packed[at]
            at += 1
            if control < _LONGEST_LITERAL:
                out += packed[at : at + control + 1]
                at += control + 1
            else:
                at = _repeat(packed, at, control, out)
    except IndexError:
        out.clear()
    if len(out) != num_bytes:
        raise SceneError(
            f"is damaged: it should unpack to {num_bytes:,} bytes",
            where=where,
            got=f"{len(out):,} bytes",
            do="Export it again.",
        )
    return bytes(out)


def _repeat(packed: bytes, at: int, control: int, out: bytearray) -> int:
    """Append bytes that stood before; returns where the next control byte is."""
    length = control >> 5
    if length == 7:
        length += packed[at]
        at += 1
    length += 2
    start = len(out) - ((control & 0x1F) << 8) - packed[at] - 1
    if start < 0:
        raise IndexError
    while length > 0:  # what is repeated may reach into what it makes
        part = out[start : start + length]
        out += part
        start += len(part)
        length -= len(part)
    return at + 1
