"""
Which rows of a table an amount of the question falls into: "1,200 euros" and "more than €500, up to €5,000".

Only a column that is nothing but ranges is read; of other tables it says nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.answering.extracting.cells import cells_of
from pipelines.answering.extracting.ranges import Amount, Range, amounts_in, comparable, range_of
from pipelines.answering.extracting.sentences import Sentence
from pipelines.answering.extracting.shapes import Role
from pipelines.domain.values import Value
from pipelines.retrieval.terms import content_stems


_NOT_RANGES = 1
"""Cells of a column of ranges that may be none: "on request", or nothing."""


@dataclass(frozen=True, slots=True)
class Fit(Value):
    """
    What a row of ranges says of the amounts in a question.

    Attributes:
        says: stems of the amounts that it holds, each with the word that names it.
        denies: stems of the amounts that another row holds, though this one may spell them.

    """

    says: frozenset[str] = frozenset()
    denies: frozenset[str] = frozenset()

    def of(self, stems: frozenset[str]) -> frozenset[str]:
        """Return what a row says, from what stands in it."""
        return (stems - self.denies) | self.says


@dataclass(frozen=True, slots=True)
class _Column(Value):
    """A column that is nothing but ranges: stems of its header, place of a row -> its range."""

    header: frozenset[str]
    ranges: Mapping[int, Range]


def fits(question: str, names: Sequence[frozenset[str]], sentences: Sequence[Sentence]) -> Mapping[int, Fit]:
    """
    Return place of a row -> what it says of the question's amounts.

    Rows of tables without ranges are left out, and of tables no known row of which holds an
    amount. Of several columns of ranges those count whose header the question names, if any.

    Args:
        question: the question.
        names: stems of its names; a number is named with the word before it.
        sentences: all sentences, rows among them.

    """
    amounts = amounts_in(question)
    asked = frozenset(content_stems(question))
    found: dict[int, Fit] = {}
    for rows in _tables(sentences) if amounts else ():
        columns = list(_columns(sentences, rows))
        named = [one for one in columns if one.header & asked]
        for amount in amounts:
            for at, fit in _of_amount(amount, names, named or columns).items():
                known = found.get(at, Fit())
                found[at] = Fit(known.says | fit.says, known.denies | fit.denies)
    return found


def _of_amount(amount: Amount, names: Sequence[frozenset[str]], columns: Sequence[_Column]) -> dict[int, Fit]:
    """Return what each row of one table says of one amount; nothing where no row holds it."""
    compared = [one for one in columns if comparable(amount, _unit(one), one.header)]
    holding = {at for one in compared for at, its in one.ranges.items() if amount.value in its}
    own = frozenset(content_stems(amount.text))
    said = own.union(*(one for one in names if one & own))
    rows = {at for one in compared for at in one.ranges} if holding else ()
    return {at: Fit(says=said) if at in holding else Fit(denies=own) for at in rows}


def _unit(column: _Column) -> str | None:
    return next((one.unit for one in column.ranges.values() if one.unit), None)


def _tables(sentences: Sequence[Sentence]) -> list[list[int]]:
    """Return the places of the rows of each table."""
    tables: dict[tuple[int, tuple[int, int]], list[int]] = defaultdict(list)
    for at, one in enumerate(sentences):
        if one.role is Role.TABLE_ROW and one.lead is not None:
            tables[one.source.document_version, one.lead].append(at)
    return list(tables.values())


def _columns(sentences: Sequence[Sentence], rows: Sequence[int]) -> Iterator[_Column]:
    """Yield the columns of a table that are nothing but ranges of one unit."""
    lines = {at: _cells(sentences[at].text) for at in rows}
    for column, name in enumerate(_cells(sentences[rows[0]].lead_text)):
        read = {at: range_of(cells[column]) for at, cells in lines.items() if column < len(cells)}
        ranges = {at: one for at, one in read.items() if one is not None}
        units = {one.unit for one in ranges.values() if one.unit}
        if len(ranges) > 1 and len(rows) - len(ranges) <= _NOT_RANGES and len(units) <= 1:
            yield _Column(frozenset(content_stems(name)), ranges)


def _cells(line: str) -> list[str]:
    return [line[start:end] for start, end in cells_of(line, 0)]
