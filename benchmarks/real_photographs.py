"""What an image-text model makes of real photographs: a picture, and how often it is right.

    python benchmarks/real_photographs.py --encoder embedded --out FOLDER [--preset fast]

Four frames of 7-Scenes' RedKitchen are asked for things that are there and things that are not.
`relevancy.png` shows where relevancy (less its mean) is high, with a cross at its peak and boxes
round the things that are meant; `crops.png` what the crop round each box is taken for;
`real.json` has it all in numbers. The frames are for research use: keep the pictures to yourself.
The boxes were drawn by hand for this.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from lexel.encoders.clip import ClipEncoder
    from lexel.pipelines.relevancy import Relevancies

Rgb = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]  # left, top, right, bottom, pixels
ABSENT = ("bed", "bicycle", "toilet")
# Where things are, frame by frame. `game controller` and `plastic box` are none of the world's.
THERE: dict[str, dict[str, list[Box]]] = {
    "000000": {
        "chair": [(176, 128, 300, 345), (420, 147, 546, 205), (305, 377, 622, 480)],
        "dining table": [(222, 160, 640, 465)],
        "mug": [(362, 164, 401, 202)],
        "book": [
            (495, 254, 601, 342), (373, 193, 496, 263), (404, 20, 482, 88), (485, 20, 580, 95),
        ],
        "kitchen counter": [(0, 45, 580, 310)],
    },
    "000112": {
        "chair": [(410, 205, 640, 480)],
        "kitchen counter": [(65, 66, 640, 405)],
        "picture frame": [(222, 50, 264, 98), (348, 15, 380, 42)],
    },
    "000240": {
        "chair": [(0, 276, 148, 480), (284, 242, 424, 307), (607, 247, 640, 310)],
        "dining table": [(88, 298, 640, 480)],
        "mug": [(216, 305, 264, 357)],
        "book": [
            (404, 400, 552, 480), (276, 327, 398, 376), (270, 104, 310, 165), (322, 87, 416, 152),
            (497, 96, 546, 158), (560, 99, 610, 160), (62, 24, 100, 76), (312, 27, 348, 80),
        ],
        "television": [(480, 0, 640, 72)],
        "kitchen counter": [(0, 140, 436, 320)],
    },
    "000416": {
        "chair": [(165, 108, 300, 202), (428, 235, 577, 470)],
        "dining table": [(0, 135, 475, 480)],
        "mug": [(0, 176, 38, 229)],
        "book": [(195, 0, 243, 38), (258, 0, 313, 56), (463, 40, 522, 106)],
        "game controller": [(177, 290, 277, 373)],
        "plastic box": [(56, 183, 246, 308)],
    },
}  # fmt: skip
TOP = 3
_TILE_PX, _CROP_PX = (320, 240), (220, 220)
_BOX, _CROSS = (90, 255, 120), (255, 255, 255)


@dataclass(frozen=True)
class Asked:
    """A phrase asked of a frame.

    Attributes:
        boxes: where it is; none where it is not there.
        peak_px: (column, row) of the highest relevancy.
        hit: whether that lies in a box.
        chance: share of the frame that the boxes cover.
        highest: the highest relevancy less the mean, in units of the frame.
    """

    frame: str
    phrase: str
    boxes: list[Box]
    peak_px: tuple[int, int]
    hit: bool
    chance: float
    highest: float


@dataclass(frozen=True)
class Taken:
    """What the crop round a box is taken for: the best of the world's classes, best first."""

    frame: str
    phrase: str
    box: Box
    answers: list[str]


def main() -> int:
    # Run as a file, Python looks for modules beside it; `benchmarks` itself is one folder up.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    import torch

    from lexel.encoders.clip import load_encoder

    given = _arguments()
    torch.set_num_threads(given.threads)
    told = measure(load_encoder(given.encoder), given.frames, given.out, given.preset)
    print(json.dumps(told, indent=1))
    return 0


def measure(encoder: ClipEncoder, frames: Path, out: Path, preset: str) -> dict[str, Any]:
    """Ask everything, write the pictures and the numbers: a few of them come back."""
    from dataclasses import asdict

    from lexel.io.json_files import write_json
    from lexel.io.photo import load_photo
    from lexel.render.contact_sheet import write_sheet

    asked: list[tuple[Asked, Rgb]] = []
    taken: list[tuple[Taken, Rgb]] = []
    for frame in THERE:
        rgb = load_photo(frames / f"frame-{frame}.color.jpg")
        read = _read(encoder, rgb, frame, preset)
        answers = [ask(read, frame, phrase) for phrase in read.phrases]
        asked += [(answer, _map_tile(rgb, read, answer)) for answer in answers]
        taken += take(encoder, rgb, frame)
    told = _counted([a for a, _ in asked], [t for t, _ in taken])
    everything = {
        **told,
        "asked": [asdict(a) for a, _ in asked],
        "taken": [asdict(t) for t, _ in taken],
        "reading": read.provenance,
    }
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "real.json", everything)
    said = [f"{a.phrase}: {_said(a)} ({a.highest:.2f})" for a, _ in asked]
    write_sheet(out / "relevancy.png", [tile for _, tile in asked], columns=5, captions=said)
    words = [f"{t.phrase}: {t.answers[0]}" for t, _ in taken]
    write_sheet(out / "crops.png", [crop for _, crop in taken], columns=6, captions=words)
    return told


