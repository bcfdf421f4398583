"""
Two-turn conversations over the demonstration base and two handbooks, as they lie beside this file. Measures nothing.

A second question either leans on the first one or changes the topic. The halves are fixed in
the file: rules are written against `tuning`, `test` is scored.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.domain.values import Value


CASES = Path(__file__).with_name("conversations.jsonl")
DEMO = Path(__file__).parents[3] / "demo" / "documents"
HALVES = ("tuning", "test")
HANDBOOKS = ("handbook18f", "handbook_sourcegraph")
"""Evaluation sets that are asked; a base bears the name of its set."""


@dataclass(frozen=True, slots=True)
class Conversation(Value):
    """
    Two questions of one person.

    Attributes:
        id: its name.
        half: `tuning` or `test`.
        base: name of the base that is asked.
        kind: what makes the second question what it is: a place, a pronoun, thanks, …
        topic_change: the second question has nothing to do with the first.
        first: the first question.
        second: the second one, as people write it.
        stand_alone: the second one as somebody wrote it who knew the first.
        documents: paths of the documents that answer the second one; never none.
        quote: words of the passage that answers it, verbatim but for white space.

    """

    id: str
    half: str
    base: str
    kind: str
    topic_change: bool
    first: str
    second: str
    stand_alone: str
    documents: tuple[str, ...]
    quote: str


def conversations() -> Iterator[Conversation]:
    """Yield the conversations in the order of their file."""
    for line in CASES.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        yield Conversation(**one | {"documents": tuple(one["documents"])})


def folder_of(base: str, sets: Path) -> Path:
    """Return the folder of a base's documents, given the folder of the evaluation sets."""
    return DEMO if base == "demo" else sets / base / "files"
