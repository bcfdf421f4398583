"""Cases from table rows and list items: the row told as a sentence, a value of another row or item put into it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

from pipelines.domain.reading import BlockKind
from tests.quality.verifier_cases.shapes import Case, Family
from tests.quality.verifier_cases.sources import Source, Unit
from tests.quality.verifier_cases.vocabulary import Vocabulary, shared_stems


_ROWS, _ITEMS = 60, 80
"""Rows and items of a half of a set, at most."""

_CELL = 90
_LABELLED = re.compile(r"([^:.\n]{3,50}):\s+(\S.{8,160})")
_MARKER = re.compile(r"^(?:[-*+•‣▪●○◦·–—]|\(?(?:\d{1,3}|[a-z])[.)])\s+")


def table_cases(sources: Sequence[Source], words: Vocabulary, chance: Random) -> Iterator[Case]:
    """Yield rows told as sentences, and the same with a cell of the row beside it."""
    pairs = [(source, header, rows) for source in sources for header, rows in _tables(source)]
    drawn = [(source, header, pair) for source, header, rows in pairs for pair in pairwise(rows)]
    for source, header, (row, beside) in chance.sample(drawn, min(_ROWS, len(drawn))):
        yield _row_case(source, Family.LIGHT, "table row", _told(header, row, words))
        column = chance.randrange(1, len(row))
        if row[0] != beside[0] and not _is_in(beside[column], row):
            mixed = [*row[:column], beside[column], *row[column + 1 :]]
            yield _row_case(source, Family.HARMED, "cell of another row", _told(header, mixed, words))


def list_cases(sources: Sequence[Source], words: Vocabulary, chance: Random) -> Iterator[Case]:
    """Yield items as they stand, items with the value of another, and lists told as one sentence."""
    flat = [one for source in sources for one in _flattened(source, words)]
    yield from (flat[at] for at in sorted(chance.sample(range(len(flat)), min(_ITEMS, len(flat)))))
    labelled = [(source, pair) for source in sources for pair in pairwise(_labelled(source))]
    for source, (one, beside) in chance.sample(labelled, min(_ITEMS, len(labelled))):
        said = f"{one[1]}: {one[2]}"
        yield Case(source.half, Family.LIGHT, "list item", "list item", said, source, said)
        if one[1] != beside[1] and not shared_stems(one[2], beside[2]):
            wrong = f"{one[1]}: {beside[2]}"
            yield Case(source.half, Family.HARMED, "value of another item", "list item's value", wrong, source, said)


def _row_case(source: Source, family: Family, group: str, sentence: str) -> Case:
    return Case(source.half, family, group, group, sentence, source, "")


def _tables(source: Source) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield header and rows of each table of a passage that has whole, short cells."""
    headers = [unit for unit in source.units if unit.kind is BlockKind.TABLE_HEADER]
    header = _cells(source.words(headers[0])) if headers else _cells(source.lead)
    units = [unit for unit in source.units if unit.kind is BlockKind.TABLE_ROW]
    rows = [_cells(source.words(unit)) for unit in units]
    whole = [row for row in rows if len(row) == len(header) and all(0 < len(cell) < _CELL for cell in row)]
    if len(header) > 1 and all(header) and len(headers) < len("ab") and len(whole) > 1:
        yield header, whole


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split(" | ")]


def _told(header: Sequence[str], row: Sequence[str], words: Vocabulary) -> str:
    told = [f"the {words.lowered(name)} is {cell.rstrip('.')}" for name, cell in zip(header[1:], row[1:], strict=True)]
    return f"For {row[0]}, {' and '.join(told)}."


def _is_in(cell: str, row: Sequence[str]) -> bool:
    return shared_stems(cell, " ".join(row)) > 0 or not any(char.isalnum() for char in cell)


def _labelled(source: Source) -> list[tuple[Unit, str, str]]:
    """Return the items that name something and then say what holds of it."""
    items = [unit for unit in source.units if unit.kind is BlockKind.LIST_ITEM]
    matches = [(unit, _LABELLED.fullmatch(_item(source, unit))) for unit in items]
    return [(unit, match[1], match[2]) for unit, match in matches if match and "|" not in match[0]]


def _flattened(source: Source, words: Vocabulary) -> Iterator[Case]:
    """Yield a list of short items behind their lead-in as one sentence."""
    for at, unit in enumerate(source.units):
        lead = source.words(unit)
        if unit.kind is not BlockKind.PARAGRAPH or not lead.endswith(":") or len(lead) > 2 * _CELL:
            continue
        items = []
        for following in source.units[at + 1 :]:
            text = _item(source, following)
            if following.kind is not BlockKind.LIST_ITEM or not 3 <= len(text.split()) <= 14:
                break
            items.append(words.lowered(text.rstrip(".,;")))
        if len(items) >= 2:
            said = f"{lead.rstrip(':')} {', '.join(items[:3][:-1])} and {items[:3][-1]}."
            yield Case(source.half, Family.LIGHT, "list told", "list told as a sentence", said, source, "")


def _item(source: Source, unit: Unit) -> str:
    return _MARKER.sub("", source.words(unit))
