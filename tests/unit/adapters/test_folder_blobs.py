"""The folder of blobs: whole or not at all, and its faults in one sentence."""

from pathlib import Path

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.errors import StorageDamaged, TransientError
from tests.child import become_nobody, fault_in_a_child, fill_disk, needs_root


MIB = 2**20


def test_a_damaged_blob_is_named(tmp_path: Path) -> None:
    """Bytes that do not have their name's hash are never handed out; the sentence says what to do."""
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"the text of a document")
    stored = tmp_path / name[:2] / name
    stored.write_bytes(b"the text of a documenT")
    with pytest.raises(StorageDamaged, match="delete it and sync the base again") as fault:
        blobs.get(name)
    assert str(stored) in str(fault.value)


def test_a_deleted_blob_that_is_stored_again_heals(tmp_path: Path) -> None:
    """What the sentence about a damaged blob advises works."""
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"good")
    stored = tmp_path / name[:2] / name
    stored.write_bytes(b"bad")
    stored.unlink()
    blobs.put(b"good")
    assert blobs.get(name) == b"good"


def test_a_half_written_blob_is_never_seen(tmp_path: Path) -> None:
    """What a killed writer leaves behind has no blob's name."""
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"x")
    blobs.delete(name)
    (tmp_path / name[:2] / ".new-left").write_bytes(b"")
    assert not blobs.has(name)


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    """A fault of the file system names the path and the setting, for reading and deleting too."""
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"x")
    blobs.delete(name)
    (tmp_path / name[:2] / name).mkdir()
    for attempt in (blobs.get, blobs.delete):
        with pytest.raises(TransientError, match="FOOTNOTE_DATA_DIR"):
            attempt(name)


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    """When the disk takes no more, the sentence names the file, and nothing half-written stays."""
    fault = fault_in_a_child(_put_on_a_full_disk, tmp_path)
    assert "could not be written (File too large): check space and rights" in fault
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


@needs_root
def test_a_folder_without_rights_is_one_sentence(tmp_path: Path) -> None:
    """Where nothing may be written, the sentence names the file and the setting."""
    tmp_path.chmod(0o755)
    fault = fault_in_a_child(_put_as_nobody, tmp_path)
    assert "could not be written (Permission denied)" in fault
    assert "FOOTNOTE_DATA_DIR" in fault


def _put_on_a_full_disk(folder: Path) -> None:
    """Store more than this process may write; the kernel answers like a full disk."""
    fill_disk(MIB)
    FolderBlobs(folder).put(b"x" * (MIB + 1))


def _put_as_nobody(folder: Path) -> None:
    become_nobody()
    FolderBlobs(folder).put(b"x")
