"""The note that saves hashing the weights again."""

import os
from pathlib import Path

import pytest

from pipelines.adapters.onnx_embedder.stamp import SETTLED_NS, Stamp


DIGEST = "ab" * 32
HOUR_NS = 3_600_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weights"
    path.write_bytes(b"1234567890")
    return path


@pytest.fixture
def stamp(tmp_path: Path) -> Stamp:
    return Stamp(tmp_path / "note")


def remember(stamp: Stamp, file: Path, *, age_ns: int = SETTLED_NS + 1) -> None:
    """Write the note, as if so long after the file's last change."""
    with file.open("rb") as opened:
        stamp.remember(opened, DIGEST)
    moment = file.stat().st_ctime_ns + age_ns
    os.utime(file.with_name("note"), ns=(moment, moment))


def vouches(stamp: Stamp, file: Path, digest: str = DIGEST) -> bool:
    """Ask the note about the file."""
    with file.open("rb") as opened:
        return stamp.vouches_for(opened, digest)


def test_an_unchanged_file_is_vouched_for(stamp: Stamp, file: Path) -> None:
    """A settled note about a file that nobody touched counts."""
    remember(stamp, file)
    assert vouches(stamp, file)


def test_a_young_note_counts_for_nothing(stamp: Stamp, file: Path) -> None:
    """A note within two seconds of the file's change could have been overtaken by another change."""
    remember(stamp, file, age_ns=SETTLED_NS)
    assert not vouches(stamp, file)


def test_no_note_vouches_for_nothing(stamp: Stamp, file: Path) -> None:
    """Without a note the file is checked."""
    assert not vouches(stamp, file)


def test_a_note_is_about_one_digest(stamp: Stamp, file: Path) -> None:
    """A release that expects other weights does not trust the note of an older one."""
    remember(stamp, file)
    assert not vouches(stamp, file, "cd" * 32)


def test_same_size_and_time_do_not_deceive(stamp: Stamp, file: Path) -> None:
    """Bytes changed in place, their time set back: the change of the metadata still shows."""
    before = file.stat()
    remember(stamp, file, age_ns=HOUR_NS)
    while file.stat().st_ctime_ns == before.st_ctime_ns:
        file.write_bytes(b"0987654321")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert not vouches(stamp, file)


def test_another_file_in_its_place_is_checked(stamp: Stamp, file: Path) -> None:
    """A file that replaced the checked one is another file."""
    remember(stamp, file, age_ns=HOUR_NS)
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)
    assert not vouches(stamp, file)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", DIGEST.encode()])
def test_a_damaged_note_counts_for_nothing(stamp: Stamp, file: Path, content: bytes) -> None:
    """Anything but the whole note is no note."""
    remember(stamp, file)
    note = file.with_name("note")
    times = note.stat()
    note.write_bytes(content)
    os.utime(note, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not vouches(stamp, file)


def test_a_note_that_cannot_be_written_is_no_fault(file: Path) -> None:
    """Without a folder for the note everything works, only slower."""
    stamp = Stamp(file.with_name("missing") / "note")
    with file.open("rb") as opened:
        stamp.remember(opened, DIGEST)
    assert not vouches(stamp, file)
