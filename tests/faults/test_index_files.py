"""An index file that is damaged, full, locked or out of reach ends in one sentence that says the way out."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.errors import Busy, FootnoteError, PermanentError, StorageDamaged
from tests.child import fault_in_a_child, fill_disk, make_on_a_full_disk, needs_root, use_as_nobody
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, chunk, question, row
from tests.examples import examples


IDENTITY = IndexIdentity("here", "1", "faults", DIMENSIONS)
ROWS = 100
EVERY = {chunk(number) for number in range(ROWS)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a closed index of a hundred rows."""
    made = tmp_path / "index.db"
    index = SqliteIndex(made, IDENTITY)
    fill(index, 0)
    index.close()
    return made


def fill(index: SqliteIndex, first: int) -> None:
    """Write a hundred rows that one question finds."""
    index.stage([row(n, f"leave word{n} " + "and more " * 40, at=[1]) for n in range(first, first + ROWS)])


def use(file: Path) -> set[str]:
    """Open an index, read, search and write all of it; return what is found."""
    index = SqliteIndex(file, IDENTITY)
    try:
        found = index.search(question("leave", at=[1]))
        assert len(list(index.visible(KB, 1))) == index.count(KB)
        index.stage([row(7, "leave", at=[1])])
        index.retire(KB, [row(7).chunk_id], 2)
        index.vacuum(KB, 1)
        index.check()
    finally:
        index.close()
    return set(found.words)


def test_a_sound_file_is_used(file: Path) -> None:
    """What the tests below break works as long as it is whole."""
    assert use(file) == EVERY


def test_a_file_that_was_cut_off_is_damaged(file: Path) -> None:
    """Half a file is no index; the sentence names it and the way out."""
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(StorageDamaged, match=f"{file} is no index that can be used .*: delete it and sync each base"):
        use(file)


# Each example writes the same file anew.
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 2**31), length=st.integers(1, 9000), byte=st.sampled_from([0x00, 0xFF, 0x41, 0x7F, 0xC3]))
def test_damage_anywhere_is_a_fault_of_ours_or_none(file: Path, at: int, length: int, byte: int) -> None:
    """Whatever part of the file is overwritten, what comes is our fault with one line, or some answer."""
    whole = file.read_bytes()
    begin = at % len(whole)
    broken = whole[:begin] + bytes([byte]) * length + whole[begin + length :]
    file.write_bytes(broken[: len(whole)])
    try:
        use(file)
    except FootnoteError as fault:
        assert str(file) in str(fault)  # noqa: PT017 - a sound read is fine, too
        assert len(str(fault).splitlines()) == 1  # noqa: PT017 - as above
        assert str(fault).isprintable()  # noqa: PT017 - as above
    finally:
        for beside in ("", "-wal", "-shm"):
            Path(f"{file}{beside}").unlink(missing_ok=True)
        file.write_bytes(whole)


@pytest.mark.parametrize("size", [0, 3, DIMENSIONS * 4 - 1, DIMENSIONS * 8])
def test_a_vector_of_a_wrong_size_is_damage(file: Path, size: int) -> None:
    """A vector that was overwritten by a shorter or longer one is told from a sound one."""
    change(file, "UPDATE vectors SET vector = zeroblob(?) WHERE id = 50", size)
    with pytest.raises(StorageDamaged, match=f"{file} is no index that can be used"):
        use(file)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO words (rowid, stems) VALUES (5000, 'sleave')",
        "INSERT INTO words (rowid, stems) VALUES (-1, 'sleave')",
        "DELETE FROM words WHERE rowid = 50",
        "INSERT INTO vectors (id, vector) VALUES (5000, zeroblob(16))",
    ],
)
def test_parts_of_no_row_are_damage(file: Path, statement: str) -> None:
    """Words or vectors whose row is gone, and rows whose words are gone, are found by the check at the latest."""
    change(file, statement)
    with pytest.raises(
        StorageDamaged, match=r"\((words are found whose row is gone|1 rows, words or vectors stand alone)"
    ):
        use(file)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rows SET removed_in = x'ff' WHERE id = 50",
        "UPDATE rows SET added_in = 'soon' WHERE id = 50",
        "UPDATE rows SET added_in = 1e300 WHERE id = 50",
        "UPDATE rows SET chunk_id = CAST(x'ff' AS TEXT) WHERE id = 50",
    ],
)
def test_a_row_of_other_types_is_damage(file: Path, statement: str) -> None:
    """What is no number, or no text, where one was written is told from a sound row."""
    change(file, statement)
    with pytest.raises(StorageDamaged, match=f"{file} is no index that can be used"):
        use(file)