def _arguments() -> argparse.Namespace:
    shared = os.environ.get("LEXEL_SHARED_DATA", "../shared/data")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--encoder", required=True, help="ARCH/TAG, or a weights file")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--frames", type=Path, default=Path(shared) / "redkitchen")
    parser.add_argument("--preset", default="fast", help="how densely to read: ours, fast, light")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _read(encoder: ClipEncoder, rgb: Rgb, frame: str, preset: str) -> Relevancies:
    from lexel.pipelines.relevancy import read_relevancies
    from lexel.pipelines.settings import Settings

    return read_relevancies(encoder, rgb, [*THERE[frame], *ABSENT], Settings(preset=preset))


def ask(read: Relevancies, frame: str, phrase: str) -> Asked:
    """Where the relevancy of a phrase peaks in a frame."""
    relevancy = read.normalised(phrase).numpy()
    row, column = (int(i) for i in np.unravel_index(relevancy.argmax(), relevancy.shape))
    boxes = THERE[frame].get(phrase, [])
    mask = _mask(relevancy.shape, boxes)
    found = bool(mask[row, column]), float(mask.mean()), float(relevancy.max())
    return Asked(frame, phrase, boxes, (column, row), *found)


def take(encoder: ClipEncoder, rgb: Rgb, frame: str) -> list[tuple[Taken, Rgb]]:
    """Each box of a frame, what its crop is taken for, and the crop."""
    import torch.nn.functional as F

    from lexel.evaluation.crops import crop_round
    from lexel.evaluation.sight_words import Words

    kinds = Words(encoder).kinds
    found = []
    for phrase, boxes in THERE[frame].items():
        crops = [crop_round(rgb, _mask(rgb.shape[:2], [box])) for box in boxes]
        seen = F.normalize(encoder.image_features(crops), dim=-1)
        for box, crop, scores in zip(boxes, crops, seen @ kinds.features.T, strict=True):
            best = [kinds.names[i] for i in scores.topk(TOP).indices]
            found.append((Taken(frame, phrase, box, best), np.asarray(crop.resize(_CROP_PX))))
    return found


def _mask(shape: tuple[int, ...], boxes: Sequence[Box]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(shape[:2], bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return mask


def _map_tile(rgb: Rgb, read: Relevancies, asked: Asked) -> Rgb:
    """The frame, dark where relevancy is low, with boxes and the peak."""
    from PIL import Image, ImageDraw

    from lexel.scene.colour_ramp import ramp_colours

    unit = np.clip(read.normalised(asked.phrase).numpy(), 0, 1)
    colours = ramp_colours(unit, "inferno")
    cover = (0.65 - 0.35 * unit)[..., None]
    picture = Image.fromarray(np.round(rgb * (1 - cover) + colours * cover).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for box in asked.boxes:
        draw.rectangle(box, outline=_BOX, width=3)
    x, y = asked.peak_px
    draw.line((x - 14, y, x + 14, y), _CROSS, 5)
    draw.line((x, y - 14, x, y + 14), _CROSS, 5)
    return np.asarray(picture.resize(_TILE_PX))


def _counted(asked: Sequence[Asked], taken: Sequence[Taken]) -> dict[str, Any]:
    from lexel.synthetic.catalogue import classes

    there = [a for a in asked if a.boxes]
    known = [t for t in taken if t.phrase in classes()]
    return {
        "peak_in_a_box": sum(a.hit for a in there),
        "phrases_there": len(there),
        "chance": float(np.mean([a.chance for a in there])),
        "highest_there": float(np.median([a.highest for a in there])),
        "highest_absent": float(np.median([a.highest for a in asked if not a.boxes])),
        "crops_top1": sum(t.phrase == t.answers[0] for t in known),
        "crops_top3": sum(t.phrase in t.answers for t in known),
        "crops": len(known),
    }


def _said(asked: Asked) -> str:
    if not asked.boxes:
        return "not there"
    return "right" if asked.hit else "wrong"


if __name__ == "__main__":
    sys.exit(main())
