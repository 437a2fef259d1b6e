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


# Rooms are drawn from the classes in this order: a change of it is another world.
_ORDER = (
    "kitchen counter", "fridge", "stove", "microwave", "toaster", "kettle", "pot", "pan", "mug",
    "bowl", "plate", "wine bottle", "banana", "apple", "bread", "teapot", "knife block",
    "dining table", "sofa", "arm chair", "coffee table", "television", "tv stand", "bookcase",
    "floor lamp", "house plant", "vase", "picture frame", "wall clock", "rug", "guitar",
    "basketball", "fireplace", "piano", "pillow", "candle", "bed", "dresser", "nightstand",
    "table lamp", "alarm clock", "teddy bear", "toilet", "bathtub", "bathroom sink", "mirror",
    "towel rack", "toilet paper", "hair dryer", "laundry basket", "suitcase", "shoes", "shower",
    "bathroom scale", "desk", "chair", "office chair", "laptop", "desktop", "cell phone",
    "book", "filing cabinet", "garbage can", "safe", "printer", "globe", "workbench", "toolbox",
    "hammer", "ladder", "dumbbell", "bicycle", "bucket", "cardboard box", "baseball bat",
    "stool",
)  # fmt: skip


@cache
def classes() -> dict[str, ObjectClass]:
    """Every class by name, in a fixed order."""
    from lexel.synthetic.objects import (
        appliances,
        beds,
        clocks,
        clothing,
        containers,
        crockery,
        electronics,
        food,
        lights,
        ornaments,
        pastimes,
        sanitary,
        seating,
        storage,
        tables,
        toiletries,
        tools,
    )

    families = (
        appliances,
        beds,
        clocks,
        clothing,
        containers,
        crockery,
        electronics,
        food,
        lights,
        ornaments,
        pastimes,
        sanitary,
        seating,
        storage,
        tables,
        toiletries,
        tools,
    )
    found = {kind.name: kind for family in families for kind in family.CLASSES}
    assert found.keys() == set(_ORDER)
    return {name: found[name] for name in _ORDER}
