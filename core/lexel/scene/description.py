"""A described thing: the A behind the B."""

from __future__ import annotations

from dataclasses import dataclass

# The six relations the published network knows, longest first so that a parser
# that tries them in order never cuts "on the left of" at "on".
RELATIONS = ("on the right of", "on the left of", "in front of", "behind", "on", "in")


@dataclass(frozen=True)
class Description:
    """`target` stands in `relation` to `reference`."""

    target: str
    relation: str
    reference: str

    def __str__(self) -> str:
        return f"the {self.target} {self.relation} the {self.reference}"
