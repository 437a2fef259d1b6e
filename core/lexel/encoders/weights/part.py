"""An unfinished download on disk, and the note that says what it is a part of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from lexel.encoders.weights.web import Answer
from lexel.io.atomic import replacing_file


@dataclass(frozen=True)
class PartNote:
    """What the server said of the file when its first byte came."""

    validator: str | None = None  # strong ETag or Last-Modified, for If-Range
    sha256: str | None = None  # from the user or the hub
    total: int | None = None  # bytes of the whole file

    def is_continued_by(self, answer: Answer, sha256: str | None) -> bool:
        """Whether `answer` is of the same file. The same sha256 outweighs a changed ETag:
        content networks change theirs from server to server."""
        if answer.total != self.total or sha256 != self.sha256:
            return False
        if self.sha256 is not None:
            return True
        return self.validator is not None and self.validator == answer.validator


@dataclass(frozen=True)
class PartFile:
    """`NAME.part`, `NAME.part.json` (the note) and `NAME.part.lock`."""

    path: Path

    @staticmethod
    def of(url: str, folder: Path) -> PartFile:
        folder.mkdir(parents=True, exist_ok=True)
        last = Path(urllib.parse.urlsplit(url).path).name
        readable = re.sub(r"[^A-Za-z0-9._-]", "_", last)[:60]
        key = hashlib.sha256(url.encode()).hexdigest()[:16]
        return PartFile(folder / f"{key}-{readable}.part")

    @property
    def lock_path(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    @property
    def _note_path(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def note(self) -> PartNote:
        try:
            return PartNote(**json.loads(self._note_path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return PartNote()

    def restart(self, answer: Answer, sha256: str | None) -> None:
        """Empty, and about to receive `answer` from its first byte."""
        self.path.unlink(missing_ok=True)
        note = PartNote(answer.validator, sha256, answer.total)
        with replacing_file(self._note_path) as temporary:
            temporary.write_text(json.dumps(dataclasses.asdict(note)), encoding="utf-8")
        self.path.touch()

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)
