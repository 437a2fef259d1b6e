"""How things look: one parametric builder per class, grouped by families of things."""
