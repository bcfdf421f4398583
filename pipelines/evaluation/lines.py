"""A line of answers.jsonl, and the file of them: each line appended whole, so that a killed run goes on after it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.domain.values import Value
from pipelines.errors import TransientError


@dataclass(frozen=True, slots=True)
class Quoted(Value):
    """A citation: the set's id of its document, the page if it has any, and the quote."""

    doc_id: str
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Retrieved(Value):
    """A document, or a page of it, that was found, by the set's id."""

    doc_id: str
    page: int | None
    score: float


@dataclass(frozen=True, slots=True)
class AnswerLine(Value):
    """
    What became of one question.

    Attributes:
        id: of the question.
        outcome: answer, clarify, refusal or error; `retrieved` where no answer was asked for.
        text: of the answer.
        citations: in reading order.
        retrieved: best first, each document or page once.
        timings_ms: milliseconds by step.
        surplus: how far the support lay above what is enough for an answer.

    """

    id: str
    outcome: str
    text: str
    citations: tuple[Quoted, ...]
    retrieved: tuple[Retrieved, ...]
    timings_ms: Mapping[str, float]
    surplus: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return asdict(self)


def read_lines(file: Path) -> dict[str, AnswerLine]:
    """Return id -> line of what was answered before; a line that was cut off is forgotten, in the file too."""
    if not file.is_file():
        return {}
    data = file.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        os.truncate(file, len(whole))
    lines = (_line(json.loads(line)) for line in whole.splitlines())
    return {line.id: line for line in lines}


def append_line(file: Path, line: AnswerLine) -> None:
    """
    Append a line by one write.

    Raises:
        TransientError: the disk does not take it.

    """
    data = (json.dumps(line.as_json(), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        written = os.write(handle, data)
    except OSError as fault:
        raise TransientError(f"{file} could not be written: {fault.strerror}") from fault
    finally:
        os.close(handle)
    if written < len(data):
        raise TransientError(f"{file} could not be written whole: make room on its disk")


def _line(stored: dict[str, Any]) -> AnswerLine:
    citations = tuple(Quoted(**one) for one in stored.pop("citations"))
    retrieved = tuple(Retrieved(**one) for one in stored.pop("retrieved"))
    return AnswerLine(**stored, citations=citations, retrieved=retrieved)
