"""The numbers that a reader sees, 1…n in reading order. Pure; what a place is, its caller says."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.domain.values import Value


PlaceKey = TypeVar("PlaceKey", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Numbering(Value, Generic[PlaceKey]):
    """
    Which numbers stand behind which sentence, and which place each number opens.

    Attributes:
        numbers: for each sentence the numbers to show, in the order in which it cites, each once.
        places: the cited places; the place of number n is `places[n - 1]`. None stands twice.

    """

    numbers: tuple[tuple[int, ...], ...]
    places: tuple[PlaceKey, ...]


def number_places(sentences: Iterable[Iterable[PlaceKey]]) -> Numbering[PlaceKey]:
    """
    Number places in reading order, 1…n without gaps.

    Args:
        sentences: for each sentence that is shown the places that it cites; a place that
            several sentences cite has the same number in all of them.

    """
    known: dict[PlaceKey, int] = {}
    numbers = tuple(
        tuple(dict.fromkeys(known.setdefault(place, len(known) + 1) for place in cited)) for cited in sentences
    )
    return Numbering(numbers, tuple(known))
