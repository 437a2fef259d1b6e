"""What a reader noticed, collected for the scene and said aloud while it reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lexel.errors import LexelError
from lexel.progress import Progress, Silent
from lexel.scene import Finding, Severity


@dataclass
class Notes:
    """Collects findings; repairs and warnings are said aloud as they come."""

    progress: Progress = field(default_factory=Silent)
    findings: list[Finding] = field(default_factory=list)

    def note(self, where: str, what: str) -> None:
        self.add(Finding(Severity.NOTE, where, what))

    def repaired(self, where: str, what: str, do: str = "") -> None:
        self.add(Finding(Severity.REPAIRED, where, what, do))

    def warn(self, where: str, what: str, do: str = "") -> None:
        self.add(Finding(Severity.WARNING, where, what, do))

    def add(self, finding: Finding) -> None:
        if finding in self.findings:
            return
        self.findings.append(finding)
        if finding.severity is not Severity.NOTE:
            self.progress.say(str(finding))


def as_finding(error: LexelError, where: object) -> Finding:
    """An error as a finding; `where` stands in when the error does not say."""
    got = f" (got {error.got})" if error.got else ""
    return Finding(Severity.ERROR, error.where or str(where), error.what + got, error.do or "")


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by how bad they are; as they came where they are equal."""
    return tuple(sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.severity)))


_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.REPAIRED, Severity.NOTE)
