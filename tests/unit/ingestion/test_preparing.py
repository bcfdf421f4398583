"""A reading to chunks with ids and hashes: what an edit leaves as it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.reading import Read
from pipelines.ingestion.preparing import PreparedChunk, digest, document_key, document_title, prepare
from tests.fakes.in_process_parser import InProcessParser


KB, SOURCE, KEY = 3, 4, "a" * 32
SECTIONS = st.lists(st.sampled_from(["Leave", "Pay", "Travel"]), min_size=1, max_size=8)


def read(text: str) -> Read:
    """Return a Markdown text as it is read."""
    found = InProcessParser().parse("a.md", text.encode())
    assert isinstance(found, Read)
    return found


def chunks(text: str, *, key: str = KEY, title: str = "Handbook", generation: str = "1") -> tuple[PreparedChunk, ...]:
    """Return a Markdown text's chunks."""
    return prepare(KB, SOURCE, key, title, read(text), generation=generation)


def ids(prepared: tuple[PreparedChunk, ...]) -> list[str]:
    """Return the ids in order."""
    return [one.passage.chunk_id for one in prepared]


def sections(*texts: str) -> str:
    """Return a document with one section per text."""
    return "\n".join(f"## Section {number}\n\n{text}\n" for number, text in enumerate(texts))


def test_a_section_that_comes_before_leaves_the_others_ids() -> None:
    """An id knows no offset and no number within the document, so an insertion above changes one chunk."""
    before = chunks("## Leave\n\nTwenty days.\n\n## Pay\n\nMonthly.\n")
    after = chunks("## Travel\n\nBy train.\n\n## Leave\n\nTwenty days.\n\n## Pay\n\nMonthly.\n")
    assert ids(after)[1:] == ids(before)
    assert [one.search_hash for one in after[1:]] == [one.search_hash for one in before]
    assert after[1].passage.start > before[0].passage.start


def test_an_edit_changes_the_id_of_its_chunk_alone() -> None:
    """The chunk that was edited is another one; its neighbours stay."""
    before, after = chunks(sections("one", "two", "three")), chunks(sections("one", "2", "three"))
    assert [a == b for a, b in zip(ids(before), ids(after), strict=True)] == [True, False, True]


def test_another_heading_is_another_chunk() -> None:
    """The heading path is part of the id: a text under another heading says something else."""
    assert ids(chunks("## Leave\n\nTwenty days.\n")) != ids(chunks("## Holidays\n\nTwenty days.\n"))


def test_another_title_keeps_the_ids_and_changes_what_is_searched() -> None:
    """A title is searched with each chunk and names none of them."""
    before, after = chunks(sections("one", "two")), chunks(sections("one", "two"), title="Manual")
    assert ids(before) == ids(after)
    assert not {one.search_hash for one in before} & {one.search_hash for one in after}


def test_another_generation_changes_what_is_searched() -> None:
    """Rows that another analyser or embedder made are told from today's."""
    before, after = chunks("one"), chunks("one", generation="2")
    assert (ids(before), before[0].searched) == (ids(after), after[0].searched)
    assert before[0].search_hash != after[0].search_hash


@given(SECTIONS)
def test_ids_are_unique_and_numbered_in_order(names: list[str]) -> None:
    """Sections with equal heading and text are told apart by their ordinal among equals."""
    prepared = chunks("\n".join(f"## {name}\n\nSee the intranet.\n" for name in names))
    assert len(set(ids(prepared))) == len(prepared) == len(names)
    assert [one.passage.ordinal for one in prepared] == list(range(len(names)))
    assert [one.passage.unit for one in prepared] == sorted(one.passage.unit for one in prepared)


@given(SECTIONS, st.integers(0, 7))
def test_removing_an_equal_section_leaves_ids_that_were_there(names: list[str], at: int) -> None:
    """Whatever section goes, no chunk that stays gets an id that was not there before."""
    document = [f"## {name}\n\nSee the intranet.\n" for name in names]
    fewer = document[:at] + document[at + 1 :]
    assert set(ids(chunks("\n".join(fewer) or "x"))) <= set(ids(chunks("\n".join(document)))) or not fewer


def test_every_passage_is_cut_from_the_stored_text() -> None:
    """Start and end are those of the text that is kept."""
    text = read(sections("one", "two", "three"))
    for one in prepare(KB, SOURCE, KEY, "T", text, generation="1"):
        assert text.text[one.passage.start : one.passage.end] in one.searched


def test_ids_of_two_documents_differ() -> None:
    """Equal texts in two documents, bases or sources are different chunks."""
    found = read("one")
    made = {
        prepare(kb, source, key, "T", found, generation="1")[0].passage.chunk_id
        for kb, source, key in ((1, 1, "a"), (2, 1, "a"), (1, 2, "a"), (1, 1, "b"))
    }
    assert len(made) == 4


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("hr/parental_leave-2026.md", "parental leave 2026"),
        ("hr/.md", ".md"),
        ("hr/---.md", "hr/---.md"),
        ("README", "README"),
    ],
)
def test_a_document_without_a_title_is_called_after_its_file(path: str, title: str) -> None:
    """The file name without ending, dashes as spaces; the path where nothing is left."""
    assert document_title(path, replace(read("text"), title=None)) == title


def test_the_documents_own_title_comes_first() -> None:
    """What the document says of itself counts more than its file name."""
    assert document_title("a.md", replace(read("text"), title="Own")) == "Own"


def test_the_key_of_a_document_depends_on_when_its_path_was_free() -> None:
    """A document that began at a path after another one was renamed away from it is another document."""
    keys = {
        document_key(1, "a.md", 1),
        document_key(1, "a.md", 2),
        document_key(1, "b.md", 1),
        document_key(2, "a.md", 1),
    }
    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.text(max_size=3), max_size=4))
def test_a_digest_tells_lists_of_texts_apart(one: list[str], other: list[str]) -> None:
    """Equal digests mean equal lists, wherever the texts are joined."""
    assert (digest(*one) == digest(*other)) == (one == other)
