"""The desktop viewer. Qt lives here only; `drawing` below it is numpy."""
