"""Which pattern of a source's audience file governs a document."""

import functools
import re
from collections.abc import Iterable, Iterator


Rules = tuple[tuple[str, tuple[str, ...]], ...]

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]", re.DOTALL)
_FOLDERS, _ANYTHING, _RUN, _ONE = "**/", "**", "*", "?"


def folder_readers(path: str, rules: Rules) -> tuple[str, ...] | None:
    """Return the readers of the first pattern that matches the whole path; None if none does."""
    return next((readers for pattern, readers in rules if pattern_matches(pattern, path)), None)


def pattern_matches(pattern: str, path: str) -> bool:
    """
    Say whether a pattern matches a whole path.

    `*` is any run of characters but `/`, `?` one of them, `**` any run of characters,
    `**/` any run of folders; a trailing `/` is everything below, and a pattern without
    any of these is that path and everything below. Case matters. The time grows with the
    product of both lengths, never faster: whoever may write into a source may write its
    patterns.
    """
    prefix, tokens = _parsed(pattern)
    if prefix == pattern and path.startswith(f"{pattern}/"):
        return True
    if not path.startswith(prefix):
        return False
    states = _with_empty(tokens, {0})
    for char in path[len(prefix) :]:
        states = _with_empty(tokens, {after for state in states for after in _step(tokens, state, char)})
        if not states:
            return False
    return len(tokens) in states


@functools.lru_cache(maxsize=1024)
def _parsed(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Return the text that a path must begin with, and the tokens after it."""
    plain = f"{pattern}**" if pattern.endswith("/") else pattern
    prefix = re.split(r"[*?]", plain, maxsplit=1)[0]
    return prefix, tuple(_TOKEN.findall(plain, len(prefix)))


def _with_empty(tokens: tuple[str, ...], states: Iterable[int]) -> set[int]:
    """Return the states with those that follow without a character: tokens that may be empty are passed."""
    found: set[int] = set()
    for state in states:
        at = state
        while at not in found:
            found.add(at)
            if 0 <= at < len(tokens) and tokens[at] in (_FOLDERS, _ANYTHING, _RUN):
                at += 1
    return found


def _step(tokens: tuple[str, ...], state: int, char: str) -> Iterator[int]:
    """Yield what follows a state: a place in the tokens, or `~place` within a folder's name."""
    place = state if state >= 0 else ~state
    token = tokens[place] if place < len(tokens) else ""
    if token == _FOLDERS:
        if char != "/":
            yield ~place
        elif state < 0:
            yield place
    elif token == _ANYTHING or (token == _RUN and char != "/"):
        yield place
    elif token == char or (token == _ONE and char != "/"):
        yield place + 1
