"""Small evaluation sets of our own writing, in the layout of the public ones."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


LEAVE = "Every parent takes up to 24 weeks of paid leave. Leave must be requested eight weeks ahead."
TRAVEL = "Trains are booked in second class. Flights need the approval of the head of department."
DEVICES = "A laptop is replaced after 36 months. Lost phones are reported to the service desk."


def document(name: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a line of documents.jsonl."""
    return {"id": name, "title": title, "text": text, "path": None, "lang": "en", "metadata": {}} | more


def question(name: str, text: str, evidence: Sequence[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """Return a line of questions.jsonl; without evidence it has no answer."""
    line = {
        "id": name,
        "question": text,
        "answerable": bool(evidence),
        "gold_doc_ids": sorted({one["doc_id"] for one in evidence}),
        "evidence": list(evidence),
        "answers": [],
        "history": [],
        "tags": [],
        "metadata": {},
    }
    return line | more


def write_set(folder: Path, documents: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]]) -> Path:
    """Write a set and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("documents.jsonl", documents), ("questions.jsonl", questions)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def policies(folder: Path) -> Path:
    """Write three texts, of which everything is asked that a set may ask: graded, unanswerable, a follow-up."""
    return write_set(
        folder,
        [document("leave", "Leave", LEAVE), document("travel", "Travel", TRAVEL), document("it", "Devices", DEVICES)],
        [
            question(
                "q1",
                "How many weeks of paid leave does a parent take?",
                [{"doc_id": "leave", "grade": 2}, {"doc_id": "it", "grade": 0}],
                answers=["24 weeks"],
            ),
            question("q2", "Which class are trains booked in?", [{"doc_id": "travel"}], answers=["second class"]),
            question("q3", "Who approves flights?", [{"doc_id": "travel"}], answers=["head of department"]),
            question("q4", "How much does the canteen charge for lunch?"),
            question(
                "q5",
                "How long is it?",
                [{"doc_id": "leave"}],
                answers=["24 weeks"],
                history=[{"question": "How many weeks of paid leave does a parent take?", "answer": "24 weeks"}],
            ),
        ],
    )


def handbook_with_pages(folder: Path, pages: bytes) -> Path:
    """Write a set of one PDF of two pages, each asked of."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "handbook.pdf").write_bytes(pages)
    return write_set(
        folder,
        [document("handbook.pdf", "Handbook", "", path="files/handbook.pdf")],
        [
            question("p1", "How many weeks of leave are there?", [{"doc_id": "handbook.pdf", "page": 1}]),
            question("p2", "After how many months is a laptop replaced?", [{"doc_id": "handbook.pdf", "page": 2}]),
        ],
    )
