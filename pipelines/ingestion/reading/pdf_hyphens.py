"""Decides whether a hyphen at a line's end belongs to the word, by the words of the document itself."""

import re
from collections import Counter
from collections.abc import Iterable


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)-$")
_FIRST = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Hyphens:
    """Joins words that a line's end cut, for one document."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Learn the words of the document; those that are cut themselves do not count."""
        self._known: Counter[str] = Counter()
        for line in lines:
            words = _WORD.findall(line.lower())
            cut = line.endswith("-")
            self._known.update(words[:-1] if cut else words)
            self._known.update(part for word in words[:-1] if "-" in word for part in word.split("-"))

    def join(self, above: str, below: str) -> str:
        """
        Return two lines as one.

        A hyphen at the end stays where the document writes the word with it, or where
        both halves are words of their own and the whole is not; else it was set for the
        line's sake and goes. Before a capital or a digit it stays.
        """
        last, first = _LAST.search(above), _FIRST.match(below)
        if not last or (above.endswith("--") and not first):
            return f"{above}{below}" if above.endswith("-") and below[:1].isdigit() else f"{above} {below}"
        if not first or first[0][0].isupper():
            return above + below if first or below[:1].isdigit() else f"{above} {below}"
        return above + below if self._keeps(last[1].lower(), first[0].lower()) else above[:-1] + below

    def _keeps(self, left: str, right: str) -> bool:
        whole, written = self._known[left + right], self._known[f"{left}-{right}"]
        if whole or written:
            return written > whole
        return bool(self._known[left] and self._known[right])
