"""Building fields: regions of views, their meaning, and its fusion over superpoints."""
