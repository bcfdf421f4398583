"""A sync writes what changed and no more, and readers see one version whole."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.answering.addresses import place_address
from pipelines.domain.access import OPERATOR
from pipelines.domain.knowledge import SyncResult, VersionState
from tests.small_base import SmallBase


WORDS = (
    "leave",
    "pay",
    "travel",
    "office",
    "notice",
    "week",
    "month",
    "parent",
    "manager",
    "form",
    "request",
    "days",
    "budget",
    "team",
    "training",
)
CHUNKS = 30
PARAGRAPHS = 60
EDITS = 8

Citation = tuple[str, str | None, str, str]


def paragraphs(count: int, *, seed: int = 1) -> list[str]:
    """Return paragraphs of one to eight sentences."""
    chance = random.Random(seed)
    return [
        " ".join(f"{' '.join(chance.choices(WORDS, k=11)).capitalize()} {number}." for _ in range(chance.randint(1, 8)))
        for number in range(count)
    ]


def markdown(texts: list[str], *, title: str = "Handbook", date: str = "2026-01-31") -> str:
    """Return a document of a few long sections."""
    parts = [f"## Part {at // 22}\n\n{text}" if at % 22 == 0 else text for at, text in enumerate(texts)]
    return f"---\ntitle: {title}\ndate: {date}\n---\n\n" + "\n\n".join(parts) + "\n"


def write(base: SmallBase, path: str, text: str) -> None:
    """Let a file of the folder have this text."""
    file = base.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def citations(base: SmallBase, question: str = "parent leave") -> set[Citation]:
    """Return (title, date, address, quote) of everything that a question finds now."""
    scope = base.records.access.scope(OPERATOR, [base.name])
    wanted = [(hit.document_version, hit.ordinal) for hit in base.hits(question)]
    return {
        (
            one.title,
            one.date,
            place_address(one, one.passage.place),
            base.parts.blobs.get(one.text_hash).decode()[one.passage.start : one.passage.end],
        )
        for one in base.records.evidence.passages(scope, wanted)
    }


def rows_of(base: SmallBase) -> list[tuple[str, int, int]]:
    """Return every index row, of all versions."""
    with sqlite3.connect(base.folder.parent / "index.db") as index:
        found = index.execute("SELECT chunk_id, added_in, removed_in FROM rows ORDER BY 1, 2").fetchall()
    index.close()
    return found


def figures(result: SyncResult) -> tuple[int, int, int]:
    """Return chunks added, removed, embedded."""
    return result.chunks_added, result.chunks_removed, result.chunks_embedded


@pytest.fixture
def long(base: SmallBase) -> list[str]:
    """Let the folder hold one document of about thirty chunks, synced; return its paragraphs."""
    texts = paragraphs(PARAGRAPHS)
    write(base, "a.md", markdown(texts))
    write(base, "b.md", markdown(paragraphs(2, seed=2), title="Other"))
    base.sync()
    return texts


def test_the_long_document_has_about_thirty_chunks(base: SmallBase, long: list[str]) -> None:
    """The figures below are those of such a document."""
    assert len(long) == PARAGRAPHS
    assert abs(len(base.seen().documents["a.md"].passages) - CHUNKS) <= 3


@pytest.mark.parametrize(("kind", "most"), [("word", 2), ("longer", 2), ("shorter", 2), ("new", 3), ("gone", 3)])
def test_an_edited_paragraph_embeds_two_chunks_at_most(base: SmallBase, long: list[str], kind: str, most: int) -> None:
    """
    Boundaries stay where they are: one edited paragraph of a thirty-chunk file costs at most two chunks.

    A paragraph that comes or goes may cost its neighbours' chunks too, where they share one.
    """
    chance = random.Random(kind)
    for _ in range(EDITS):
        at = chance.randrange(len(long))
        edits = {
            "word": long[at].replace(".", " indeed.", 1),
            "longer": f"{long[at]} Parents ask their manager for a form four weeks before.",
            "shorter": long[at][: len(long[at]) // 2] + ".",
            "new": f"{long[at]}\n\n{paragraphs(1, seed=at)[0]}",
            "gone": "",
        }
        write(base, "a.md", markdown([*long[:at], edits[kind], *long[at + 1 :]]))
        result = base.sync()
        assert (result.changed, result.unchanged, result.promoted) == (1, 1, True)
        assert result.chunks_embedded <= result.chunks_added <= most
        write(base, "a.md", markdown(long))
        assert base.sync().chunks_embedded == 0


def test_another_date_changes_no_row_and_every_citation(base: SmallBase, long: list[str]) -> None:
    """The date lives in the records: nothing is indexed or embedded, and each version cites its own date."""
    rows, before = rows_of(base), citations(base)
    write(base, "a.md", markdown(long, date="2026-02-28"))
    result = base.sync()
    assert (figures(result), result.changed, rows_of(base)) == ((0, 0, 0), 1, rows)
    after = citations(base)
    assert {one[1] for one in after if one[0] == "Handbook"} == {"2026-02-28"}
    assert {(one[0], *one[2:]) for one in after} == {(one[0], *one[2:]) for one in before}
    base.records.bases.roll_back(base.kb, 1)
    assert citations(base) == before


def test_a_rename_changes_no_row_and_every_address(base: SmallBase, long: list[str]) -> None:
    """A file that moved costs nothing, and each version opens the address that it had."""
    rows, before = rows_of(base), citations(base)
    (base.folder / "x y").mkdir()
    (base.folder / "a.md").rename(base.folder / "x y" / "ä.md")
    result = base.sync()
    assert (figures(result), result.renamed, result.added, rows_of(base)) == ((0, 0, 0), 1, 0, rows)
    address = (base.folder / "x y" / "ä.md").as_uri()
    assert {one[2].partition("#")[0] for one in citations(base) if one[0] == "Handbook"} == {address}
    assert len(citations(base)) == len(before)
    base.records.bases.roll_back(base.kb, 1)
    assert citations(base) == before
    assert len(long) == PARAGRAPHS


def test_another_anchor_changes_no_row_and_the_link(base: SmallBase) -> None:
    """Where a heading is opened is a place, not a text: 0 rows, 0 embedded, the new link."""
    page = '<html><body><h2 id="{}">Leave</h2><p>Parents take leave of twenty weeks.</p></body></html>'
    write(base, "a.html", page.format("leave"))
    base.sync()
    write(base, "a.html", page.format("parental"))
    assert figures(base.sync()) == (0, 0, 0)
    assert {one[2].partition("#")[2] for one in citations(base)} == {"parental"}
    base.records.bases.roll_back(base.kb, 1)
    assert {one[2].partition("#")[2] for one in citations(base)} == {"leave"}


def test_another_title_costs_the_documents_own_chunks(base: SmallBase, long: list[str]) -> None:
    """A title is searched with every chunk of its document, and with no other's."""
    own = len(base.seen().documents["a.md"].passages)
    write(base, "a.md", markdown(long, title="Manual"))
    assert figures(base.sync()) == (own, own, own)
    assert {one[0] for one in citations(base)} == {"Manual", "Other"}
    base.records.bases.roll_back(base.kb, 1)
    assert {one[0] for one in citations(base)} == {"Handbook", "Other"}


