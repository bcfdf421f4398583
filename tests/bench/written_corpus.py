"""
Documents and questions for the benches of written answers: squad2, or the sentences of a handbook as questions.

squad2 has real questions over plain prose; the handbook has lists, tables and code. No figure of
quality comes from here.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.bench.asking import some_files


SETS = ("squad2", "handbook18f")
_HANDBOOK_SHARE = 12
_SEED = 7


def absent(name: str) -> str | None:
    """Return one line if a set is not there."""
    folder = _folder(name)
    return None if folder.is_dir() else f"no evaluation set {name}: set FOOTNOTE_EVALDATA; nothing was measured"


def write_documents(name: str, articles: int, folder: Path) -> list[str]:
    """Write a part of a set as files, and return what can be asked of it, in an order by lot."""
    return _squad(articles, folder) if name == "squad2" else _handbook(folder)


def _squad(articles: int, folder: Path) -> list[str]:
    """Write so many articles, one file each; return their answerable questions."""
    paragraphs: dict[str, list[str]] = defaultdict(list)
    for one in _lines("documents.jsonl"):
        paragraphs[one["title"]].append(one["text"])
    chosen = Random(_SEED).sample(sorted(paragraphs), min(articles, len(paragraphs)))
    for title in chosen:
        text = "\n\n".join([f"# {title.replace('_', ' ')}", *paragraphs[title]])
        (folder / f"{title.replace('/', '_')}.md").write_text(text, encoding="utf-8")
    known = {f"{title}#" for title in chosen}
    asked = [
        one["question"]
        for one in _lines("questions.jsonl")
        if one["answerable"] and any(document.rpartition("#")[0] + "#" in known for document in one["gold_doc_ids"])
    ]
    return _shuffled(asked)


def _handbook(folder: Path) -> list[str]:
    """Write one file of so many; return sentences of them, which stand for questions."""
    some_files(_HANDBOOK_SHARE, folder)
    lines = [line for file in sorted(folder.iterdir()) for line in file.read_text(encoding="utf-8").splitlines()]
    return _shuffled([line for line in lines if 60 < len(line) < 160 and line.endswith(".") and line[0].isalpha()])


def _shuffled(texts: list[str]) -> list[str]:
    found = sorted({" ".join(one.split()) for one in texts})
    Random(_SEED).shuffle(found)
    return found


def _lines(file: str) -> Iterator[dict[str, Any]]:
    with (_folder("squad2") / file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _folder(name: str) -> Path:
    return Path(os.environ.get("FOOTNOTE_EVALDATA", "../shared/evaldata")) / name
