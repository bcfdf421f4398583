"""
Any evaluation set as it lies in its folder, whatever its name. What is asked of it, and by what, is not said here.

What differs between sets follows from their own lines: files or texts, languages,
parts of documents, pages, grades, answers, earlier turns, questions without an answer.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.domain.conversation import Turn
from pipelines.domain.values import Value
from pipelines.errors import BadInput
from pipelines.evaluation.sets import Entry, UnitName, document_title


DOCUMENTS, QUESTIONS = "documents.jsonl", "questions.jsonl"
_NUMBERED = re.compile(r"(?P<document>.+):(?P<number>\d+)")


class Shape(StrEnum):
    """What the entries of a document are to it."""

    WHOLE = "whole"
    SECTIONS = "sections"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class SetDocument(Value):
    """
    A document of a set.

    Attributes:
        title: its title.
        parts: the entries that it is made of, in order; one unless it has sections or pages.
        shape: what they are to it.

    """

    title: str
    parts: tuple[Entry, ...]
    shape: Shape


@dataclass(frozen=True, slots=True)
class Asked(Value):
    """
    A question of a set.

    Attributes:
        id: its id.
        text: what is asked.
        answerable: whether the documents answer it.
        grades: unit that answers it -> how well, > 0; by pages where the set marks pages.
        paged: whether those units are pages.
        answers: right answers as the set words them; may be empty.
        turns: what was said before.
        language: code of its language, as far as it is known.

    """

    id: str
    text: str
    answerable: bool
    grades: Mapping[UnitName, int]
    paged: bool
    answers: tuple[str, ...]
    turns: tuple[Turn, ...]
    language: str


@dataclass(frozen=True, slots=True)
class SetMaterial(Value):
    """
    A set.

    Attributes:
        name: of its folder.
        entries: its documents, or parts of documents, in the order of its file.
        questions: its questions, in the order of their file.
        fingerprint: hash of everything in it that matters.

    """

    name: str
    entries: tuple[Entry, ...]
    questions: tuple[Asked, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LanguagePart(Value):
    """The documents of one language and what is asked of them; `language` is empty where a set has only one."""

    language: str
    documents: tuple[SetDocument, ...]
    questions: tuple[Asked, ...]


def read_material(folder: Path) -> SetMaterial:
    """
    Read a set.

    Raises:
        BadInput: it is no set, or a line of it cannot be read.

    """
    entries = tuple(_read(folder / DOCUMENTS, lambda line: _entry(line, folder)))
    asked = folder / QUESTIONS
    questions = tuple(_read(asked, _question)) if asked.is_file() else ()
    for kind, ids in (("documents", [one.id for one in entries]), ("questions", [one.id for one in questions])):
        if len(set(ids)) < len(ids):
            raise BadInput(f"two {kind} of the set {str(folder)!r} have the same id")
    return SetMaterial(folder.name, entries, questions, _fingerprint(folder, entries))


def language_parts(material: SetMaterial, questions: Sequence[Asked]) -> tuple[LanguagePart, ...]:
    """Return a set by the languages of its documents; a question belongs to its documents, else to its own language."""
    languages = sorted({entry.language for entry in material.entries})
    if len(languages) < 2:  # noqa: PLR2004 - one language needs no parts
        return (LanguagePart("", documents_of(material.entries), tuple(questions)),)
    of_entry = {entry.id: entry.language for entry in material.entries}

    def language_of(asked: Asked) -> str:
        found = next((of_entry[name] for name, _ in asked.grades if name in of_entry), asked.language)
        return found if found in languages else languages[0]

    by_language = {language: [one for one in questions if language_of(one) == language] for language in languages}
    return tuple(
        LanguagePart(
            language,
            documents_of([entry for entry in material.entries if entry.language == language]),
            tuple(by_language[language]),
        )
        for language in languages
    )


def documents_of(entries: Sequence[Entry]) -> tuple[SetDocument, ...]:
    """
    Return the documents that entries are, or are parts of.

    Entries that stand together and have the same id up to a `#`, as addresses have, are
    sections of one document if their titles differ. Texts whose ids end in `:0`, `:1` and
    so on are its pages. Every other entry is a document of its own.
    """
    found: list[SetDocument] = []
    for (document, mark), group in groupby(entries, key=_document_of):
        parts = tuple(group)
        titles = [part.title for part in parts]
        if mark == "#" and len(set(titles)) > 1:
            found.append(SetDocument(document_title(document, titles), parts, Shape.SECTIONS))
        elif mark == ":" and _counts_up(parts):
            found.append(SetDocument(document_title(document, titles), parts, Shape.PAGES))
        else:
            found += [SetDocument(part.title, (part,), Shape.WHOLE) for part in parts]
    return tuple(found)


def _document_of(entry: Entry) -> tuple[str, str]:
    """Return the document that an id names a part of, and the mark between them; no mark for a document or a file."""
    if entry.file is not None:
        return entry.id, ""
    document, mark, _ = entry.id.rpartition("#")
    if mark and document:
        return document, mark
    numbered = _NUMBERED.fullmatch(entry.id)
    return (numbered["document"], ":") if numbered else (entry.id, "")


def _counts_up(parts: Sequence[Entry]) -> bool:
    numbers = [int(part.id.rpartition(":")[2]) for part in parts]
    return len(parts) > 1 and numbers[0] <= 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _read(file: Path, make: Any) -> Iterator[Any]:  # noqa: ANN401 - lines of two kinds
    """Yield what is made of each line."""
    try:
        with file.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield make(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as fault:
                    raise BadInput(f"line {number} of {file} is no line of an evaluation set: {fault!r}") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"{file} cannot be read: {fault}") from fault


def _entry(line: dict[str, Any], folder: Path) -> Entry:
    path = line.get("path")
    file = folder / _inside(path) if path else None
    text = None if file else str(line["text"])
    name = str(line["id"])
    return Entry(name, name, line.get("title") or "", text, file, _language(line))


def _inside(path: str) -> PurePosixPath:
    """Return a path that leads to no place outside the set."""
    inside = PurePosixPath(path)
    if inside.is_absolute() or ".." in inside.parts:
        raise ValueError(f"the path {path!r} leads out of the set")
    return inside


def _question(line: dict[str, Any]) -> Asked:
    grades, paged = _grades(line)
    turns = tuple(Turn(str(one["question"]), str(one.get("answer") or "")) for one in _exchanges(line.get("history")))
    return Asked(
        str(line["id"]),
        str(line["question"]),
        bool(line["answerable"]),
        grades if line["answerable"] else {},
        paged,
        tuple(map(str, line.get("answers") or ())),
        turns,
        _language(line),
    )


def _grades(line: dict[str, Any]) -> tuple[dict[UnitName, int], bool]:
    """Return unit -> grade, and whether the units are pages; where there are pages, documents alone do not count."""
    evidence = line.get("evidence") or []
    pages = [one for one in evidence if one.get("page")]
    grades: dict[UnitName, int] = {}
    for one in pages or evidence:
        unit = (str(one["doc_id"]), int(one["page"]) if pages else None)
        grades[unit] = max(grades.get(unit, 0), int(one.get("grade", 1)))
    if not pages:
        grades = {(str(name), None): 1 for name in line.get("gold_doc_ids") or []} | grades
    return {unit: grade for unit, grade in grades.items() if grade > 0}, bool(pages)


def _exchanges(history: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield earlier exchanges, written as such, as bare questions, or as messages with a role each."""
    asked: dict[str, Any] | None = None
    for one in history or ():
        if isinstance(one, str):
            yield {"question": one}
        elif "question" in one:
            yield one
        elif one.get("role") == "user":
            if asked is not None:
                yield asked
            asked = {"question": one["content"]}
        elif asked is not None:
            yield asked | {"answer": one["content"]}
            asked = None
    if asked is not None:
        yield asked


def _language(line: dict[str, Any]) -> str:
    return str(line.get("lang") or (line.get("metadata") or {}).get("lang") or "")


def _fingerprint(folder: Path, entries: Sequence[Entry]) -> str:
    """Return a hash of the lines and of every file."""
    found = hashlib.sha256()
    files = [entry.file for entry in entries if entry.file is not None and entry.file.is_file()]
    for file in (folder / DOCUMENTS, folder / QUESTIONS, *files):
        if file.is_file():
            with file.open("rb") as stream:
                found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()
