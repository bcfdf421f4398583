"""A text as runs of words and the marks between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

from pipelines.domain.values import Value


# A mark follows a blank, the sign of own words, another mark, or nothing: `list[1]` is none.
_MARK = regex.compile(r"(?<![^\s≈\]])\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Run(Value):
    """A stretch of a text. With an address it is a mark, which opens what it cites."""

    text: str
    url: str = ""


def runs(text: str, addresses: Mapping[int, str]) -> Iterator[Run]:
    """
    Yield the text in stretches, none of them empty; a mark without an address is part of the words.

    Args:
        text: what is said, with marks like `[1]`.
        addresses: number -> address of its citation, or empty.

    """
    done = 0
    for found in _MARK.finditer(text):
        url = addresses.get(int(found[1]), "")
        if not url:
            continue
        if found.start() > done:
            yield Run(text[done : found.start()])
        yield Run(found[0], url)
        done = found.end()
    if done < len(text):
        yield Run(text[done:])
