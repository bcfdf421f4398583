"""A line as a platform shows it, and a command as it is written in one. Not how a look is drawn."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipelines.domain.values import Value


class Look(StrEnum):
    """What a line is, for the eye."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    GOOD = "good"
    CARE = "care"
    BAD = "bad"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Line(Value):
    """
    One line. `text` may come from anybody: a screen shows it on one line and without effects.

    A line that is a LINK is an address and is never broken.
    """

    text: str = ""
    indent: int = 0
    look: Look = Look.PLAIN


BLANK = Line()


class Spelling(Protocol):
    """Writes a command as the people of a platform type it."""

    def __call__(self, verb: str, name: str = "", *options: str) -> str:
        """
        Return a command that can be copied and sent.

        Args:
            verb: words of ours, as "kb sync".
            name: of a knowledge base; empty for none.
            options: as "--allow", "everyone".

        """
