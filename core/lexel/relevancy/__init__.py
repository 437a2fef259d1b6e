"""Which pixels of an image explain its CLIP score for a phrase, at many scales."""
