"""Two processes, a full disk, a damaged file: one sentence with the way out, and the last good version stays."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import Busy, FootnoteError, StorageDamaged
from tests.child import fault_in_a_child, start_child
from tests.faults.sync_children import HOLDING, sync, sync_and_hold, sync_on_a_full_disk
from tests.small_base import Seen, SmallBase, open_parts


ROOM = 300_000
"""Bytes beyond which no file grows: enough for the databases of one document."""

LITTLE_ROOM = 60_000
"""Enough for a few rows beside those that are there already."""


def markdown(number: int, words: str) -> str:
    """Return a document of four chunks."""
    return "\n".join(f"## Part {part}\n\nPart {part} of guide {number} is about {words}.\n" for part in range(4))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return an installation with one document that was synced, and another one that was not."""
    data = tmp_path / "data"
    folder = data / "documents"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(markdown(0, "leave of parents"), encoding="utf-8")
    sync(data, folder)
    (folder / "b.md").write_text(markdown(1, "travel"), encoding="utf-8")
    return data


def shown(data: Path) -> Seen:
    """Return what readers see."""
    with open_parts(data) as parts:
        return SmallBase(parts, data / "documents").seen()


def undisturbed(data: Path) -> Seen:
    """Return what a fresh installation shows of the same folder."""
    copy = data.parent / "undisturbed"
    shutil.copytree(data / "documents", copy / "documents")
    sync(copy, copy / "documents")
    return shown(copy)


def test_a_second_process_is_told_in_one_sentence(data: Path) -> None:
    """It changes nothing, names the holder and what to do; once the holder is gone, nobody has to wait."""
    child, here = start_child(sync_and_hold, data, data / "documents")
    assert here.recv() == HOLDING
    with pytest.raises(Busy, match=rf"^handbook is being synced by another process \(.*:{child.pid}:.*\): wait for it"):
        sync(data, data / "documents")
    assert set(shown(data).documents) == {"a.md"}
    with open_parts(data) as parts:
        assert SmallBase(parts, data / "documents").preview().added == 1
    child.kill()
    child.join()
    here.close()
    assert sync(data, data / "documents").added == 1
    assert shown(data) == undisturbed(data)


def large(folder: Path) -> None:
    """Add a document whose bytes do not fit."""
    (folder / "large.md").write_text("word " * (ROOM // 4), encoding="utf-8")


def many(folder: Path) -> None:
    """Add documents whose rows do not fit into the index."""
    for number in range(100):
        (folder / f"m{number}.md").write_text(markdown(number, "leave pay travel " * 20), encoding="utf-8")


def moved(folder: Path) -> None:
    """Move so many documents that their new places do not fit into the records."""
    (folder / "moved").mkdir()
    for file in folder.glob("m*.md"):
        file.rename(folder / "moved" / file.name)


@pytest.mark.parametrize(
    ("before", "change", "room", "said_of"),
    [
        (None, large, ROOM, r"blobs/../[0-9a-f]{64} .*check space and rights of its folder.*"),
        (None, many, ROOM, r"index\.db .*room.* try again"),
        (many, moved, LITTLE_ROOM, r"records\.db .*free space on its disk and try again"),
    ],
)
def test_a_full_disk_ends_a_sync_in_one_sentence(
    data: Path, before: Callable[[Path], None] | None, change: Callable[[Path], None], room: int, said_of: str
) -> None:
    """It names the file and what to do; readers see what they saw, and with room again the sync is done."""
    folder = data / "documents"
    if before:
        before(folder)
        sync(data, folder)
    seen = shown(data)
    change(folder)
    said = fault_in_a_child(sync_on_a_full_disk, data, folder, room)
    assert re.fullmatch(f"{data}/{said_of}", said), said
    assert shown(data) == seen
    sync(data, folder)
    assert shown(data) == undisturbed(data)


def overwritten(file: Path) -> None:
    """Write something else over the beginning of a file."""
    with file.open("r+b") as opened:
        opened.write(b"no database " * 10)


def cut_off(file: Path) -> None:
    """Lose the second half of a file."""
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


def garbled(file: Path) -> None:
    """Write nonsense over the whole middle of a file."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 8)
        opened.write(b"\xa5" * (size * 3 // 4))


DAMAGES = [overwritten, cut_off, garbled]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_named_and_built_again(data: Path, damage: Callable[[Path], None]) -> None:
    """One sentence names the file; deleted, everything comes back from the stored files, nothing embedded again."""
    damage(data / "index.db")
    with pytest.raises(StorageDamaged, match=rf"^{data}/index\.db .*delete it and sync each base again"):
        sync(data, data / "documents")
    (data / "documents" / "b.md").unlink()
    delete(data / "index.db")
    assert sync(data, data / "documents").chunks_embedded == 0
    assert shown(data) == undisturbed(data)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_records_are_named_and_restored(data: Path, damage: Callable[[Path], None]) -> None:
    """One sentence names the file; restored from a backup, the base is as it was."""
    seen = shown(data)
    backup = shutil.copy(data / "records.db", data.parent / "backup.db")
    damage(data / "records.db")
    with pytest.raises(StorageDamaged, match=rf"^{data}/records\.db .*restore it from a backup"):
        sync(data, data / "documents")
    delete(data / "records.db")
    shutil.copy(backup, data / "records.db")
    assert shown(data) == seen
    sync(data, data / "documents")
    assert shown(data) == undisturbed(data)


def test_records_that_are_gone_are_not_mixed_with_an_old_index(data: Path) -> None:
    """Other records would not know its rows: the sentence names the index and the way out, which works."""
    delete(data / "records.db")
    with pytest.raises(FootnoteError, match=rf"^{data}/index\.db .*another installation.*delete it"):
        sync(data, data / "documents")
    delete(data / "index.db")
    sync(data, data / "documents")
    assert shown(data) == undisturbed(data)


def test_a_deleted_index_is_built_again_for_every_version(data: Path) -> None:
    """Deleted and synced again, the index shows every kept version whole, also to a roll-back."""
    folder = data / "documents"
    sync(data, folder)
    (folder / "a.md").write_text(markdown(0, "notice"), encoding="utf-8")
    sync(data, folder)
    with open_parts(data) as parts:
        base = SmallBase(parts, folder)
        before = [base.seen(version) for version in (1, 2, 3)]
    (data / "index.db").unlink()
    assert sync(data, folder).chunks_embedded == 0
    with open_parts(data) as parts:
        base = SmallBase(parts, folder)
        assert [base.seen(version) for version in (1, 2, 3)] == before
        assert base.index_differs() == set()


def delete(file: Path) -> None:
    """Delete a database, with what SQLite keeps beside it."""
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()
