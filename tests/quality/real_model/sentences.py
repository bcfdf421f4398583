"""Sentences that a real model wrote, each with the passage that it is from, kept as JSONL outside of the project."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from tests.quality.verifier_cases.sources import Source, passages_of


FILE = "sentences.jsonl"


class Task(StrEnum):
    """What the model was asked for."""

    REWORDED = "reworded"
    SUMMED_UP = "summed up"


@dataclass(frozen=True, slots=True)
class ModelSentence:
    """
    One sentence as a model wrote it.

    Attributes:
        task: what it was asked for.
        set: name of the evaluation set.
        document: id of the document in the set.
        ordinal: number of the passage in the document.
        original: the sentence of the passage that it was to reword; empty for a summary.
        passage: text of the passage, by which a later change of the cutting is noticed.
        sentence: what the model wrote.
        model: its name.

    """

    task: Task
    set: str
    document: str
    ordinal: int
    original: str
    passage: str
    sentence: str
    model: str

    @property
    def source(self) -> Source:
        """
        The passage, cut as the product cuts it today.

        Raises:
            LookupError: it is another one than when the sentence was written.

        """
        found = passages_of(self.set, self.document)
        if self.ordinal >= len(found) or found[self.ordinal].text != self.passage:
            raise LookupError(
                f"{self.set}/{self.document}#{self.ordinal} is cut otherwise now: let the model write anew"
            )
        return found[self.ordinal]


def read_sentences(folder: Path) -> list[ModelSentence]:
    """Return the sentences of a folder in their order; none where it has none."""
    if not (folder / FILE).is_file():
        return []
    lines = map(json.loads, (folder / FILE).read_text(encoding="utf-8").rstrip("\n").split("\n"))
    return [ModelSentence(**line | {"task": Task(line["task"])}) for line in lines]


def write_sentences(folder: Path, sentences: Iterable[ModelSentence]) -> None:
    """Keep sentences in a folder, in place of those that it had."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in sentences)
    (folder / FILE).write_text(text, encoding="utf-8")
