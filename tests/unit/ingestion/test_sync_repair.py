"""What a sync does about files that cannot be read, sources that went away, and an index that lost rows."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import Busy, NotFound, SourceUnreadable, StorageDamaged
from pipelines.ingestion.census import Census
from pipelines.ports.chunk_index import IndexRow, TermFields
from tests.small_base import DIMENSIONS, SmallBase, open_parts


Write = Callable[[str, str], None]


@pytest.fixture
def write(base: SmallBase) -> Write:
    """Return a function that lets a file of the folder have a text."""

    def put(path: str, text: str) -> None:
        file = base.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return put


@pytest.fixture
def versions(base: SmallBase, write: Write) -> tuple[int, ...]:
    """Sync three versions of a folder, and return their numbers."""
    numbers = []
    for text in ("one", "two", "three"):
        write("a.md", f"# A\n\n## Part\n\nLeave {text}.\n\n## Rest\n\nAlways the same.\n")
        write(f"{text}.md", f"# Document\n\nTravel {text}.\n")
        numbers.append(base.sync().version)
    return tuple(numbers)


def test_a_rejected_file_keeps_its_last_good_version(base: SmallBase, write: Write) -> None:
    """An empty reading never replaces a good one: it is told by name and reason, and readers see what they saw."""
    write("a.md", "Leave of parents.\n")
    base.sync()
    before = base.seen()
    write("a.md", "   \n")
    result = base.sync()
    assert [one.path for one in result.rejected] == ["a.md"]
    assert (result.version, result.unchanged, base.seen()) == (1, 1, before)
    assert base.records.ledger.rejections(base.kb) == result.rejected
    write("a.md", "Other leave.\n")
    assert base.sync().rejected == ()
    assert base.records.ledger.rejections(base.kb) == ()
    assert base.seen().documents["a.md"].text == "Other leave."


def test_a_file_that_was_never_good_is_only_told(base: SmallBase, write: Write) -> None:
    """It is no document of the base, and it does not keep the others away."""
    write("a.md", "Leave of parents.\n")
    write("b.md", "")
    result = base.sync()
    assert (result.added, [one.path for one in result.rejected]) == (1, ["b.md"])
    assert set(base.seen().documents) == {"a.md"}


def test_a_rejected_file_that_goes_away_is_removed(base: SmallBase, write: Write) -> None:
    """A kept version is kept as long as its file is there."""
    write("a.md", "Leave of parents.\n")
    write("b.md", "Travel.\n")
    base.sync()
    write("a.md", "")
    base.sync()
    (base.folder / "a.md").unlink()
    assert (base.sync().removed, set(base.seen().documents)) == (1, {"b.md"})


@pytest.mark.parametrize("empty", [True, False])
def test_a_source_that_went_away_removes_nothing(base: SmallBase, write: Write, *, empty: bool) -> None:
    """A missing folder, or the empty mount point of a drive that is not there, ends in one sentence with its name."""
    write("a.md", "Leave of parents.\n")
    base.sync()
    before = base.seen()
    shutil.rmtree(base.folder)
    if empty:
        base.folder.mkdir()
    with pytest.raises(SourceUnreadable, match=str(base.folder)):
        base.sync()
    if empty:
        assert base.preview().removed == 1
    else:
        with pytest.raises(SourceUnreadable, match=str(base.folder)):
            base.preview()
    assert base.seen() == before


def test_the_sentence_about_an_empty_folder_names_the_way_out(base: SmallBase, write: Write) -> None:
    """Whoever means it says so."""
    write("a.md", "Leave of parents.\n")
    base.sync()
    (base.folder / "a.md").unlink()
    with pytest.raises(SourceUnreadable, match="sync it again with --accept-loss"):
        base.sync()


def test_a_new_base_over_an_empty_folder_is_no_fault(base: SmallBase) -> None:
    """Nothing is lost where nothing was."""
    assert base.sync().version == 0


def lost(base: SmallBase) -> SmallBase:
    """Return the base over an index whose rows are all gone."""
    base.parts.index.drop(base.kb)
    return base


def test_a_lost_index_is_built_again_for_every_kept_version(base: SmallBase, versions: tuple[int, ...]) -> None:
    """Rows come back from the stored files, those of older versions too, nothing embedded, no version made."""
    before = {number: base.seen(number) for number in versions}
    shutil.rmtree(base.folder)
    base.folder.mkdir()
    (base.folder / "a.md").write_text("Only this.\n", encoding="utf-8")
    result = lost(base).sync()
    assert result.chunks_embedded == 1
    assert {number: base.seen(number) for number in versions} == before
    assert base.parts.index.count(base.kb) == rows_of_the_ledger(base)


def test_a_lost_index_comes_back_without_a_new_version(base: SmallBase, versions: tuple[int, ...]) -> None:
    """A sync that finds the folder unchanged repairs what readers see, also after a roll-back."""
    base.records.bases.roll_back(base.kb, versions[0])
    before = {number: base.seen(number) for number in versions}
    result = lost(base).sync()
    assert (result.version, result.chunks_embedded) == (versions[-1], 0)
    assert {number: base.seen(number) for number in versions} == before


def rows_of_the_ledger(base: SmallBase) -> int:
    """Return how many rows the index must have."""
    records = sqlite3.connect(base.folder.parent / "records.db")
    (rows,) = records.execute("SELECT count(*) FROM chunks").fetchone()
    records.close()
    return int(rows)


def test_rows_that_a_dead_worker_wrote_late_go(base: SmallBase, versions: tuple[int, ...]) -> None:
    """Whatever a process that was taken over writes after its version was swept, the next sync undoes."""
    before, index, kb = base.seen(), base.parts.index, base.kb
    known = next(index.visible(kb, versions[-1]))
    vector = base.parts.embedder.embed(["late"])[0] if base.parts.embedder else None
    index.stage(
        [
            IndexRow("f" * 32, kb, known.rule, versions[-1], TermFields(("late",)), vector),
            IndexRow(known.chunk_id, kb, known.rule, versions[0] - 1, TermFields(("late",)), vector),
        ]
    )
    others = [row.chunk_id for row in index.visible(kb, versions[-1]) if row.chunk_id not in ("f" * 32, known.chunk_id)]
    index.retire(kb, others[:1], versions[-1])
    index.assign_rule(kb, others[1:2], known.rule + 77)
    base.sync()
    assert base.seen() == before
    assert index.count(kb) == rows_of_the_ledger(base)


def test_rows_beyond_the_newest_version_go_too(base: SmallBase, versions: tuple[int, ...]) -> None:
    """A sync that was killed between its sweep's two halves leaves rows that nobody sees; a quiet sync removes them."""
    lease = base.lease()
    dead = base.records.ledger.begin(lease)
    known = next(base.parts.index.visible(base.kb, versions[-1]))
    vector = base.parts.embedder.embed(["late"])[0] if base.parts.embedder else None
    base.parts.index.stage([IndexRow("f" * 32, base.kb, known.rule, dead, TermFields(("late",)), vector)])
    base.parts.index.retire(base.kb, [known.chunk_id], dead)
    assert base.records.ledger.sweep(lease, dead)
    before = base.seen()
    assert base.sync().version == versions[-1]
    assert base.parts.index.count(base.kb) == rows_of_the_ledger(base)
    assert {row.chunk_id for row in base.parts.index.visible(base.kb, dead)} == {
        row.chunk_id for row in base.parts.index.visible(base.kb, versions[-1])
    }
    assert base.seen() == before


