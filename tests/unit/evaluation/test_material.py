"""A set as it lies in its folder: what follows from its own lines, and what is no set."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.conversation import Turn
from pipelines.domain.reading import Read
from pipelines.errors import BadInput
from pipelines.evaluation.material import Shape, documents_of, language_parts, read_material
from pipelines.evaluation.sets import Entry
from pipelines.evaluation.stored_set import SetParser, unit_of, write_documents
from pipelines.ingestion.chunking import chunk_document
from tests.evaluation_sets import document, question, write_set
from tests.fakes.in_process_parser import InProcessParser


IDS = st.lists(
    st.one_of(
        st.text("ab#:0", min_size=1, max_size=4),
        st.builds("{}:{}".format, st.sampled_from("ab"), st.integers(0, 3)),
        st.builds("{}#{}".format, st.sampled_from("ab"), st.sampled_from("xyz")),
    ),
    unique=True,
    max_size=8,
)


def entry(name: str, title: str = "Title", text: str = "Some words.") -> Entry:
    """Return an entry that is a text."""
    return Entry(name, name, title, text, None, "")


def shapes(*entries: Entry) -> list[tuple[Shape, int]]:
    """Return the shape and number of parts of each document."""
    return [(one.shape, len(one.parts)) for one in documents_of(entries)]


def test_parts_with_titles_of_their_own_are_sections() -> None:
    """Entries of one address are one document, unless they all have the same title."""
    assert shapes(entry("a#1", "One"), entry("a#2", "Two"), entry("b#1", "Other")) == [
        (Shape.SECTIONS, 2),
        (Shape.WHOLE, 1),
    ]
    assert shapes(entry("a#1"), entry("a#2")) == [(Shape.WHOLE, 1), (Shape.WHOLE, 1)]


def test_pieces_that_count_up_are_pages() -> None:
    """Ids that end in running numbers are pages of one document; any other number is a name."""
    assert shapes(entry("a:0"), entry("a:1"), entry("a:2")) == [(Shape.PAGES, 3)]
    assert shapes(entry("a:1"), entry("a:3")) == [(Shape.WHOLE, 1), (Shape.WHOLE, 1)]
    assert shapes(entry("a:7")) == [(Shape.WHOLE, 1)]


@given(IDS, st.lists(st.sampled_from(["One", "Two", ""]), min_size=8, max_size=8))
def test_every_entry_is_in_one_document_and_every_unit_leads_back(ids: list[str], titles: list[str]) -> None:
    """Whatever the ids are, no entry is lost or doubled, and each chunk's unit is named by the entry that it is of."""
    entries = [
        entry(name, title, f"words of {number}") for number, (name, title) in enumerate(zip(ids, titles, strict=False))
    ]
    documents = documents_of(entries)
    assert [part.id for one in documents for part in one.parts] == ids
    for one in documents:
        read = stored(one)
        chunks = chunk_document(read)
        assert len(chunks) == len(one.parts)
        for number, (chunk, part) in enumerate(zip(chunks, one.parts, strict=True)):
            assert part.text in chunk.text
            paged = chunk.place.page is not None
            assert unit_of(one, chunk.place.page or number, paged=paged) == (part.id, None)


def stored(one: object) -> Read:
    """Return a document as it is read back from the source's folder."""
    with TemporaryDirectory() as folder:
        (path,) = write_documents([one], Path(folder), Path(folder))  # type: ignore[list-item]
        read = SetParser(InProcessParser()).parse(path, (Path(folder) / path).read_bytes())
    assert isinstance(read, Read)
    return read


def test_pages_and_grades_follow_from_the_evidence(tmp_path: Path) -> None:
    """Pages count where any is marked; grades are kept, those of nothing are not; no evidence leaves the documents."""
    evidence = [{"doc_id": "a", "page": 3, "grade": 2}, {"doc_id": "a", "page": 4, "grade": 0}, {"doc_id": "b"}]
    questions = [
        question("paged", "?", evidence),
        question("graded", "?", [{"doc_id": "a", "grade": 2}, {"doc_id": "b"}]),
        question("plain", "?") | {"answerable": True, "gold_doc_ids": ["b"]},
        question("none", "?") | {"gold_doc_ids": ["b"]},
    ]
    asked = read_material(write_set(tmp_path / "s", [document("a", "A", "x")], questions)).questions
    assert [one.grades for one in asked] == [{("a", 3): 2}, {("a", None): 2, ("b", None): 1}, {("b", None): 1}, {}]
    assert [one.paged for one in asked] == [True, False, False, False]


@pytest.mark.parametrize(
    ("history", "turns"),
    [
        ([{"question": "a", "answer": "b"}], (Turn("a", "b"),)),
        (["a", "c"], (Turn("a", ""), Turn("c", ""))),
        ([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], (Turn("a", "b"),)),
        ([{"role": "user", "content": "a"}, {"role": "user", "content": "c"}], (Turn("a", ""), Turn("c", ""))),
        (None, ()),
    ],
)
def test_a_history_may_be_written_in_several_ways(tmp_path: Path, history: object, turns: tuple[Turn, ...]) -> None:
    """Exchanges, bare questions and messages with roles become the same turns."""
    place = write_set(tmp_path / "s", [], [question("q", "?", history=history)])
    assert read_material(place).questions[0].turns == turns


def test_a_question_goes_where_its_documents_are(tmp_path: Path) -> None:
    """With several languages a question belongs to its evidence, else to its own language, else to the first."""
    documents = [document("a", "A", "x"), document("b", "B", "y", lang="de")]
    questions = [
        question("evidence", "?", [{"doc_id": "b"}], metadata={"lang": "en"}),
        question("own", "?", metadata={"lang": "en"}),
        question("unknown", "?", metadata={"lang": "fr"}),
    ]
    material = read_material(write_set(tmp_path / "s", documents, questions))
    parts = {
        one.language: [asked.id for asked in one.questions] for one in language_parts(material, material.questions)
    }
    assert parts == {"de": ["evidence", "unknown"], "en": ["own"]}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("{", "line 1"),
        ('{"id": "a", "text": "x"}\n[]', "line 2"),
        ('{"id": "a"}', "text"),
        ('{"id": "a", "path": "../b.pdf"}', "out of the set"),
        ('{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}', "same id"),
    ],
)
def test_what_is_no_set_is_one_sentence(tmp_path: Path, lines: str, told: str) -> None:
    """A line that cannot be used is named with its file and number."""
    (tmp_path / "documents.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        read_material(tmp_path)
