"""
The evaluation sets as they lie on disk, and how each is measured. Knows no ranking.

A set is a folder with `documents.jsonl`, `questions.jsonl` and, where documents are
files, the files. What an id means and which bars hold is said here, once per set.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.domain.values import Value


UnitName = tuple[str, int | None]
"""What a question is judged by: a document's id, or the id and a page."""


@dataclass(frozen=True, slots=True)
class Bar(Value):
    """
    A figure to reach.

    Attributes:
        metric: name of a metric of `metrics`.
        reference: the figure that was reached by computing every score over every text.

    """

    metric: str
    reference: float


@dataclass(frozen=True, slots=True)
class SetPlan(Value):
    """
    How a set is read and measured.

    Attributes:
        name: its folder.
        bars: figures to reach.
        part_mark: what parts an id into a document and a part of it; empty where every
            entry is a document of its own.
        cut_by_size: parts are cut by size, so that neighbours belong together.
        sample: ask every n-th question so that this many are asked; None asks all.
        by_language: each language is a base of its own.
        words_only: the embedder does not know its languages.

    """

    name: str
    bars: tuple[Bar, ...]
    part_mark: str = ""
    cut_by_size: bool = False
    sample: int | None = None
    by_language: bool = False
    words_only: bool = False


PLANS = (
    SetPlan("scifact", (Bar("nDCG@10", 0.740),)),
    SetPlan("squad2", (Bar("nDCG@10", 0.926),), part_mark="#", sample=400),
    SetPlan("anthropic_docs", (Bar("MRR", 0.968),), part_mark="#"),
    SetPlan("northwind", (Bar("R@1", 0.706), Bar("R@5", 0.935))),
    SetPlan("anthropic_code", (Bar("R@10", 0.921),), part_mark=":", cut_by_size=True),
    SetPlan("xquad", (Bar("R@1", 0.898),), by_language=True, words_only=True),
)


@dataclass(frozen=True, slots=True)
class Entry(Value):
    """
    One line of `documents.jsonl`.

    Attributes:
        id: its id, by which questions are judged.
        document: id of the document that it is, or is a part of.
        title: its title; may be empty.
        text: its text; None for a file.
        file: the file; None for a text.
        language: code of its language, as far as it is known.

    """

    id: str
    document: str
    title: str
    text: str | None
    file: Path | None
    language: str


@dataclass(frozen=True, slots=True)
class SetQuestion(Value):
    """
    A question of a set.

    Attributes:
        id: its id.
        text: what is asked.
        gold: the units that answer it, never none.
        answers: right answers as the set words them; may be empty.
        language: code of its language, as far as it is known.

    """

    id: str
    text: str
    gold: frozenset[UnitName]
    answers: tuple[str, ...]
    language: str


def read_entries(folder: Path, plan: SetPlan) -> tuple[Entry, ...]:
    """Return a set's entries in the order of its file."""
    return tuple(_entry(line, folder / plan.name, plan) for line in _lines(folder / plan.name / "documents.jsonl"))


def read_questions(folder: Path, plan: SetPlan) -> tuple[SetQuestion, ...]:
    """Return the answerable questions of a set, or the plan's sample of them."""
    lines = [line for line in _lines(folder / plan.name / "questions.jsonl") if line["answerable"]]
    if plan.sample is not None:
        lines = lines[:: max(1, len(lines) // plan.sample)][: plan.sample]
    questions = (_question(line) for line in lines)
    return tuple(question for question in questions if question.gold)


def texts_of(entries: Sequence[Entry]) -> dict[str, str]:
    """Return document -> its text, a paragraph per part; files are left out."""
    parts: dict[str, list[str]] = {}
    for entry in entries:
        if entry.text is not None:
            parts.setdefault(entry.document, []).append(entry.text)
    return {document: "\n\n".join(texts) for document, texts in parts.items()}


def document_title(document: str, titles: list[str]) -> str:
    """Return the title that all parts share; else the last part of the document's address."""
    if len(set(titles)) == 1:
        return titles[0]
    return PurePosixPath(document).stem.replace("-", " ").replace("_", " ")


def _entry(line: dict[str, Any], folder: Path, plan: SetPlan) -> Entry:
    name = line["id"]
    document = name.rpartition(plan.part_mark)[0] or name if plan.part_mark else name
    text = line.get("text")
    file = folder / line["path"] if text is None else None
    return Entry(name, document, line.get("title") or "", text, file, _language(line))


def _question(line: dict[str, Any]) -> SetQuestion:
    pages = {(found["doc_id"], found["page"]) for found in line["evidence"] if found.get("page")}
    gold = pages or {(name, None) for name in line["gold_doc_ids"]}
    return SetQuestion(line["id"], line["question"], frozenset(gold), tuple(line["answers"]), _language(line))


def _language(line: dict[str, Any]) -> str:
    return str(line.get("lang") or line.get("metadata", {}).get("lang") or "")


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
