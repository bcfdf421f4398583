"""Passages that a sentence cites together, read as one: a fact may stand in either."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.answering.verifying.preparing import PreparedPassage, Unit


if TYPE_CHECKING:
    from pipelines.answering.verifying.quantities import Quantity


def joined(passages: Sequence[PreparedPassage]) -> PreparedPassage:
    """Return passages as one, their units behind each other; what stands around one stays with its units."""
    units: list[Unit] = []
    places: dict[str, list[int]] = defaultdict(list)
    figures: dict[str, list[tuple[int | None, Quantity]]] = defaultdict(list)
    for passage in passages:
        first = len(units)
        units += [replace(unit, around=unit.around | passage.outer) for unit in passage.units]
        for key, numbers in passage.places.items():
            places[key] += [first + number for number in numbers]
        for value, held in passage.figures.items():
            figures[value] += [(None if number is None else first + number, one) for number, one in held]
    return PreparedPassage(
        units=tuple(units),
        keys=frozenset[str]().union(*(one.keys for one in passages)),
        outer=frozenset[str]().union(*(one.outer for one in passages)),
        outer_tokens=tuple(token for one in passages for token in one.outer_tokens),
        kindred=frozenset[str]().union(*(one.kindred for one in passages)),
        places={key: tuple(numbers) for key, numbers in places.items()},
        verbatim={},
        words=frozenset[str]().union(*(one.words for one in passages)),
        starts=frozenset[str]().union(*(one.starts for one in passages)),
        initials=" ".join(one.initials for one in passages),
        figures={value: tuple(held) for value, held in figures.items()},
        measures={measure: said for one in passages for measure, said in one.measures.items()},
        is_english=all(one.is_english for one in passages),
    )
