"""
The analyser of documents and questions, for every index engine; earlier ones are `analysers`' to keep.

It turns text into terms and holds the fields' weights; it knows no engine's query language.
"""

import functools
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import regex
import Stemmer

from pipelines.domain.values import Value
from pipelines.ports.chunk_index import TermFields
from pipelines.retrieval.language import STOP_WORDS, looks_english, question_looks_english


ANALYSER_VERSION = 1
"""Grows with every change that makes the terms of a stored chunk differ."""


@dataclass(frozen=True, slots=True)
class FieldWeights(Value):
    """How much a term counts by the field in which it is found, > 0."""

    stems: float
    bigrams: float
    grams: float
    title: float


FIELD_WEIGHTS = FieldWeights(stems=2.0, bigrams=0.4, grams=0.5, title=0.3)
"""The shipped weights, for BM25 that applies them inside the saturation; measured in docs/quality.md."""

_GROUPED = regex.compile(r"(?<=\p{N})[,.’'](?=\p{N}{3}(?!\p{N}))")
"""A mark that parts the thousands of a number."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+(?:[\u200c\u200d][\p{L}\p{M}\p{N}_]+)*")
_PART = regex.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_ARABIC_MARKS = regex.compile(r"[\u064B-\u065F\u0670\u0640]")
_ONE_LETTER = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "\u093c": None},
)
_GRAM = 3
_STRETCHES_KEPT = 1 << 15
"""Of words, and as many of stems: some 6 MB each."""

_LONGEST_KEPT = 40
"""Characters of a stretch without white space that is kept: of scripts without blanks it may be a page."""

_SENTENCE = 200
"""Characters of a text whose stretches are kept without a look at each: most sentences have fewer."""


class _Stemmers(threading.local):
    """One Snowball stemmer per thread: its cache is not safe to share."""

    def __init__(self) -> None:
        self.english = Stemmer.Stemmer("english")


_STEMMERS = _Stemmers()


def document_terms(title: str, text: str) -> TermFields:
    """
    Return the terms of a chunk.

    Args:
        title: what names the chunk: the document's title, the headings above. May be empty.
        text: the searched text without the title. May be empty.

    Returns:
        Terms in reading order, repeated as often as they occur; those of the title stand in
        `title` alone, so that they are no commoner among the stems than writers made them.
        `grams` is empty where the text looks English, since nothing but an index's size
        would grow; else it holds those of the title too.

    """
    words, titled = content_words(text), content_words(title)
    stems = stem(words)
    grams = () if looks_english(text) else character_grams((*titled, *words))
    return TermFields(stems=stems, bigrams=bigrams(stems), grams=grams, title=stem(titled))


def question_terms(question: str) -> TermFields:
    """
    Return the terms of a question, each once, by the field in which they are to be found.

    `title` holds the stems again. `grams` is empty where the question looks English.
    All fields are empty where the question has nothing but stop words.
    """
    words = content_words(question)
    stems = stem(words)
    grams = () if question_looks_english(question) else _once(character_grams(words))
    return TermFields(stems=_once(stems), bigrams=_once(bigrams(stems)), grams=grams, title=_once(stems))


def content_words(text: str) -> tuple[str, ...]:
    """
    Return the words of a text in lower case, in order, without stop words.

    A word is a run of letters, combining marks, digits and underscores; 1,800 and 1.800
    are 1800. An ASCII word
    in camelCase or snake_case gives the whole and then its parts of two or more letters.
    """
    # No word reaches over white space, and the same few thousand stretches make most of all texts.
    return tuple(chain.from_iterable(map(_words_in, text.split())))


def normalise(text: str) -> str:
    """Return NFKC of a text; Arabic marks dropped, letters that Arabic writers interchange made one."""
    return _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_ONE_LETTER)


def stem(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words, those in ASCII as Snowball English stems."""
    english = _STEMMERS.english
    return tuple(english.stemWord(word) if word.isascii() else word for word in words)


def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's content words, in order, repeated as often as they occur."""
    look_up = _kept_stems if len(text) <= _SENTENCE else _stems_in
    return tuple(chain.from_iterable(map(look_up, text.split())))


def bigrams(stems: Sequence[str]) -> tuple[str, ...]:
    """Return each two neighbours joined by an underscore."""
    return tuple(f"{first}_{second}" for first, second in pairwise(stems))


def character_grams(words: Iterable[str]) -> tuple[str, ...]:
    """Return 1- and 2-grams of words in Chinese or Japanese script, trigrams inside all others."""
    grams: list[str] = []
    for word in words:
        if _EAST_ASIAN.search(word):
            grams.extend(word)
            grams.extend(word[at : at + 2] for at in range(len(word) - 1))
        else:
            grams.extend(word[at : at + _GRAM] for at in range(max(1, len(word) - _GRAM + 1)))
    return tuple(grams)


def _words_in(stretch: str) -> tuple[str, ...]:
    """Return the words of a text without white space, without stop words."""
    return _kept_words(stretch) if len(stretch) <= _LONGEST_KEPT else _found_words(stretch)


def _stems_in(stretch: str) -> tuple[str, ...]:
    """Return the stems of those words."""
    return _kept_stems(stretch) if len(stretch) <= _LONGEST_KEPT else stem(_found_words(stretch))


@functools.lru_cache(maxsize=_STRETCHES_KEPT)
def _kept_words(stretch: str) -> tuple[str, ...]:
    return _found_words(stretch)


@functools.lru_cache(maxsize=_STRETCHES_KEPT)
def _kept_stems(stretch: str) -> tuple[str, ...]:
    return stem(_found_words(stretch))


def _found_words(text: str) -> tuple[str, ...]:
    plain = text if text.isascii() else normalise(text)
    words = _WORD.findall(_GROUPED.sub("", plain))
    return tuple(one for word in words for one in _spellings(word) if one not in STOP_WORDS)


def _spellings(word: str) -> list[str]:
    """Return a word in lower case; for camelCase and snake_case the whole, then its parts."""
    lowered = word.lower().strip("_")
    if not lowered:
        return []
    parts = _PART.findall(word) if word.isascii() else []
    if len(parts) < 2:  # noqa: PLR2004 - two parts are what makes a word composite
        return [lowered]
    return [lowered.replace("_", ""), *(part.lower() for part in parts if len(part) > 1)]


def _once(terms: Iterable[str]) -> tuple[str, ...]:
    """Return each term once, in order of first occurrence."""
    return tuple(dict.fromkeys(terms))
