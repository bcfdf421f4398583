"""A document to chunks: what every cut keeps, and what an edit leaves as it was."""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.domain.knowledge import Chunk
from pipelines.domain.reading import Block, BlockKind, Read
from pipelines.ingestion.boundaries import boundaries
from pipelines.ingestion.chunking import (
    FLOWING,
    PAGED,
    chunk_document,
    chunk_id,
    embedded_text,
    searched_text,
    searched_title,
)
from tests.examples import examples
from tests.unit.ingestion.documents import LONG_TEXTS, READINGS, Writer, sentence


EDITS = 60
QUICK = settings(deadline=None, max_examples=examples(25))
"""A document is large and a machine may be busy; the promises are about texts, not about time."""


def chunks_of(paragraphs: Sequence[str], *, page: int | None = None) -> tuple[Chunk, ...]:
    """Return the chunks of a document of paragraphs."""
    writer = Writer()
    for text in paragraphs:
        writer.add(BlockKind.PARAGRAPH, text, page=page)
    return chunk_document(writer.read())


def new_texts(before: Sequence[Chunk], after: Sequence[Chunk]) -> int:
    """Return how many texts would have to be embedded again."""
    return len({one.text for one in after} - {one.text for one in before})


@QUICK
@given(READINGS)
def test_offsets_are_exact(read: Read) -> None:
    """A chunk is a span of the stored text without white space at its ends, and so is each of its blocks."""
    for chunk in chunk_document(read):
        assert chunk.text == read.text[chunk.start : chunk.end] == chunk.text.strip()
        assert chunk.text
        assert (chunk.blocks[0].start, chunk.blocks[-1].end) == (chunk.start, chunk.end)
        for block in chunk.blocks:
            text = read.text[block.start : block.end]
            assert text == text.strip() != ""


@QUICK
@given(READINGS)
def test_chunks_follow_each_other_without_overlap(read: Read) -> None:
    """Each begins behind the one before, and so does each block."""
    blocks = [block for chunk in chunk_document(read) for block in chunk.blocks]
    assert all(one.end <= other.start for one, other in pairwise(blocks))


@QUICK
@given(READINGS)
def test_every_character_is_in_exactly_one_chunk(read: Read) -> None:
    """What is neither white space nor a heading lies in one chunk; a heading in one or above one."""
    chunks = chunk_document(read)
    last, outside = 0, ""
    for chunk in chunks:
        assert last <= chunk.start
        outside += read.text[last : chunk.start]
        last = chunk.end
    outside += read.text[last:]
    titles = [block for block in read.blocks if block.kind is BlockKind.HEADING]
    free = [one for one in titles if not any(chunk.start <= one.start < chunk.end for chunk in chunks)]
    assert outside.split() == " ".join(read.text[one.start : one.end] for one in free).split()
    above = {" ".join(heading.split()) for chunk in chunks for heading in chunk.heading_path}
    assert all(" ".join(read.text[one.start : one.end].split()) in above for one in free)


@QUICK
@given(READINGS)
def test_a_chunk_keeps_to_its_page(read: Read) -> None:
    """All blocks of a chunk stand on the page that its place names."""
    for chunk in chunk_document(read):
        assert {block.page for block in chunk.blocks} == {chunk.place.page}


@QUICK
@given(READINGS)
def test_without_pages_a_chunk_keeps_to_its_section(read: Read) -> None:
    """No heading lies inside a chunk unless nothing follows it, and the path is that of the headings before."""
    for chunk in chunk_document(read):
        if chunk.place.page is None:
            headings = [block for block in chunk.blocks if block.kind is BlockKind.HEADING]
            assert not headings or headings == list(chunk.blocks)
            before = [one for one in read.blocks if one.kind is BlockKind.HEADING and one.start <= chunk.start]
            last = before[-1] if before else None
            assert chunk.heading_path[-1:] == ((read.text[last.start : last.end],) if last else ())


@QUICK
@given(READINGS)
def test_a_table_never_loses_its_header(read: Read) -> None:
    """A chunk with rows holds their header, or is searched and embedded with it."""
    for chunk in chunk_document(read):
        for block in chunk.blocks:
            if block.kind is BlockKind.TABLE_ROW:
                assert block.lead is not None
                header = read.text[slice(*block.lead)]
                assert header in searched_text(chunk, read.text)
                assert header in embedded_text("Title", chunk, read.text)


@QUICK
@given(READINGS)
def test_cutting_is_repeatable(read: Read) -> None:
    """The same reading gives the same chunks."""
    assert chunk_document(read) == chunk_document(read)