def blobs(base: SmallBase) -> Iterator[Path]:
    """Yield the stored files."""
    return (one for one in (base.folder.parent / "blobs").rglob("*") if one.is_file())


def test_stored_files_that_are_gone_are_read_again(base: SmallBase, versions: tuple[int, ...]) -> None:
    """The source gives them back with the next sync; rows and ids stay."""
    before = base.seen()
    for one in list(blobs(base)):
        one.unlink()
    result = base.sync()
    assert (result.chunks_added, result.chunks_embedded, result.changed) == (0, 0, 4)
    assert base.seen() == before
    assert versions == (1, 2, 3)


def test_an_index_that_cannot_come_back_is_one_sentence(base: SmallBase, versions: tuple[int, ...]) -> None:
    """Rows lost, a stored file damaged and nothing new to read: the fault names the file and what to do."""
    wanted = base.life("one.md").content_hash
    damaged = next(one for one in blobs(base) if one.name == wanted)
    damaged.write_bytes(b"other bytes")
    with pytest.raises(StorageDamaged, match=f"{wanted} is damaged: delete it and sync the base again"):
        lost(base).sync()
    damaged.unlink()
    base.sync()
    assert set(base.seen().documents) == {"a.md", "one.md", "two.md", "three.md"}
    assert base.parts.index.count(base.kb) > 0
    assert versions == (1, 2, 3)


