"""The window: type, and the points recolour. Qt lives here only; `drawing` is numpy."""
