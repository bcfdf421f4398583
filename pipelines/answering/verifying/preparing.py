"""
A passage taken apart once: its sentences, list items and rows, each with its tokens and what introduces it.

What is prepared may be kept as long as the passage's text is the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.answering.verifying.closed_classes import may_negate
from pipelines.answering.verifying.kinship import kin_of
from pipelines.answering.verifying.quantities import RHYTHMS, Quantity, quantities_of, single_measures_of
from pipelines.answering.verifying.shapes import EvidencePassage
from pipelines.answering.verifying.tokens import Token, tokens_of
from pipelines.domain.reading import Span
from pipelines.domain.values import Value
from pipelines.retrieval.language import looks_english
from pipelines.retrieval.sentences import split_sentences


_CELLS = " | "
_MARKER = re.compile(r"\A\s*(?:[-*+•‣▪●○◦·–—]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+")
_LABEL = re.compile(r"([^:.\n]{2,60}?)(?::| [-–—])\s+\S")
_LINE = re.compile(r"[^\n]+")
_LONGEST_LEAD = 80
"""Tokens of a lead-in, header or label that count, at most."""

_MOST_PLACES = 20
"""Places of one figure that are looked at."""


@dataclass(frozen=True, slots=True)
class Unit(Value):
    """
    A sentence, list item or row of a passage.

    Attributes:
        start: first character in the passage.
        end: one past its last.
        tokens: its tokens, without the marker of a list item.
        keys: keys of what counts among them.
        words: its words as written, in lower case.
        around: keys of its lead-in or of the table's header.
        label: keys of a row's first cell, or of what stands before an item's colon; empty without.
        is_row: it is a row of a table.
        is_item: it is a list item.
        quantities: its figures with unit, currency and bound.

    """

    start: int
    end: int
    tokens: tuple[Token, ...]
    keys: frozenset[str]
    words: frozenset[str]
    around: frozenset[str]
    label: frozenset[str]
    is_row: bool
    is_item: bool
    quantities: tuple[Quantity, ...]

    @property
    def is_negative(self) -> bool:
        """Say whether something in it may negate."""
        return any(may_negate(token.word) for token in self.tokens)


@dataclass(frozen=True, slots=True)
class PreparedPassage(Value):
    """
    A passage taken apart.

    Attributes:
        units: its units in order; may be empty.
        keys: keys of all units and of everything around them.
        outer: keys of title, headings and the lead outside the passage.
        outer_tokens: the tokens of those.
        kindred: subjects of all keys.
        places: key -> the units that hold it.
        verbatim: plain wording -> the first unit that is worded so.
        words: words of all units and of everything around them, in lower case.
        starts: the first three letters of those words.
        initials: first letters of the words with a capital, in order.
        figures: value -> the units that hold it and what it is there, the first of them; None for what stands around.
        measures: what figures and words like `weekly` measure -> value and unit by which the passage says it.
        is_english: it reads as English, or as no language.

    """

    units: tuple[Unit, ...]
    keys: frozenset[str]
    outer: frozenset[str]
    outer_tokens: tuple[Token, ...]
    kindred: frozenset[str]
    places: Mapping[str, tuple[int, ...]]
    verbatim: Mapping[str, int]
    words: frozenset[str]
    starts: frozenset[str]
    initials: str
    figures: Mapping[str, tuple[tuple[int | None, Quantity], ...]]
    measures: Mapping[tuple[str, float], tuple[str, str] | None]
    is_english: bool


def prepare(passage: EvidencePassage) -> PreparedPassage:
    """Take a passage apart. Linear in its length."""
    lead = tuple(tokens_of(passage.lead)) if passage.lead else ()
    outer_tokens = (*tokens_of(" | ".join((passage.title, *passage.headings))), *lead)
    outer = keys_of(outer_tokens)
    units = tuple(_units(passage, lead))
    keys = outer.union(*(unit.keys for unit in units))
    places: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        for key in unit.keys:
            places[key].append(number)
    tokens = [token for unit in units for token in unit.tokens] + list(outer_tokens)
    words = frozenset(token.word for token in tokens)
    return PreparedPassage(
        units=units,
        keys=keys,
        outer=outer,
        outer_tokens=outer_tokens,
        kindred=kin_of(keys),
        places={key: tuple(numbers) for key, numbers in places.items()},
        verbatim=_verbatim(passage.text, units),
        words=words,
        starts=frozenset(word[:3] for word in words),
        initials="".join(token.word[0] for token in tokens if token.capital),
        figures=_figures(units, outer_tokens),
        measures=_measures(units, outer_tokens, words),
        is_english=looks_english(passage.text),
    )


def said_verbatim(sentence: str, passage: EvidencePassage) -> Span | None:
    """
    Return the first unit of a passage that says a sentence word for word; None if there is none.

    It stands as it would in the verdict on the prepared passage, which costs ten times as much.
    """
    plain = plain_wording(" ".join(sentence.split()))
    if not plain:
        return None
    text = passage.text
    return next(((start, end) for start, end, _ in _spans(text) if plain_wording(text[start:end]) == plain), None)


def _verbatim(text: str, units: tuple[Unit, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, unit in enumerate(units):
        found.setdefault(plain_wording(text[unit.start : unit.end]), number)
    return found


def _figures(
    units: tuple[Unit, ...], outer_tokens: tuple[Token, ...]
) -> dict[str, tuple[tuple[int | None, Quantity], ...]]:
    found: dict[str, list[tuple[int | None, Quantity]]] = defaultdict(list)
    held = [(number, quantity) for number, unit in enumerate(units) for quantity in unit.quantities]
    for number, quantity in (*((None, one) for one in quantities_of(outer_tokens)), *held):
        if len(found[quantity.value]) < _MOST_PLACES:
            found[quantity.value].append((number, quantity))
    return {value: tuple(places) for value, places in found.items()}


def _measures(
    units: tuple[Unit, ...], outer_tokens: tuple[Token, ...], words: frozenset[str]
) -> dict[tuple[str, float], tuple[str, str] | None]:
    found: dict[tuple[str, float], tuple[str, str] | None] = {RHYTHMS[word]: None for word in words & RHYTHMS.keys()}
    for quantity in (*(one for unit in units for one in unit.quantities), *quantities_of(outer_tokens)):
        if quantity.measure and quantity.unit:
            found[quantity.measure] = (quantity.value, quantity.unit)
    for unit in units:
        for measure in single_measures_of(unit.tokens):
            found.setdefault(measure, None)
    return found


def keys_of(tokens: "tuple[Token, ...] | list[Token]") -> frozenset[str]:
    """Return the keys of what counts."""
    return frozenset(token.key for token in tokens if token.counts)


def without_marker(text: str) -> str:
    """Return a text without the marker of a list item at its beginning."""
    return _MARKER.sub("", text, count=1)


def plain_wording(text: str) -> str:
    """Return a text by which verbatim sentences are known: one space between words, no marker, no final stop."""
    bare = without_marker(text)
    return " ".join(bare.split()).rstrip(".!;,: ").casefold()


def _units(passage: EvidencePassage, lead: tuple[Token, ...]) -> Iterator[Unit]:
    """Yield the units of a passage, each with what introduces it."""
    header: tuple[Token, ...] | None = lead if _CELLS in passage.lead else None
    above: tuple[Token, ...] = () if header else lead
    # What stands right behind a lead-in is its list, whose items follow each other by line ends.
    awaited, was_item, last = bool(above), False, 0
    for start, end, is_row in _spans(passage.text):
        text, between = passage.text[start:end], passage.text[last:start]
        breaks = between.count("\n")
        is_item = not is_row and (awaited or (was_item if not breaks and last else breaks == 1 or _is_marked(text)))
        above = above if is_item or not breaks else ()
        introduced = (header or ()) if is_row else above if is_item else ()
        unit = _unit(text, (start, end), introduced, is_row=is_row, is_item=is_item)
        yield unit
        header = (unit.tokens if header is None else header) if is_row else None
        awaited = not is_row and text.endswith(":")
        above = unit.tokens if awaited else above
        was_item, last = is_item, end


def _is_marked(text: str) -> bool:
    return _MARKER.match(text) is not None


def _unit(text: str, place: Span, above: tuple[Token, ...], *, is_row: bool, is_item: bool) -> Unit:
    bare = _MARKER.sub("", text, count=1) if is_item else text
    tokens = tuple(tokens_of(bare))
    label = text.partition(_CELLS)[0] if is_row else _label(bare)
    return Unit(
        start=place[0],
        end=place[1],
        tokens=tokens,
        keys=keys_of(tokens),
        words=frozenset(token.word for token in tokens),
        around=keys_of(above[:_LONGEST_LEAD]),
        label=keys_of(tokens_of(label)[:_LONGEST_LEAD]) if label else frozenset(),
        is_row=is_row,
        is_item=is_item,
        quantities=tuple(quantities_of(tokens)),
    )


def _label(text: str) -> str:
    found = _LABEL.match(text)
    return found[1] if found else ""


def _spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where the units stand, and whether one is a row of a table; every line is a block of its own."""
    for line in _LINE.finditer(text):
        if _CELLS in line[0]:
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            yield start, line.start() + len(line[0].rstrip()), True
        else:
            yield from ((start, end, False) for start, end in split_sentences(text, line.start(), line.end()))
