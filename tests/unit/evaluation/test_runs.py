"""A small set through reader, chunker, index and ranking."""

import json
from pathlib import Path

import pytest

from pipelines.evaluation.corpus import corpus_chunks
from pipelines.evaluation.quality import figures_of
from pipelines.evaluation.runs import Variant, run_set
from pipelines.evaluation.sets import Bar, SetPlan, read_entries, read_questions, texts_of
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.in_process_parser import InProcessParser
from tests.fakes.memory_index import MemoryIndex


DIMENSIONS = 32
DOCUMENTS = [
    {"id": "handbook#leave", "title": "Leave", "text": "Parents stay at home for twenty weeks."},
    {"id": "handbook#pay", "title": "Pay", "text": "Salaries are paid on the last working day."},
    {"id": "travel#trains", "title": "Trains", "text": "Tickets are booked by the travel desk."},
    {"id": "notes.txt", "title": "Notes", "text": None, "path": "notes.txt"},
]
QUESTIONS = [
    {"id": "1", "question": "twenty weeks at home for parents", "answerable": True, "gold_doc_ids": ["handbook#leave"]},
    {"id": "2", "question": "who books trains?", "answerable": True, "gold_doc_ids": ["travel#trains"]},
    {"id": "3", "question": "nothing at all", "answerable": False, "gold_doc_ids": []},
]
PLAN = SetPlan("small", (Bar("MRR", 1.0), Bar("R@1", 0.9)), part_mark="#")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one set."""
    place = tmp_path / "small"
    place.mkdir()
    (place / "notes.txt").write_text("The canteen opens at noon.", encoding="utf-8")
    asked = [{**one, "evidence": [], "answers": ["x"]} for one in QUESTIONS]
    for name, lines in (("documents", DOCUMENTS), ("questions", asked)):
        (place / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("embedder", [HashEmbedder(DIMENSIONS), None], ids=["vectors", "words"])
def test_a_set_is_measured(folder: Path, embedder: HashEmbedder | None) -> None:
    """Each answerable question finds its own part first, in every variant, and the figures say so."""
    entries, questions = read_entries(folder, PLAN), read_questions(folder, PLAN)
    chunks = tuple(corpus_chunks(entries, PLAN, InProcessParser()))
    judged = run_set(chunks, questions, MemoryIndex(DIMENSIONS), embedder)
    assert [one.question.id for one in judged] == ["1", "2"]
    for one in judged:
        assert all(one.rankings[variant][0] in one.question.gold for variant in Variant)
    figures = figures_of(judged, PLAN.bars, "small", tuple(Variant))
    assert [(one.metric, one.value, one.bar) for one in figures] == [
        ("MRR", 1.0, 1.0),
        ("R@1", 1.0, 0.9),
    ]


def test_parts_of_a_document_are_units_under_their_titles(folder: Path) -> None:
    """Parts with titles of their own are sections of a document that is named after its address."""
    chunks = list(corpus_chunks(read_entries(folder, PLAN), PLAN, InProcessParser()))
    assert [chunk.unit for chunk in chunks] == [(str(one["id"]), None) for one in DOCUMENTS]
    assert [chunk.spot.unit for chunk in chunks] == [(0, 0), (0, 1), (1, 0), (2, 0)]
    assert chunks[0].title == "handbook\nLeave"
    assert chunks[0].embedded == "handbook\nLeave\nParents stay at home for twenty weeks."


def test_a_sample_is_every_nth_answerable_question(folder: Path) -> None:
    """Sampling takes from the whole list, not its beginning, and never what nothing answers."""
    lines = [
        {
            "id": str(at),
            "question": "q",
            "answerable": at % 2 == 0,
            "gold_doc_ids": ["a"],
            "evidence": [],
            "answers": [],
        }
        for at in range(20)
    ]
    (folder / "small" / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    plan = SetPlan("small", (), sample=3)
    assert [one.id for one in read_questions(folder, plan)] == ["0", "6", "12"]


def test_texts_of_documents_join_their_parts(folder: Path) -> None:
    """A document is its parts, a paragraph each; files are left out."""
    texts = texts_of(read_entries(folder, PLAN))
    assert list(texts) == ["handbook", "travel"]
    assert texts["handbook"].split("\n\n") == [DOCUMENTS[0]["text"], DOCUMENTS[1]["text"]]
