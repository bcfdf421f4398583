"""A place of stored files belongs to one installation: who is refused, what is written, how often it is looked at."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.folder_mark import MARK, FolderMark
from pipelines.adapters.own_blobs import OwnBlobs
from pipelines.adapters.ownership import Ownership
from pipelines.errors import BadSettings, FootnoteError, TransientError
from pipelines.ports.blobs import Blobs


REFUSED = r"belongs to another installation than the records: .*\(DATABASE_URL.* choose another FOOTNOTE_BLOBS$"
UNKNOWN = r"holds files that the records know nothing of.*another installation.*DATABASE_URL.*FOOTNOTE_BLOBS$"


def opened(folder: Path, installation: str, *, ours: bool = True) -> OwnBlobs:
    """Return an installation's blobs in a folder."""
    store = FolderBlobs(folder)
    owner = Ownership(
        store, place=str(folder), setting="FOOTNOTE_BLOBS", installation=lambda: installation, ours=lambda: ours
    )
    return OwnBlobs(store, owner)


def uses(name: str) -> dict[str, Callable[[Blobs], object]]:
    """Return every call that a store has."""
    return {
        "put": lambda it: it.put(b"second's"),
        "get": lambda it: it.get(name),
        "has": lambda it: it.has(name),
        "delete": lambda it: it.delete(name),
        "names": lambda it: list(it.names()),
        "remove_leftovers": lambda it: it.remove_leftovers(2.0**40),
    }


@pytest.mark.parametrize("use", uses(""))
def test_another_installation_is_refused_at_every_call(tmp_path: Path, use: str) -> None:
    """The sentence names the place and the settings; nothing is read, written or deleted."""
    name = opened(tmp_path, "first").put(b"first's")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadSettings, match=REFUSED) as fault:
        uses(name)[use](opened(tmp_path, "second"))
    assert str(fault.value).startswith(str(tmp_path))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("use", uses(""))
def test_a_place_without_a_mark_whose_files_nobody_knows_is_refused(tmp_path: Path, use: str) -> None:
    """An earlier version wrote no marks: its files are not taken for ours."""
    name = FolderBlobs(tmp_path).put(b"somebody's")
    with pytest.raises(BadSettings, match=UNKNOWN):
        uses(name)[use](opened(tmp_path, "second", ours=False))
    assert FolderBlobs(tmp_path).has(name)
    assert not (tmp_path / MARK).exists()


@pytest.mark.parametrize(("use", "claims"), [("put", True), ("delete", True), ("get", False), ("has", False)])
def test_a_place_without_a_mark_is_claimed_by_who_writes(tmp_path: Path, use: str, claims: bool) -> None:  # noqa: FBT001 - of a table
    """One that only reads may have no right to write."""
    name = FolderBlobs(tmp_path).put(b"ours")
    uses(name)[use](opened(tmp_path, "first"))
    assert FolderBlobs(tmp_path).owner() == ("first" if claims else None)


def test_a_place_is_looked_at_once_and_again_before_all_is_listed(tmp_path: Path) -> None:
    """Reading and writing cost nothing more; who tidies up compares again and so deletes nothing."""
    blobs = opened(tmp_path, "first")
    name = blobs.put(b"first's")
    (tmp_path / MARK).write_text("second")
    assert blobs.get(blobs.put(b"first's")) == b"first's"
    for use in ("remove_leftovers", "names"):
        with pytest.raises(BadSettings, match=REFUSED):
            uses(name)[use](blobs)
    assert FolderBlobs(tmp_path).has(name)


def test_of_two_installations_that_begin_at_once_one_is_refused(tmp_path: Path) -> None:
    """Whoever claims an empty place later is refused before a byte of it is stored."""

    def begin(folder: Path, installation: str) -> bool:
        try:
            opened(folder, installation).put(installation.encode())
        except BadSettings:
            return False
        return True

    for number in range(20):
        place = tmp_path / str(number)
        rivals = ["first", "second"]
        with ThreadPoolExecutor(2) as pool:
            began = list(pool.map(begin, [place, place], rivals))
        assert sorted(began) == [False, True]
        (name,) = FolderBlobs(place).names()
        assert FolderBlobs(place).get(name).decode() == FolderBlobs(place).owner() == rivals[began.index(True)]


def test_a_file_system_without_links_keeps_a_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shared folders have none; the first claim stays there too."""

    def no_link(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_link)
    mark = FolderMark(tmp_path)
    mark.claim("first")
    mark.claim("second")
    assert mark.owner() == "first"
    assert [one.name for one in tmp_path.iterdir()] == [MARK]


def test_an_empty_mark_is_one_sentence(tmp_path: Path) -> None:
    """It is nobody's; the sentence says to delete it, after which the place can be claimed."""
    (tmp_path / MARK).touch()
    with pytest.raises(TransientError, match=rf"{tmp_path}/{MARK} is empty.*delete it \(FOOTNOTE_DATA_DIR\)"):
        FolderMark(tmp_path).owner()


def test_a_folder_that_cannot_be_marked_is_one_sentence(tmp_path: Path) -> None:
    """The sentence names the mark and the setting."""
    (tmp_path / "file").touch()
    mark = FolderMark(tmp_path / "file" / "blobs", setting="FOOTNOTE_BLOBS")
    for call in (mark.owner, lambda: mark.claim("first")):
        with pytest.raises(FootnoteError, match=rf"blobs/{MARK} could not be .*FOOTNOTE_BLOBS"):
            call()
