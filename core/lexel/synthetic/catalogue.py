"""All classes of the world, and which words and things are kept from training."""

from __future__ import annotations

from functools import cache

from lexel.synthetic.model import ObjectClass

# Never seen by the 3D networks; the image-text model knows them, as CLIP has seen the web.
NOVEL_CLASSES = ("pot", "mug", "safe", "teddy bear", "basketball", "wine bottle")

# Words that no picture in training is ever captioned with. The published list where it fits.
SYNONYMS = {
    "television": "tv",
    "sofa": "couch",
    "house plant": "plant in a pot",
    "bookcase": "bookshelf",
    "baseball bat": "rawlings big stick maple bat",
    "pillow": "cushion",
    "arm chair": "recliner",
    "bread": "loaf of sourdough",
    "cell phone": "mobile phone",
    "desktop": "computer",
    "dresser": "wardrobe",
    "dumbbell": "gym weights",
    "fridge": "refrigerator",
    "garbage can": "trash can",
    "laptop": "notebook computer",
    "rug": "carpet",
    "ladder": "step ladder",
    "shoes": "sneakers",
    "bicycle": "bike",
    "picture frame": "painting",
    "stove": "cooker",
    "pan": "skillet",
}


@cache
def classes() -> dict[str, ObjectClass]:
    """Every class by name, in a fixed order."""
    from lexel.synthetic.objects import bedroom_bathroom, kitchen, living_room, office_workshop

    every = (
        *kitchen.CLASSES,
        *living_room.CLASSES,
        *bedroom_bathroom.CLASSES,
        *office_workshop.CLASSES,
    )
    return {kind.name: kind for kind in every}