def test_another_heading_costs_the_chunks_below_it(base: SmallBase, long: list[str]) -> None:
    """The chunks of the other sections stay as they are."""
    below = sum(one.headings == ("Part 1",) for one in base.seen().documents["a.md"].passages)
    write(base, "a.md", markdown(long).replace("## Part 1", "## Chapter 1"))
    assert figures(base.sync()) == (below, below, below)


def test_a_text_that_returns_is_not_embedded_again(base: SmallBase, long: list[str]) -> None:
    """What was embedded once is known, also after its rows ended; the document is the one that it was."""
    before, chunks = base.seen(), {row[0] for row in rows_of(base)}
    (base.folder / "a.md").unlink()
    assert base.sync().removed == 1
    write(base, "a.md", markdown(long))
    result = base.sync()
    assert (result.added, result.chunks_embedded) == (1, 0)
    assert base.seen() == before
    assert {row[0] for row in rows_of(base)} == chunks


def test_nothing_to_do_makes_no_version(base: SmallBase, long: list[str]) -> None:
    """A sync that finds nothing new leaves the version and the index as they are."""
    rows = rows_of(base)
    result = base.sync()
    assert (result.version, result.unchanged, figures(result), rows_of(base)) == (1, 2, (0, 0, 0), rows)
    assert [one.number for one in base.records.bases.versions(base.kb)] == [1]
    assert len(long) == PARAGRAPHS


def stored(folder: Path) -> dict[str, list[str]]:
    """Return everything that an installation keeps, by file."""
    found: dict[str, list[str]] = {str(file): [] for file in (folder / "blobs").rglob("*")}
    for name in ("records.db", "index.db"):
        database = sqlite3.connect(folder / name)
        found[name] = list(database.iterdump())
        database.close()
    return found


