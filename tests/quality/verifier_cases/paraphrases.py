"""
Free paraphrases written by hand, of the demonstration base and of the handbooks; half also with an error inside.

Of a set's sentence only its hash is kept, by which it is found again.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.quality.verifier_cases.shapes import Case, Family
from tests.quality.verifier_cases.sources import DEMO, Source, half_of, passages_of, sets_folder


FILE = Path(__file__).with_name("paraphrases.jsonl")


def paraphrase_cases(half: str) -> Iterator[Case]:
    """Yield the paraphrases of a half; without the sets those of the demonstration base."""
    for text in FILE.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if half_of(line["set"], line["document"]) == half and (line["set"] == DEMO or sets_folder().is_dir()):
            yield from _cases(line)


def sentence_hash(sentence: str) -> str:
    """Return by which name a sentence is found again: 16 hexadecimal digits of its words on one line."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def _cases(line: dict[str, Any]) -> Iterator[Case]:
    source, original = _found(line)
    yield Case(source.half, Family.FREE, "paraphrase", "paraphrase", line["paraphrase"], source, original)
    if "harmed" in line:
        kind = line["harm"]
        yield Case(source.half, Family.HARMED_FREE, kind, f"{kind} in a paraphrase", line["harmed"], source, original)


def _found(line: dict[str, Any]) -> tuple[Source, str]:
    """Return the passage with the sentence of this hash."""
    for source in passages_of(line["set"], line["document"]):
        for unit in source.units:
            if sentence_hash(source.words(unit)) == line["sentence"]:
                return source, source.words(unit)
    raise LookupError(f"{line['set']}/{line['document']}: no sentence {line['sentence']}: {line['paraphrase']}")
