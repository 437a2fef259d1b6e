"""Who reads the views of a build, and whose words its field speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from lexel.encoders.clip import ClipEncoder
from lexel.encoders.phrases import ClipPhrases
from lexel.encoders.sentence import (
    HeadedEncoder,
    load_package_sentences,
    load_sentence_encoder,
)
from lexel.encoders.text_tower_files import store_text_tower
from lexel.encoders.weights.embedded import TRAINING
from lexel.errors import EncoderError, InputError
from lexel.fields.clip_regions import CropEncoder, CropWeights, PatchEncoder
from lexel.fields.phrases import compute_phrases
from lexel.fields.reading import RegionReader, Segmenter
from lexel.fields.regions import RegionSettings
from lexel.fields.segmenters import BroughtRegions, FoundRegions, NamedByBoxes, load_sam
from lexel.io.frame_regions import FrameDetections, FrameMasks
from lexel.pipelines.build_content import Vocabulary
from lexel.progress import Progress
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.relevancy.tower import check_tower
from lexel.scene import FieldEncoder, Scoring, SentenceModel, TextTower

Features = Literal["regions", "patches"]


@dataclass(frozen=True)
class ReadingOptions:
    """How views are read.

    Attributes:
        features: "regions" encodes every region by its crops; "patches" reads them off a few
            passes of the image tower.
        weights: of crop, context crop and whole image, where regions are encoded by their crops.
        regions: how regions are found.
        masks: folder of the user's own masks; instead of found regions.
        boxes: folder of a detector's boxes, which give regions names.
        sam: weights of Segment Anything; instead of found regions.
    """

    features: Features = "regions"
    weights: CropWeights = field(default_factory=CropWeights)
    regions: RegionSettings = field(default_factory=RegionSettings)
    masks: Path | None = None
    boxes: Path | None = None
    sam: Path | None = None

    def __post_init__(self) -> None:
        if self.features not in get_args(Features):
            raise InputError(
                "there are no such features",
                where="--features",
                got=self.features,
                do=f"Choose of {', '.join(get_args(Features))}.",
            )
        if self.masks and self.sam:
            raise InputError("masks come from one place", do="Leave out --masks or --sam.")


def make_reader(encoder: ClipEncoder, options: ReadingOptions, num_views: int) -> RegionReader:
    """A reader of views by an image-text model.

    Raises:
        InputError: masks or boxes do not fit the recording, or SAM is not there.
    """
    told = {**_told(options), "seed": encoder.identity.seed}
    if options.features == "patches":
        check_tower(encoder.model.visual, encoder.identity.name)
        return RegionReader(_segmenter(encoder, options, num_views), PatchEncoder(encoder), told)
    regions = CropEncoder(encoder, options.weights)
    return RegionReader(_segmenter(encoder, options, num_views), regions, told)


def make_vocabulary(
    encoder: ClipEncoder,
    templates: tuple[str, ...],
    labels: Sequence[str],
    sentence: SentenceModel | None,
    progress: Progress,
) -> Vocabulary:
    """The encoder's words: its text tower kept beside the weights, and common phrases encoded.

    Args:
        encoder: whose visual half it is.
        templates: prompts that phrases are put into.
        labels: the scene's own, which stand among the phrases.
        sentence: the model of the sentence half, if there is to be one.
        progress: told of every step.
    """
    scoring = Scoring(background_labels=BACKGROUND_LABELS)
    company = (*scoring.negatives, *BACKGROUND_LABELS, *labels)
    visual = ClipPhrases(encoder, templates)
    phrases = compute_phrases(visual, sentence, company=company, progress=progress)
    identity = encoder.identity
    told = FieldEncoder(
        identity.name,
        identity.pretrained,
        identity.sha256,
        identity.dim,
        templates,
        _text_tower(encoder, sentence, progress),
    )
    if sentence is None:
        return Vocabulary(told, phrases, scoring, encode=visual.encode)
    return Vocabulary(told, phrases, scoring, sentence.identity, sentence.encode, visual.encode)


def load_sentences(encoder: ClipEncoder, name: str | None, device: str) -> SentenceModel | None:
    """The sentence model called `name`; without one, the embedded encoder's own, or None.

    Raises:
        WeightsError, EncoderError: it is not on this computer.
    """
    if name is not None:
        return load_sentence_encoder(name, device=device)
    if encoder.identity.pretrained == TRAINING:
        return load_package_sentences(encoder)
    return None


def _text_tower(
    encoder: ClipEncoder, sentence: SentenceModel | None, progress: Progress
) -> TextTower | None:
    """Where the field finds its text tower; None for one that only torch can run."""
    head = sentence.head if isinstance(sentence, HeadedEncoder) else None
    try:
        return store_text_tower(encoder, head)
    except EncoderError as error:
        progress.say(f"the field names no text tower: {error}")
        return None


def _segmenter(encoder: ClipEncoder, options: ReadingOptions, num_views: int) -> Segmenter:
    segment: Segmenter = FoundRegions(options.regions)
    if options.masks:
        segment = BroughtRegions(FrameMasks.open(options.masks, num_views))
    elif options.sam:
        segment = load_sam(options.sam, str(encoder.device))
    if options.boxes:
        segment = NamedByBoxes(segment, FrameDetections.open(options.boxes, num_views))
    return segment


def _told(options: ReadingOptions) -> dict[str, Any]:
    """The options as JSON-able values."""
    told = asdict(options)
    for key in ("masks", "boxes", "sam"):
        told[key] = told[key] and str(Path(told[key]).resolve())
    return told
