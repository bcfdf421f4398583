"""Which words of the drawn passages are names, and which are common; counted, never listed."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from pipelines.retrieval.terms import content_stems
from tests.quality.verifier_cases.sources import Source
from tests.quality.verifier_cases.word_lists import MONTHS, WEEKDAYS


_INSIDE = re.compile(r"(?<=[a-z,] )[A-Za-z][a-z]+")
_NAME = re.compile(r"\b[A-Z][a-zA-Z]+(?: (?:of |and |the )?[A-Z][a-zA-Z]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:] |[\"“] ?)$")
_MOSTLY = 0.7
_COMMON = 5


class Vocabulary:
    """The words of one half of one set."""

    def __init__(self, sources: Sequence[Source]) -> None:
        """Count how the words of these passages are written inside sentences."""
        self._upper: Counter[str] = Counter()
        self._lower: Counter[str] = Counter()
        for source in sources:
            for word in _INSIDE.findall(source.text):
                (self._upper if word[0].isupper() else self._lower)[word.lower()] += 1
        self._found: dict[str, list[str]] = {}
        self.common = frozenset(word for word, count in self._lower.items() if count >= _COMMON)
        """Words that stand in lower case inside sentences at least five times."""

    def is_name(self, word: str) -> bool:
        """Say whether a word is mostly written with a capital inside sentences."""
        upper, lower = self._upper[word.lower()], self._lower[word.lower()]
        return word[:1].isupper() and upper > 0 and upper > _MOSTLY * (upper + lower)

    def names_in(self, text: str) -> list[str]:
        """Return the names of a text in order, each once; months and weekdays are none."""
        if text not in self._found:
            self._found[text] = self._names_in(text)
        return self._found[text]

    def _names_in(self, text: str) -> list[str]:
        found = []
        for match in _NAME.finditer(text):
            words = match[0].split()
            is_first = _SENTENCE_START.search(text[max(0, match.start() - 2) : match.start()]) is not None
            capitals = [word for word in words if word[0].isupper()]
            if is_first and not all(self.is_name(word) for word in capitals):
                continue
            if any(word.lower() in MONTHS + WEEKDAYS for word in words) or len(match[0]) <= len("AB"):
                continue
            if self.is_name(words[-1]) or len(words) > 1 or match[0].isupper():
                found.append(match[0])
        return list(dict.fromkeys(found))

    def lowered(self, sentence: str) -> str:
        """Return a sentence as it stands behind other words: its first letter small, unless it begins with a name."""
        first = sentence.split(" ", 1)[0].removesuffix("'s").removesuffix("’s")
        keeps = self.is_name(first) or first == "I" or (first.isupper() and len(first) > 1)
        return sentence if keeps else sentence[:1].lower() + sentence[1:]


def raised(sentence: str) -> str:
    """Return a sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


@lru_cache(maxsize=50_000)
def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text's content words."""
    return frozenset(content_stems(text))


def shared_stems(first: str, second: str) -> int:
    """Return how many stems of content words two texts share."""
    return len(stems_of(first) & stems_of(second))


def is_held(sentence: str, source: Source) -> bool:
    """Say whether one sentence, item or row of a passage holds most of a sentence's content words."""
    wanted = stems_of(sentence)
    return any(len(wanted & stems_of(source.words(unit))) >= _MOSTLY * len(wanted) for unit in source.units)
