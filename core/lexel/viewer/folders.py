"""Where the viewer keeps things, as each system wants it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lexel.io.atomic import probe_folder
from lexel.io.names import safe_name


@dataclass(frozen=True)
class Folders:
    """The user's own folders of Lexel.

    Attributes:
        config: settings.
        state: sessions and recent files.
        data: fields and results that cannot lie beside what they were made of.
    """

    config: Path
    state: Path
    data: Path

    def place_for(self, source: Path, name: str) -> Path:
        """Where something made of `source` belongs: beside it, if that may be written."""
        beside = source.resolve().parent
        try:
            if os.access(beside, os.W_OK):
                probe_folder(beside)
                return beside / name
        except OSError:
            pass
        return self.data / safe_name(source.stem) / name


def user_folders() -> Folders:
    """Those of whoever runs this."""
    import platformdirs

    dirs = platformdirs.PlatformDirs("lexel", appauthor=False)
    return Folders(dirs.user_config_path, dirs.user_state_path, dirs.user_data_path)
