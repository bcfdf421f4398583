"""What people say of the sentences that a model wrote; one line each, by the number of the sentence in its file."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path


FILE = "labels.jsonl"


class Label(StrEnum):
    """What a sentence is to its passage, read by a person."""

    FAITHFUL = "faithful"
    UNFAITHFUL = "not faithful"
    NO_STATEMENT = "not a statement"


def read_labels(folder: Path) -> Mapping[int, Label]:
    """Return number of a sentence, from 0 -> its label; empty where nobody has read any."""
    if not (folder / FILE).is_file():
        return {}
    lines = map(json.loads, (folder / FILE).read_text(encoding="utf-8").rstrip("\n").split("\n"))
    return {line["sentence"]: Label(line["label"]) for line in lines}
