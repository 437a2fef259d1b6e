"""Making fields: regions of views, their meaning and its fusion; codebooks, phrases, packing."""
