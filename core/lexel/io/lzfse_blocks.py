"""LZFSE with a known result size: what declares anything else is refused before it is unpacked.

An LZFSE stream is a chain of blocks. Each starts with a magic word and the size it unpacks to:
`bvx-` stored, `bvxn` LZVN, `bvx1` / `bvx2` LZFSE, `bvx$` the end. The decoder itself does not
hold a block to its declared size; a block can unpack to some 27 MB at most, and a real encoder
closes one only after 10,000 matches or 40,000 literals. So a bounded number of blocks bounds
the memory.
"""

from __future__ import annotations

import struct

from lexel.errors import SceneError

_LEAST_BYTES_PER_BLOCK = 20_000
_SPARE_BLOCKS = 4


def decompress_exactly(packed: bytes, num_bytes: int, where: str, meaning: str) -> bytes:
    """The `num_bytes` that `packed` unpacks to."""
    sizes = _declared_sizes(packed, where)
    most_blocks = num_bytes // _LEAST_BYTES_PER_BLOCK + _SPARE_BLOCKS
    if sum(sizes) != num_bytes or len(sizes) > most_blocks:
        raise _wrong_size(where, sum(sizes), num_bytes, meaning)
    import lzfse

    try:
        content: bytes = lzfse.decompress(packed)
    except (lzfse.error, MemoryError, ValueError) as cause:
        raise _damaged(where) from cause
    if len(content) != num_bytes:
        raise _wrong_size(where, len(content), num_bytes, meaning)
    return content


def _declared_sizes(packed: bytes, where: str) -> list[int]:
    """Unpacked size of every block, by walking the chain."""
    sizes, at = [], 0
    try:
        while (magic := packed[at : at + 4]) != b"bvx$":
            (size,) = struct.unpack_from("<I", packed, at + 4)
            sizes.append(size)
            at += _block_bytes(packed, at, magic, size)
    except struct.error as cause:
        raise _damaged(where) from cause
    except ValueError:
        raise _damaged(where) from None
    return sizes


def _block_bytes(packed: bytes, at: int, magic: bytes, size: int) -> int:
    """Length of the block in the stream, header included (lzfse_internal.h)."""
    if magic == b"bvx-":
        return 8 + size
    if magic == b"bvxn":
        return 12 + int(struct.unpack_from("<I", packed, at + 8)[0])
    if magic == b"bvx2":
        fields = struct.unpack_from("<3Q", packed, at + 8)
        literals, matches = (fields[0] >> 20) & 0xFFFFF, (fields[1] >> 40) & 0xFFFFF
        return int((fields[2] & 0xFFFFFFFF) + literals + matches) or 1
    raise ValueError("unknown block")  # bvx1 is written by no encoder


def _damaged(where: str) -> SceneError:
    return SceneError("is damaged or not LZFSE", where=where, do="Copy the recording again.")


def _wrong_size(where: str, got: int, expected: int, meaning: str) -> SceneError:
    return SceneError(
        f"should unpack to {expected:,} bytes ({meaning})",
        where=where,
        got=f"{got:,} bytes",
        do="Its size does not agree with dw and dh in the metadata: export it again.",
    )
