"""Decides whether a hyphen at a line's end belongs to the word, by the words of the document itself."""

import re
from collections import Counter
from collections.abc import Iterable

from pipelines.ingestion.reading.pdf_lines import is_east_asian


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)-$")
_FIRST = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Hyphens:
    """Joins words that a line's end cut, for one document."""

    def __init__(self, lines: Iterable[str], *, justified: bool) -> None:
        """
        Learn the words of the document; those that are cut themselves do not count.

        Args:
            lines: all lines.
            justified: whether lines end at one edge; then an unknown word was cut for that edge.

        """
        self._known: Counter[str] = Counter()
        self._justified = justified
        for line in lines:
            words = _WORD.findall(line.lower())
            cut = line.endswith("-")
            self._known.update(words[:-1] if cut else words)
            self._known.update(part for word in words[:-1] if "-" in word for part in word.split("-"))

    def joint(self, above: str, below: str, *, spaced: bool) -> str | None:
        """
        Return what stands between two lines that are joined: a blank, nothing, or None for "drop the hyphen".

        A hyphen at the end stays where the document writes the word with it, or where
        both halves are words of their own and the whole is not. Before a capital or a
        digit it stays. East Asian letters need no blank unless the line had one.
        """
        if is_east_asian(above[-1]) and is_east_asian(below[0]):
            return " " if spaced else ""
        last, first = _LAST.search(above), _FIRST.match(below)
        if not above.endswith("-") or not (last or above[-2:-1].isdigit()):
            return " "
        if not last or not first or first[0][0].isupper():
            return "" if below[0].isalnum() else " "
        return "" if self._keeps(last[1].lower(), first[0].lower()) else None

    def _keeps(self, left: str, right: str) -> bool:
        whole, written = self._known[left + right], self._known[f"{left}-{right}"]
        if whole or written:
            return written > whole
        return bool(self._known[left] and self._known[right]) or not self._justified
