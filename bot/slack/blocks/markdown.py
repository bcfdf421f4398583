"""
A verified piece of an answer as the Markdown of a stream, in which only marks are links.

Slack documents the backslash for escaping and reads entities without parsing them again
(so `&lt;!here&gt;` is seen as it was written). Both are CommonMark, whatever stands beside them.
"""

from collections.abc import Iterator, Mapping

import regex

from bot.printable import lines
from bot.slack.blocks.marks import Run, runs
from bot.slack.blocks.rich_text import parts
from bot.slack.blocks.still import still


# What means something anywhere in a line. Slack reads `<` itself; `~` and `|` are not in its list of escapes.
_ANYWHERE = str.maketrans(
    {
        "\\": "\\\\",
        "`": "\\`",
        "*": "\\*",
        "_": "\\_",
        "[": "\\[",
        "]": "\\]",
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "~": "&#126;",
        "|": "&#124;",
    }
)
# Of an escaped line: what makes a heading, a list, a rule or a line under a heading of it.
_AT_LINE_START = regex.compile(r"^(\d{0,9})([.)]|[#+=-])")
_IMAGE = regex.compile(r"!\Z")
_BLANK_FIRST = regex.compile(r"^\s")
_ATOM = 200
"""Characters that are not cut; each has ten bytes at most."""


def to_markdown(text: str, addresses: Mapping[int, str]) -> str:
    """
    Return a piece of an answer as Markdown; pieces that follow each other read as one text.

    What comes out of a parser of CommonMark or GFM is the text that went in, but for joiners
    (`bot.slack.blocks.still`), blanks at line ends, and marks that became links; there is no
    other markup in it.

    Args:
        text: a sentence, a paragraph or more, with marks; a line end is kept, an empty line parts paragraphs.
        addresses: number -> address of its citation as `linkable` returns it, or empty.

    """
    given = lines(text)
    kept = [*(one.rstrip() for one in given[:-1]), given[-1]]
    written = [_line(one, addresses) for one in kept]
    return "".join(line + _line_end(written, number) for number, line in enumerate(written))


def markdown_pieces(text: str, addresses: Mapping[int, str], most: int) -> Iterator[str]:
    """
    Yield the same in pieces of at most so many bytes of UTF-8, cut behind a line end or a blank where there is one.

    Args:
        text: as for `to_markdown`.
        addresses: as for `to_markdown`.
        most: at least 2,500, so that a mark with the longest address is one piece.

    """
    piece = ""
    for atom in _atoms(text, addresses):
        if piece and len(piece.encode()) + len(atom.encode()) > most:
            yield piece
            piece = ""
        piece += atom
    if piece:
        yield piece


def _atoms(text: str, addresses: Mapping[int, str]) -> Iterator[str]:
    """Yield what is not cut. A text is still before it is, so that no half of an address comes to life."""
    for run in runs("\n".join(lines(text)), addresses):
        if run.url:
            yield to_markdown(run.text, addresses)
        else:
            yield from (to_markdown(part, {}) for part in parts(still(run.text), _ATOM))


def _line_end(written: list[str], number: int) -> str:
    """Return what parts a line from the next: a break inside a paragraph, a plain line end beside an empty line."""
    last = len(written) - 1
    if number == last:
        return ""
    empty_here = number > 0 and not written[number]
    empty_next = number + 1 < last and not written[number + 1]
    return "\n" if empty_here or empty_next else "  \n"


def _line(line: str, addresses: Mapping[int, str]) -> str:
    """Return one line."""
    return "".join(_run(one, first=not number) for number, one in enumerate(runs(line, addresses)))


def _run(run: Run, *, first: bool) -> str:
    """Return a stretch of a line; the first one must not begin anything but a paragraph."""
    if run.url:
        return f"[\\[{run.text[1:-1]}\\]]({run.url})"
    escaped = _IMAGE.sub("&#33;", still(run.text).translate(_ANYWHERE))
    if not first:
        return escaped
    return _BLANK_FIRST.sub(_entity, _AT_LINE_START.sub(_escaped_start, escaped))


def _escaped_start(found: "regex.Match[str]") -> str:
    return f"{found[1]}&#{ord(found[2])};"


def _entity(found: "regex.Match[str]") -> str:
    return f"&#{ord(found[0])};"