def test_a_preview_says_what_the_sync_then_does(base: SmallBase, long: list[str]) -> None:
    """Every figure and every rejection is that of the sync, for each way in which a file can change."""
    changes = {
        "a.md": markdown([*long[:7], "Edited.", *long[8:]]),
        "new.md": markdown(paragraphs(3, seed=3), title="New") + "\n\nTwice.\n\n## X\n\nTwice.\n",
        "hr/secret.md": "---\naudience: [group:hr]\n---\nSalaries by band.\n",
        "again.md": markdown(paragraphs(3, seed=3), title="New"),
        "empty.md": "",
        "odd.xyz": "no reader knows this",
        ".footnote.yaml": 'audience: [{pattern: "moved/**", readers: [group:it]}]',
    }
    for path, text in changes.items():
        write(base, path, text)
    (base.folder / "moved").mkdir()
    (base.folder / "b.md").rename(base.folder / "moved" / "b.md")
    said = base.preview()
    done = base.sync()
    assert replace(done, version=1, duration_ms=0, promoted=False) == replace(said, duration_ms=0)
    assert [one.path for one in said.rejected] == ["empty.md", "odd.xyz"]
    assert (said.added, said.changed, said.renamed, said.removed) == (3, 1, 1, 0)
    (base.folder / "a.md").unlink()
    (base.folder / "new.md").unlink()
    said, done = base.preview(), base.sync()
    assert replace(done, version=2, duration_ms=0, promoted=False) == replace(said, duration_ms=0)
    assert (said.removed, said.rejected) == (2, done.rejected)
    said, done = base.preview(), base.sync()
    assert replace(done, duration_ms=0, promoted=False) == replace(said, duration_ms=0)


def test_a_preview_writes_nothing(base: SmallBase, long: list[str]) -> None:
    """No row, no rule, no blob, no vector: everything that is kept is as before, and nobody is in the way."""
    write(base, "a.md", markdown(long[::2]))
    write(base, "hr/secret.md", "---\naudience: [group:hr]\n---\nSalaries by band.\n")
    (base.folder / "b.md").unlink()
    before = stored(base.folder.parent)
    assert base.preview().chunks_added > 0
    assert stored(base.folder.parent) == before


def test_a_preview_of_an_empty_base_says_what_the_first_sync_does(base: SmallBase) -> None:
    """The first one is no exception."""
    write(base, "a.md", markdown(paragraphs(4)))
    said, done = base.preview(), base.sync()
    assert said.added == 1
    assert replace(done, version=0, duration_ms=0, promoted=False) == replace(said, duration_ms=0)


def test_a_roll_back_shows_the_old_version_until_it_is_lifted(base: SmallBase) -> None:
    """The next syncs stage and do not promote; `unpin` lets the next one promote."""
    write(base, "a.md", "Old leave of parents.\n")
    base.sync()
    old = base.seen()
    write(base, "a.md", "New leave of parents.\n")
    base.sync()
    new = base.seen()
    base.records.bases.roll_back(base.kb, 1)
    assert base.seen() == old
    write(base, "b.md", "Another leave.\n")
    waiting = base.sync()
    assert (waiting.promoted, base.seen(), base.base.newest) == (False, old, 2)
    assert base.found("leave parents") == {("a.md", 0)}
    base.records.bases.unpin(base.kb)
    assert base.seen() == old
    done = base.sync()
    assert (done.promoted, done.version > waiting.version) == (True, True)
    assert set(base.seen().documents) == {"a.md", "b.md"}
    assert base.seen(2) == new
    assert base.seen(1) == old


def test_a_roll_back_without_any_change_is_lifted_too(base: SmallBase) -> None:
    """After `unpin`, a sync that finds nothing new shows the newest version again."""
    for text in ("Old leave.\n", "New leave.\n"):
        write(base, "a.md", text)
        base.sync()
    new = base.seen()
    base.records.bases.roll_back(base.kb, 1)
    assert base.sync().promoted is False
    base.records.bases.unpin(base.kb)
    assert base.sync().promoted is True
    assert base.seen() == new


def test_a_version_that_waits_can_be_promoted(base: SmallBase) -> None:
    """`promote` shows what a pinned base staged, and lifts the pin."""
    for text in ("Old leave.\n", "New leave.\n"):
        write(base, "a.md", text)
        base.sync()
    base.records.bases.roll_back(base.kb, 1)
    write(base, "a.md", "Newest leave.\n")
    waiting = base.sync().version
    base.records.bases.promote(base.kb, waiting)
    assert (base.base.active, base.base.newest, base.base.pinned) == (waiting, waiting, False)
    assert base.seen().documents["a.md"].text == "Newest leave."
    assert base.sync().unchanged == 1


def test_a_version_that_waits_is_swept_by_the_next_sync(base: SmallBase) -> None:
    """A base has at most one staged version: the overtaken one leaves no row, and can no longer be promoted."""
    write(base, "a.md", "Old leave.\n")
    base.sync()
    base.records.bases.roll_back(base.kb, 1)
    write(base, "b.md", "Wrong leave.\n")
    overtaken = base.sync().version
    (base.folder / "b.md").unlink()
    base.sync()
    states = {one.number: one.state for one in base.records.bases.versions(base.kb)}
    assert states == {1: VersionState.PROMOTED, overtaken: VersionState.SWEPT}
    assert {row[1] for row in rows_of(base)} == {1}
