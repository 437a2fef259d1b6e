"""Runs `main(folder, given)` of another script of this folder inside Blender, and keeps its answer.

python run.py SCRIPT FOLDER
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    name, folder = sys.argv[1], Path(sys.argv[2])
    sys.path[0] = str(Path(__file__).parent)
    told = importlib.import_module(name).main(
        folder, json.loads((folder / "given.json").read_text())
    )
    (folder / "told.json").write_text(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # the module's own end crashes now and then after a render
