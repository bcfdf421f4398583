"""What is remembered of an answer, and its form as bytes. Not when it may be shown: that is `caching`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

from pipelines.answering.steps import UnrecordedAnswer
from pipelines.domain.citations import Citation, Place
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Writing
from pipelines.domain.values import Value


CODEC = 2
"""Version of the form; bytes of another one are unreadable."""

MOST_BYTES = 262_144
"""Bytes of one answer that are remembered at most; an answer of four sentences has 2,000."""

_TYPES = {kind.__name__: get_type_hints(kind) for kind in (Citation, ClosestDocument, Place, Writing)}
_Flat = TypeVar("_Flat", Citation, ClosestDocument, Place, Writing)


@dataclass(frozen=True, slots=True)
class UsedPassage(Value):
    """
    A passage that an outcome was made of, as it is recorded.

    Attributes:
        chunk: stable id.
        document_version: id of the life of its document.
        ordinal: its position in that document.
        score: its rank's score, to four places.

    """

    chunk: str
    document_version: int
    ordinal: int
    score: float


@dataclass(frozen=True, slots=True)
class Remembered(Value):
    """
    An outcome with all that it was made of.

    Attributes:
        answer: the outcome, without timings and number.
        passages: all passages of the evidence, best first, quoted or not.
        made_at: when, aware.

    """

    answer: Answer
    passages: tuple[UsedPassage, ...]
    made_at: datetime


def used_passages(made: UnrecordedAnswer) -> tuple[UsedPassage, ...]:
    """Return the passages of an outcome's evidence, best first."""
    return tuple(
        UsedPassage(
            one.passage.passage.chunk_id, one.passage.document_version, one.passage.passage.ordinal, round(one.score, 4)
        )
        for one in made.evidence.candidates
    )


def remembered(made: UnrecordedAnswer, made_at: datetime) -> Remembered:
    """Return what is remembered of an outcome."""
    return Remembered(replace(made.answer, timings_ms={}, id=0), used_passages(made), made_at)


def encode(entry: Remembered) -> bytes | None:
    """Return the bytes; None for what has too many, or holds half a character."""
    answer = entry.answer
    values = {
        "codec": CODEC,
        "outcome": str(answer.outcome),
        "text": answer.text,
        "choices": answer.choices,
        "citations": [asdict(one) for one in answer.citations],
        "closest": [asdict(one) for one in answer.closest],
        "writing": None if answer.writing is None else asdict(answer.writing),
        "made_at": entry.made_at.isoformat(),
        "passages": [[one.chunk, one.document_version, one.ordinal, one.score] for one in entry.passages],
    }
    try:
        data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return None
    return data if len(data) <= MOST_BYTES else None


def decode(data: bytes) -> Remembered | None:
    """Return what `encode` was given; None for anything else, whatever the bytes are."""
    try:
        values: Any = json.loads(data.decode())
        if not _is(values["codec"], int) or values["codec"] != CODEC:
            return None
        answer = Answer(
            Outcome(values["outcome"]),
            _text(values["text"]),
            choices=tuple(_text(one) for one in _list(values["choices"])),
            citations=tuple(_citation(one) for one in _list(values["citations"])),
            closest=tuple(_flat(ClosestDocument, one) for one in _list(values["closest"])),
            writing=None if values["writing"] is None else _writing(values["writing"]),
        )
        passages = tuple(_passage(*_list(one)) for one in _list(values["passages"]))
        return Remembered(answer, passages, _moment(values["made_at"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _citation(values: Mapping[str, Any]) -> Citation:
    return _flat(Citation, {**values, "place": _flat(Place, values["place"])})


def _writing(values: Mapping[str, Any]) -> Writing:
    fallback = values["fallback"]
    return _flat(Writing, {**values, "fallback": None if fallback is None else Fallback(fallback)})


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("made_at")
    return moment


def _flat(kind: type[_Flat], values: Mapping[str, Any]) -> _Flat:
    """Return a value of named fields, each of the type that its field has."""
    types = _TYPES[kind.__name__]
    if set(values) != set(types) or not all(_is(values[name], one) for name, one in types.items()):
        raise ValueError(kind.__name__)
    return kind(**values)


def _passage(chunk: str, document_version: int, ordinal: int, score: float) -> UsedPassage:
    if not (_is(document_version, int) and _is(ordinal, int) and isinstance(score, int | float)):
        raise TypeError("passage")
    return UsedPassage(_text(chunk), document_version, ordinal, float(score))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _is(value: object, kind: Any) -> bool:  # noqa: ANN401 - a class or a union of classes
    return isinstance(value, kind) and not isinstance(value, bool)
