"""A database that is damaged, full, closed or locked ends in one sentence that says the way out."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.domain.access import OPERATOR
from pipelines.errors import Busy, FootnoteError, StorageDamaged, TransientError
from tests.child import fault_in_a_child, fill_disk, make_on_a_full_disk, needs_root, use_as_nobody
from tests.examples import examples
from tests.fakes.manual_clock import ManualClock


WAY_OUT = r"restore it from a backup, or move the whole data folder away \(FOOTNOTE_DATA_DIR\) and add the bases again$"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a closed database with a hundred bases."""
    made = tmp_path / "records.db"
    records = opened(made)
    for number in range(100):
        records.bases.add(f"base {number}", "folder", "/", OPERATOR)
    records.close()
    return made


def opened(file: Path) -> SqlRecords:
    """Open records."""
    return SqlRecords(Database(f"sqlite:///{file}"), ManualClock())


def use(file: Path) -> int:
    """Open records, write and read everything; return the number of bases."""
    records = opened(file)
    try:
        records.bases.add("one more", "folder", "/", OPERATOR)
        return len(records.bases.all())
    finally:
        records.close()


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    """Any other file of that name is told from a database."""
    file = tmp_path / "records.db"
    file.write_bytes(b"this is a text\n" * 1000)
    with pytest.raises(StorageDamaged, match=f"{file} is damaged .*" + WAY_OUT):
        use(file)


def test_a_database_that_was_cut_off_is_damaged(file: Path) -> None:
    """Half a file is no database."""
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(StorageDamaged, match="is damaged"):
        use(file)


# Each example writes the same file anew.
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 2**31), length=st.integers(1, 6000), byte=st.sampled_from([0x00, 0xFF, 0x41]))
def test_damage_anywhere_is_a_fault_of_ours_or_none(file: Path, at: int, length: int, byte: int) -> None:
    """Whatever part of the file is overwritten, what comes is our fault with one line, or every base."""
    whole = file.read_bytes()
    begin = at % len(whole)
    broken = whole[:begin] + bytes([byte]) * length + whole[begin + length :]
    file.write_bytes(broken[: len(whole)])
    try:
        use(file)
    except FootnoteError as fault:
        assert str(file) in str(fault)  # noqa: PT017 - a sound read is fine, too
        assert "\n" not in str(fault)  # noqa: PT017 - as above
    finally:
        for beside in ("", "-wal", "-shm"):
            Path(f"{file}{beside}").unlink(missing_ok=True)
        file.write_bytes(whole)


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    """A folder of the database's name, or a file where its folder should be."""
    (tmp_path / "records.db").mkdir()
    with pytest.raises(TransientError, match="FOOTNOTE_DATA_DIR"):
        use(tmp_path / "records.db")
    (tmp_path / "file").touch()
    with pytest.raises(TransientError, match=r"cannot be opened \((Not a directory|File exists)\): check its folder"):
        use(tmp_path / "file" / "records.db")


def test_a_full_disk_is_one_sentence(file: Path) -> None:
    """The sentence names the file and asks for space; what was there before is still there."""
    said = fault_in_a_child(write_until_full, file)
    assert said.startswith(f"{file} could not be written (")
    assert said.endswith("): free space on its disk and try again")
    assert use(file) >= 101


def test_a_full_disk_at_the_first_start_is_one_sentence(tmp_path: Path) -> None:
    """A database that cannot even be made says so, and is made once there is space."""
    file = tmp_path / "records.db"
    said = fault_in_a_child(make_on_a_full_disk, use, file)
    assert said == f"{file} could not be written (disk I/O error): free space on its disk and try again" or (
        "database or disk is full" in said
    )
    assert use(file) == 1


@needs_root
def test_a_folder_without_rights_is_one_sentence(file: Path) -> None:
    """The sentence names the file and the setting that chooses the folder."""
    file.parent.chmod(0o555)
    for beside in file.parent.iterdir():
        beside.chmod(0o444)
    said = fault_in_a_child(use_as_nobody, use, file)
    assert "FOOTNOTE_DATA_DIR" in said
    assert "records.db cannot be written (" in said


def test_a_lock_that_is_not_given_back_is_busy(file: Path) -> None:
    """Another program that holds the file is told apart from damage."""
    records = SqlRecords(Database(f"sqlite:///{file}", lock_wait_s=0), ManualClock())
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match=f"{file} was locked by another process"):
        records.bases.add("one more", "folder", "/", OPERATOR)
    assert len(records.bases.all()) == 100
    other.close()
    records.close()


def test_a_writer_does_not_wait_for_a_reader(file: Path) -> None:
    """An open read transaction sees its state, and the write happens beside it."""
    records = opened(file)
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM bases").fetchone()
    records.bases.add("one more", "folder", "/", OPERATOR)
    assert reader.execute("SELECT count(*) FROM bases").fetchone() == before
    reader.close()
    records.close()


def write_until_full(file: Path) -> None:
    """Write until the file may grow no more."""
    records = opened(file)
    fill_disk(file.stat().st_size + 200_000)
    for number in range(10_000):
        records.answers.audit(OPERATOR, "write", "x" * 1000, {"number": number})
