"""How things look: one parametric builder per class, grouped by the room they are at home in."""
