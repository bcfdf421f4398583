"""A line as the terminal shows it: text, indent and look. Not how a look is drawn."""

from dataclasses import dataclass
from enum import StrEnum

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