@QUICK
@given(texts=LONG_TEXTS, paged=st.booleans())
def test_prose_has_a_greatest_length(texts: list[str], *, paged: bool) -> None:
    """However long its paragraphs, sentences and words are, a chunk of prose is no longer than the hard limit."""
    size = PAGED if paged else FLOWING
    chunks = chunks_of(texts, page=1 if paged else None)
    assert all(len(chunk.text) <= size.hard for chunk in chunks)
    assert len(chunks) > 1 or sum(map(len, texts)) <= size.hard


@pytest.mark.parametrize("text", ["a" * 30_000, "a " * 15_000, "soup is good and " * 2000, ("b" * 3000 + " ") * 5])
def test_what_nobody_writes_is_cut_at_few_places(text: str) -> None:
    """A word or a sentence without end costs a possible cut per stride, not per character, and is cut small enough."""
    block = Block(BlockKind.PARAGRAPH, 0, len(text.strip()))
    for size in (PAGED, FLOWING):
        assert 0 < len(boundaries(text.strip(), [block], size)) <= len(text) / 60
    assert max(len(chunk.text) for chunk in chunks_of([text])) <= FLOWING.hard


def test_a_heading_without_end_is_repeated_in_part() -> None:
    """What each chunk below a heading keeps and searches of it is its beginning, without an anchor as long."""
    writer = Writer()
    writer.add(BlockKind.HEADING, "Soups " + "of all kinds " * 5000, level=1, anchor="soups" * 5000)
    for number in range(40):
        writer.add(BlockKind.PARAGRAPH, sentence(number) * 9)
    read = writer.read()
    chunks = chunk_document(read)
    assert len(chunks) > 1
    for chunk in chunks:
        (heading,) = chunk.heading_path
        assert heading.startswith("Soups of all kinds")
        assert len(heading) <= 300
        assert (chunk.place.heading, chunk.place.anchor) == (heading, None)
        searched = (
            searched_title("Menu", chunk),
            searched_text(chunk, read.text),
            embedded_text("Menu", chunk, read.text),
        )
        assert max(map(len, searched)) <= FLOWING.hard + 310


def test_a_short_section_is_one_chunk() -> None:
    """Nothing is cut that fits."""
    assert len(chunks_of(["One.", "Two.", "Three."])) == 1


def test_a_long_paragraph_stays_whole() -> None:
    """Up to the hard limit a paragraph is one thought; beyond it sentences are parted, never cut."""
    whole = " ".join(sentence(number) for number in range(24))
    assert FLOWING.limit < len(whole) <= FLOWING.hard
    assert [chunk.text for chunk in chunks_of([whole])] == [whole]
    parts = chunks_of([f"{whole} {whole}"])
    assert len(parts) > 1
    assert all(chunk.text.endswith(".") for chunk in parts)


def test_what_goes_on_says_so() -> None:
    """A chunk that begins inside a sentence begins with a block that continues; one that begins a sentence does not."""
    words = chunks_of(["word " * 2000])
    sentences = chunks_of([" ".join(sentence(number) for number in range(100))])
    assert [chunk.blocks[0].continues for chunk in words] == [False] + [True] * (len(words) - 1)
    assert not any(chunk.blocks[0].continues for chunk in sentences)


def test_rows_are_those_of_the_chunk() -> None:
    """A long table is cut between rows; each part names its own rows, and the header is a lead from the second on."""
    writer = Writer()
    header = writer.add(BlockKind.TABLE_HEADER, "Country | Rate", row=1)
    for row in range(2, 102):
        writer.add(
            BlockKind.TABLE_ROW, f"Country number {row} | {row * 3} euros", row=row, lead=(header.start, header.end)
        )
    first, *others = chunk_document(writer.read())
    assert first.lead is None
    assert others
    assert all(chunk.lead == (header.start, header.end) for chunk in others)
    ends = [tuple(map(int, (chunk.place.rows or "").split("-"))) for chunk in (first, *others)]
    assert ends[0][0] == 1
    assert ends[-1][-1] == 101
    assert all(one[-1] + 1 == other[0] for one, other in pairwise(ends))


def test_a_page_names_its_first_section() -> None:
    """Small sections share a chunk of a page, their headings in it; in a format without pages each is its own."""
    paged, flowing = Writer(), Writer()
    for writer, page in ((paged, 3), (flowing, None)):
        for name in ("Leave", "Pay"):
            writer.add(BlockKind.HEADING, name, level=1, anchor=name.lower(), page=page)
            writer.add(BlockKind.PARAGRAPH, f"About {name}.", page=page)
    (one,) = chunk_document(paged.read())
    assert (one.place.page, one.place.heading, one.place.anchor) == (3, "Leave", "leave")
    assert one.text == "Leave\n\nAbout Leave.\n\nPay\n\nAbout Pay."
    assert [chunk.text for chunk in chunk_document(flowing.read())] == ["About Leave.", "About Pay."]