def test_a_base_that_was_removed_meanwhile_is_not_synced(base: SmallBase, write: Write) -> None:
    """Another base of the same name is another base, and the fault says so."""
    write("a.md", "Leave.\n")
    work, lease = base.work(), base.lease()
    base.erase()
    again = SmallBase(base.parts, base.folder)
    with pytest.raises(NotFound, match="handbook was removed meanwhile"):
        work.run(lease)
    assert (again.base.active, again.parts.index.count(again.kb)) == (0, 0)


@pytest.mark.parametrize("at", ["life.store", "vectors.put", "index.stage", "ledger.stage", "ledger.reject"])
def test_a_base_that_is_removed_while_it_is_synced_leaves_no_rows(base: SmallBase, write: Write, at: str) -> None:
    """Wherever the sync is, it says that the base is gone, and what it wrote since goes too."""
    write("a.md", "# Leave\n\nLeave of parents.\n")
    write("b.md", "# Pay\n\nPay of all.\n")
    base.sync()
    write("a.md", "# Leave\n\nOther leave.\n")
    removed: list[str] = []

    def remove(name: str) -> None:
        if name == at and not removed:
            removed.append(name)
            base.erase()

    with pytest.raises(NotFound, match="handbook was removed meanwhile"):
        base.sync(remove)
    assert removed == [at]
    assert base.parts.index.count(base.kb) == 0


def test_a_sync_drops_rows_of_bases_that_are_gone(base: SmallBase, write: Write) -> None:
    """What a killed process wrote of a removed base goes with the next sync of any base; others keep theirs."""
    write("a.md", "Leave.\n")
    base.sync()
    other = SmallBase(base.parts, base.folder, "other")
    other.sync()
    gone = SmallBase(base.parts, base.folder, "gone")
    gone.sync()
    gone.erase()
    vector = np.full(DIMENSIONS, DIMENSIONS**-0.5, np.float32)
    base.parts.index.stage([IndexRow("f" * 32, gone.kb, 1, 1, TermFields(("leave",)), vector)])
    before = other.seen()
    base.sync()
    assert base.parts.index.bases() == (base.kb, other.kb)
    assert other.seen() == before


def test_a_worker_that_was_taken_over_writes_nothing_more(base: SmallBase, write: Write) -> None:
    """It ends as Busy at its next commit, and what the new worker did stays."""
    write("a.md", "Leave.\n")
    base.sync()
    write("a.md", "Other leave.\n")
    lease = base.lease()
    taken: list[bool] = []

    def take_over(name: str) -> None:
        if name == "index.stage" and not taken:
            base.records.jobs.finish(lease)
            taken.append(base.sync().promoted)

    with pytest.raises(Busy):
        base.work(take_over).run(lease)
    assert base.seen().documents["a.md"].text == "Other leave."
    base.sync()
    assert base.parts.index.count(base.kb) == rows_of_the_ledger(base)


def test_a_base_without_an_embedder_syncs_words(tmp_path: Path) -> None:
    """Words only works fully."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("Leave of parents.\n", encoding="utf-8")
    with open_parts(tmp_path, words_only=True) as parts:
        base = SmallBase(parts, folder)
        assert base.sync().chunks_embedded == 0
        assert base.found("leave") == {("a.md", 0)}
        assert base.search("leave")[1] == {}


def test_who_lost_the_base_while_the_index_was_read_changes_nothing(base: SmallBase, versions: tuple[int, ...]) -> None:
    """A comparison of many rows shows that it lives, and ends where another worker has taken over."""
    index, ledger = base.parts.index, base.records.ledger
    held = [(one.chunk_id, one.added_in) for one in index.visible(base.kb, versions[-1])]
    index.delete(base.kb, held[:1])
    index.retire(base.kb, [held[1][0]], versions[-1] + 1)
    left = list(index.lives(base.kb))

    def lost() -> None:
        raise Busy("another worker has it")

    def rebuild(*_: object) -> None:
        raise AssertionError

    with pytest.raises(Busy):
        Census(index, ledger, rebuild, renew=lost, checkpoint=lambda _: None).repair(base.kb, versions[-1])
    assert list(index.lives(base.kb)) == left
