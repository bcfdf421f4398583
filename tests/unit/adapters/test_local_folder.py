"""The folder that the records mean: who is refused, what is written, and what several first ones agree on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from pipelines.adapters.local_folder import LocalFolder
from pipelines.errors import BadSettings
from pipelines.ports.folders import Folder, FolderRecords, Holds


class MemoryFolders:
    """Folder records of one process."""

    def __init__(self) -> None:
        self.named: dict[Holds, Folder] = {}

    def get(self, what: Holds) -> Folder | None:
        """Return the folder."""
        return self.named.get(what)

    def settle(self, what: Holds, folder: Folder) -> Folder:
        """Name it, unless one is named."""
        return self.named.setdefault(what, folder)

    def replace(self, what: Holds, folder: Folder | None) -> None:
        """Name another one."""
        self.named.pop(what, None)
        if folder is not None:
            self.named[what] = folder


def folder_at(
    path: Path, records: FolderRecords, what: Holds = Holds.FILES, first: Callable[[], bool] = lambda: True
) -> LocalFolder:
    """Return a folder of this machine."""

    def refusal(known: Folder | None, mark: Path) -> str:
        return f"{known.mark if known else 'none'} is not {mark}"

    return LocalFolder(what, path, setting="FOOTNOTE_BLOBS", records=lambda: records, first=first, refusal=refusal)


def test_of_several_first_claims_one_word_stays(tmp_path: Path) -> None:
    """Workers that begin at once over one new folder all agree with the records, at once and later."""
    for number in range(30):
        records, path, begin = MemoryFolders(), tmp_path / str(number), Barrier(4)

        def claim(*, path: Path = path, records: MemoryFolders = records, begin: Barrier = begin) -> None:
            begin.wait()
            folder_at(path, records).claim()

        with ThreadPoolExecutor(4) as threads:
            for done in [threads.submit(claim) for _ in range(4)]:
                done.result()
        assert (path / "place").read_text() == records.named[Holds.FILES].mark
        assert folder_at(path, records).compare()


def test_a_folder_that_cannot_be_the_first_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written, in it or in the records; a mark in it vouches for it; a move names it whatever it holds."""
    records = MemoryFolders()
    bare = folder_at(tmp_path / "bare", records, first=lambda: False)
    for use in (bare.check, bare.claim):
        with pytest.raises(BadSettings, match=f"none is not {tmp_path}/bare/place"):
            use()
    assert not bare.compare()
    assert (records.named, list(tmp_path.iterdir())) == ({}, [])
    (tmp_path / "vouched").mkdir()
    (tmp_path / "vouched" / "place").write_text("mine\n")
    folder_at(tmp_path / "vouched", records, first=lambda: False).claim()
    assert records.named[Holds.FILES].mark == "mine"
    folder_at(tmp_path / "bare", records, Holds.INDEX, first=lambda: False).name()
    assert folder_at(tmp_path / "bare", records, Holds.INDEX).compare()


def test_another_folder_than_the_named_one_is_left_alone(tmp_path: Path) -> None:
    """Whatever is asked of it: it gets no mark; what is held elsewhere is another matter."""
    records = MemoryFolders()
    folder_at(tmp_path / "one", records).claim()
    word = records.named[Holds.FILES].mark
    other = folder_at(tmp_path / "two", records)
    for use in (other.compare, other.check, other.claim, other.name):
        with pytest.raises(BadSettings, match=f"{word} is not {tmp_path}/two/place"):
            use()
    assert not (tmp_path / "two").exists()
    folder_at(tmp_path / "two", records, Holds.INDEX).claim()
    assert records.named[Holds.INDEX].mark != word
