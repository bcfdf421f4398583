"""What is remembered of an answer, and its form as bytes. Not when it may be shown: that is `caching`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pipelines.answering.json_values import flat, is_of, listed, moment, text
from pipelines.answering.steps import UnrecordedAnswer
from pipelines.domain.citations import Citation, Place
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Writing
from pipelines.domain.values import Value


CODEC = 2
"""Version of the form; bytes of another one are unreadable."""

MOST_BYTES = 262_144
"""Bytes of one answer that are remembered at most; an answer of four sentences has 2,000."""


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


def remembered(made: UnrecordedAnswer, now: datetime) -> Remembered:
    """Return what is remembered of an outcome; its age goes on, if its text was older."""
    made_at = now - timedelta(seconds=made.answer.age_s or 0)
    return Remembered(replace(made.answer, timings_ms={}, id=0, age_s=None), used_passages(made), made_at)


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
        if not is_of(values["codec"], int) or values["codec"] != CODEC:
            return None
        answer = Answer(
            Outcome(values["outcome"]),
            text(values["text"]),
            choices=tuple(text(one) for one in listed(values["choices"])),
            citations=tuple(_citation(one) for one in listed(values["citations"])),
            closest=tuple(flat(ClosestDocument, one) for one in listed(values["closest"])),
            writing=None if values["writing"] is None else _writing(values["writing"]),
        )
        passages = tuple(_passage(*listed(one)) for one in listed(values["passages"]))
        return Remembered(answer, passages, moment(values["made_at"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _citation(values: Mapping[str, Any]) -> Citation:
    return flat(Citation, {**values, "place": flat(Place, values["place"])})


def _writing(values: Mapping[str, Any]) -> Writing:
    fallback = values["fallback"]
    return flat(Writing, {**values, "fallback": None if fallback is None else Fallback(fallback)})


def _passage(chunk: str, document_version: int, ordinal: int, score: float) -> UsedPassage:
    if not (is_of(document_version, int) and is_of(ordinal, int) and isinstance(score, int | float)):
        raise TypeError("passage")
    return UsedPassage(text(chunk), document_version, ordinal, float(score))