@pytest.mark.parametrize("folder", [True, False])
def test_something_in_the_way_is_one_sentence(tmp_path: Path, *, folder: bool) -> None:
    """A folder of the file's name, or a file where its folder should be."""
    if folder:
        (tmp_path / "index.db").mkdir()
        path = tmp_path / "index.db"
    else:
        (tmp_path / "file").touch()
        path = tmp_path / "file" / "index.db"
    with pytest.raises(PermanentError, match=rf"{path} cannot be opened \(.*FOOTNOTE_DATA_DIR"):
        use(path)


def test_a_full_disk_is_one_sentence(file: Path) -> None:
    """The sentence names the file and its disk; what was there is found, and the file is sound."""
    said = fault_in_a_child(write_until_full, file)
    assert str(file) in said
    assert "disk" in said
    assert "try again" in said
    assert len(said.splitlines()) == 1
    assert use(file) >= EVERY


def test_a_full_disk_while_reading_is_no_fault(file: Path) -> None:
    """Nothing has to be written for a search."""
    assert fault_in_a_child(read_on_a_full_disk, file) == "no fault"


def test_a_full_disk_at_the_first_start_is_one_sentence(tmp_path: Path) -> None:
    """An index that cannot even be made says so, and is made once there is space."""
    file = tmp_path / "index.db"
    said = fault_in_a_child(make_on_a_full_disk, use, file)
    assert str(file) in said
    assert "disk" in said
    assert use(file) == set()


@needs_root
@pytest.mark.parametrize("folder", [True, False])
def test_a_file_without_rights_is_one_sentence(file: Path, *, folder: bool) -> None:
    """A file, or file and folder, that may only be read: the sentence names the file and the setting."""
    file.chmod(0o444)
    file.parent.chmod(0o555 if folder else 0o777)
    said = fault_in_a_child(use_as_nobody, use, file)
    assert "index.db cannot be opened (" in said
    assert said.endswith("check its folder and its rights (FOOTNOTE_DATA_DIR)")


@pytest.fixture
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """Return another program's connection that holds the file for itself."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_lock_that_is_not_given_back_is_busy(file: Path, held: sqlite3.Connection) -> None:
    """A write that waited in vain says so and can be repeated; searches do not wait at all."""
    index = SqliteIndex(file, IDENTITY, wait_s=0.05)
    said = f"{file} is in use by another process: try again when that one has ended"
    for write in (partial(fill, index, 1000), partial(index.retire, KB, [row(1).chunk_id], 2), partial(index.drop, KB)):
        with pytest.raises(Busy) as fault:
            write()
        assert str(fault.value) == said
    assert set(index.search(question("leave")).words) == EVERY
    held.execute("ROLLBACK")
    fill(index, 1000)
    assert index.count(KB) == 2 * ROWS
    index.close()


def test_a_long_reader_does_not_stop_a_writer(file: Path) -> None:
    """Another process's open read transaction sees its own state while rows are written."""
    index = SqliteIndex(file, IDENTITY, wait_s=0)
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM rows").fetchone()
    fill(index, 1000)
    assert reader.execute("SELECT count(*) FROM rows").fetchone() == before
    assert index.count(KB) == 2 * ROWS
    reader.close()
    index.close()


def change(file: Path, statement: str, *values: int) -> None:
    """Change the file behind the index's back."""
    connection = sqlite3.connect(file)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def write_until_full(file: Path) -> None:
    """Write until the file may grow no more."""
    index = SqliteIndex(file, IDENTITY)
    fill_disk(file.stat().st_size + 300_000)
    for number in range(1, 1000):
        fill(index, number * ROWS)


def read_on_a_full_disk(file: Path) -> None:
    """Search where nothing can be written."""
    fill_disk(file.stat().st_size)
    index = SqliteIndex(file, IDENTITY)
    assert set(index.search(question("leave", at=[1])).words) == EVERY


@pytest.mark.parametrize("anew", [False, True])
def test_a_file_that_went_away_while_it_is_open_is_told(file: Path, *, anew: bool) -> None:
    """Nothing is searched or written in a file that no other process sees any more."""
    index = SqliteIndex(file, IDENTITY)
    file.unlink()
    if anew:
        SqliteIndex(file, IDENTITY).close()
    told = "was deleted or replaced while it was open: start this process again"
    for use_it in (lambda: index.search(question("leave", at=[1])), lambda: index.stage([row(7, "leave", at=[1])])):
        with pytest.raises(StorageDamaged, match=told):
            use_it()
    index.close()
