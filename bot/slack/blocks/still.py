"""Text that a Slack client leaves as it is: no link, no mention, no emoji. Its looks do not change."""

import regex

from bot.printable import lines, one_line
from bot.slack.limits import length
from pipelines.answering.writing.inert import JOINER, inert


NAMELESS = "—"
"""Stands where a text would be empty, which Slack refuses."""

# A shortcode is broken behind its first colon; one that may go on in the next piece of a stream, too.
_SHORTCODE = regex.compile(r":(?=[\w+'-]{1,100}(?::|\Z)|\Z)")


def still(text: str) -> str:
    """Return the text, whose lines are clean already, with joiners where a client would find something in it."""
    return _SHORTCODE.sub(f":{JOINER}", inert(text))


def still_lines(text: str) -> str:
    """Return the text without anything that takes effect, its line ends kept."""
    return still("\n".join(lines(text)))


def still_line(text: str, most: int) -> str:
    """Return the text as one line of at most so many characters; never empty."""
    return cut(still(one_line(text)), most) or NAMELESS


def unparsed(text: str) -> str:
    """Return the text as it is written where Slack reads tokens in angle brackets: in the `text` of a message."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """Return at most so many characters of the text; where something is left out, it ends in an ellipsis."""
    if length(text) <= most:
        return text
    kept = text[: most - 1]
    while length(kept) > most - 1:
        kept = kept[: most - 1 - length(kept)]
    return f"{kept.rstrip()}…"
