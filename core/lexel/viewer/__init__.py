"""The window: type, and the points recolour with every keystroke. Qt lives here only."""