def test_what_is_searched_names_title_and_headings() -> None:
    """Headings are searched with the text and with the title; of a page neither, since they stand in its chunk."""
    for page in (None, 1):
        writer = Writer()
        writer.add(BlockKind.HEADING, "Leave", level=1, page=page)
        writer.add(BlockKind.PARAGRAPH, "Twenty days.", page=page)
        (chunk,) = chunk_document(writer.read())
        read = writer.read()
        if page is None:
            assert searched_title("Handbook", chunk) == "Handbook\nLeave"
            assert searched_text(chunk, read.text) == "Leave\nTwenty days."
        else:
            assert searched_title("Handbook", chunk) == "Handbook"
            assert searched_text(chunk, read.text) == "Leave\n\nTwenty days."
        named = "Handbook\nLeave" if page is None else "Handbook"
        assert embedded_text("Handbook", chunk, read.text) == f"{named}\n{chunk.text}"
        assert embedded_text("Leave", chunk, read.text) == f"Leave\n{chunk.text}"


@QUICK
@given(st.data())
def test_an_edited_word_is_one_new_chunk(data: st.DataObject) -> None:
    """A word inside a paragraph that gives way to one of its length changes the chunk it stands in and no other."""
    chance = random.Random(data.draw(st.integers(0, 10**6)))
    texts = paragraphs(60, chance)
    place = data.draw(st.integers(0, len(texts) - 1))
    words = texts[place].split()
    at = data.draw(st.integers(20, len(words) - 2))
    words[at] = "x" * len(words[at])
    edited = [*texts[:place], " ".join(words), *texts[place + 1 :]]
    assert new_texts(chunks_of(texts), chunks_of(edited)) == 1


@pytest.mark.parametrize("edit", ["reworded", "grown", "inserted", "deleted"])
def test_an_edited_paragraph_is_seldom_more_than_two_new_chunks(edit: str) -> None:
    """Of sixty edits in files of some thirty chunks nine in ten cost two chunks at most, none many."""
    chance = random.Random(11)
    costs = []
    for _ in range(EDITS):
        texts = paragraphs(60, chance)
        edited = list(texts)
        place = chance.randrange(len(texts))
        fresh = paragraphs(1, chance)[0]
        if edit == "inserted":
            edited.insert(place, fresh)
        elif edit == "deleted":
            del edited[place]
        else:
            edited[place] = fresh if edit == "reworded" else f"{texts[place]} {fresh[:80]}"
        costs.append(new_texts(chunks_of(texts), chunks_of(edited)))
    assert sum(cost <= 2 for cost in costs) >= 0.9 * EDITS
    assert max(costs) <= 6


def test_an_id_is_that_of_the_chunk_alone() -> None:
    """Each part of an id makes another id, and no two ways to divide the same letters are one."""
    parts = [(1, 2, "a", ["H"], "text", 0)]
    parts += [(3, 2, "a", ["H"], "text", 0), (1, 3, "a", ["H"], "text", 0), (1, 2, "b", ["H"], "text", 0)]
    parts += [(1, 2, "a", ["H", "I"], "text", 0), (1, 2, "a", ["H"], "texts", 0), (1, 2, "a", ["H"], "text", 1)]
    parts += [(1, 2, "a", [], "Htext", 0), (1, 2, "aH", [], "text", 0), (12, 2, "a", ["H"], "text", 0)]
    ids = [chunk_id(*one) for one in parts]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in ids)
    assert chunk_id(*parts[0]) == ids[0]


def paragraphs(count: int, chance: random.Random) -> list[str]:
    """Return paragraphs of thirty to eighty words, none of them cut inside."""
    vocabulary = [f"{first}{second}" for first in "bdfglmnprst" for second in ("ane", "ilo", "oru", "esti", "umma")]
    return [" ".join(chance.choices(vocabulary, k=chance.randint(30, 80))) + "." for _ in range(count)]


def block_kinds(chunk: Chunk) -> list[BlockKind]:
    """Return what a chunk is made of."""
    return [block.kind for block in chunk.blocks]


def test_a_table_header_and_a_heading_are_never_last() -> None:
    """What announces something is cut from nothing that follows it."""
    for kind in (BlockKind.TABLE_HEADER, BlockKind.HEADING):
        writer = Writer()
        writer.add(BlockKind.PARAGRAPH, sentence(1) * 9, page=1)
        announcing: Block = writer.add(kind, "Country | Rate", page=1, level=1)
        lead = (announcing.start, announcing.end) if kind is BlockKind.TABLE_HEADER else None
        for row in range(40):
            follower = BlockKind.TABLE_ROW if lead else BlockKind.PARAGRAPH
            writer.add(follower, f"Row number {row} | {row}", page=1, lead=lead)
        chunks = chunk_document(writer.read())
        assert len(chunks) > 1
        assert all(block_kinds(chunk)[-1] is not kind for chunk in chunks)
