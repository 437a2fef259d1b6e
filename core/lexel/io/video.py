"""Frames to an `.mp4` that every player opens."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import LexelError
from lexel.io.atomic import replacing_file


def write_mp4(
    path: Path,
    frames: Iterable[npt.NDArray[np.uint8]],
    size_px: tuple[int, int],
    *,
    frames_per_second: int = 24,
    comment: str = "",
) -> Path:
    """Encode (H, W, 3) uint8 frames as H.264; whole or not there. Sizes must be even."""
    import imageio_ffmpeg

    assert size_px[0] % 2 == 0 and size_px[1] % 2 == 0, "H.264 with yuv420p needs even sizes"
    with replacing_file(path) as temporary:
        writer = imageio_ffmpeg.write_frames(
            str(temporary),
            size_px,
            fps=frames_per_second,
            codec="libx264",
            pix_fmt_out="yuv420p",
            quality=None,
            macro_block_size=2,
            ffmpeg_log_level="error",
            # The temporary name has no suffix to tell the container by.
            output_params=[
                "-crf",
                "18",
                "-preset",
                "medium",
                "-movflags",
                "+faststart",
                "-metadata",
                f"comment={comment}",
                "-f",
                "mp4",
            ],
        )
        try:
            writer.send(None)
            for frame in frames:
                writer.send(np.ascontiguousarray(frame))
        except OSError as error:
            raise LexelError("the video could not be encoded", where=path, got=error) from error
        finally:
            writer.close()
    return path
