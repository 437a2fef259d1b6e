"""Names that the add-on gives to data in a .blend file; users' own nodes may rely on them.

Kept once here, because a saved scene is found again by them.
"""

from __future__ import annotations

# Attributes of points, one number for each.
CODE = "code"  # INT, row of the field's codebook
ORIGIN = "origin"  # INT, 0 observed, 1 inferred: nobody saw it, but a network says it is there
ROW = "lexel_row"  # INT, row of the colour table: a code, a place or a level
SCORE = "lexel_score"  # FLOAT, 0..1: how true the first query is of the point
FOUND = "lexel_found"  # BOOLEAN, whether the score is above the threshold
COLOUR = "Color"  # BYTE_COLOR, as photographed
SELECTION = ".selection"  # BOOLEAN; Blender's own, in Edit Mode
RADIUS = "radius"  # FLOAT, metres; Blender's own. 0 while a point is hidden

TABLE = "Lexel colours"  # image: a texel for each row
MATERIAL = "Lexel points"
INFERRED = "lexel_inferred"  # custom property of objects: nobody saw them
GROUP = "lexel"  # vertex group, collection
