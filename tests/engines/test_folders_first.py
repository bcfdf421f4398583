"""Folders that no record names yet, and the moment one is named: an empty one is not believed, a move names one."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.index_places import Engine
from pipelines.errors import BadSettings, Busy, StorageDamaged
from pipelines.ports.folders import Folder, Holds
from tests.engines.folders_scene import (
    INDEX,
    NO_FILES,
    NO_INDEX,
    answers,
    files_below,
    install,
    name_none,
    obey,
    write_documents,
)
from tests.engines.moving_scene import installation, weaviate_settings
from tests.engines.postgres_databases import Server


pytestmark = pytest.mark.engines

ELSEWHERE = "another-host:1:1"


@pytest.fixture
def shared(postgres_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the settings that all machines have: the records, and a folder for the files."""
    server = Server(postgres_url)
    with server.migrated() as name:
        yield {"DATABASE_URL": server.url(name), "FOOTNOTE_BLOBS": str(tmp_path / "share")}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder of documents."""
    return write_documents(tmp_path / "documents")


@pytest.mark.parametrize("mounted", [False, True])
def test_an_empty_place_of_files_is_not_the_first(
    tmp_path: Path, shared: Mapping[str, str], documents: Path, *, mounted: bool
) -> None:
    """After an upgrade, or of a dump without names: a share that is away is refused and stays bare until it is back."""
    install(tmp_path / "one", shared, documents)
    name_none(tmp_path / "one", shared)
    share = tmp_path / "share"
    share.rename(tmp_path / "away")
    if mounted:
        share.mkdir()
    with installation(tmp_path / "one", shared) as opened:
        for use in (lambda: opened.blobs.put(b"x"), opened.check_stored_files):
            with pytest.raises(BadSettings, match=NO_FILES):
                use()
        assert opened.records.folders.get(Holds.FILES) is None
    assert files_below(share) == set()
    if mounted:
        share.rmdir()
    (tmp_path / "away").rename(share)
    with installation(tmp_path / "one", shared) as opened:
        opened.blobs.put(b"x")
        assert opened.records.folders.get(Holds.FILES) is not None


def test_files_that_are_lost_for_good_begin_anew(tmp_path: Path, shared: Mapping[str, str], documents: Path) -> None:
    """A word that a person writes vouches for an empty place."""
    install(tmp_path / "one", shared, documents)
    name_none(tmp_path / "one", shared)
    shutil.rmtree(tmp_path / "share")
    (told,) = obey(tmp_path / "one", shared, lambda it: it.sync("handbook"))
    assert str(tmp_path / "share") in told
    with installation(tmp_path / "one", shared) as opened:
        named = opened.records.folders.get(Holds.FILES)
    assert named is not None
    assert named.mark == "mine"


@pytest.mark.parametrize("asked", [False, True])
def test_a_data_folder_without_rows_is_not_the_first(
    tmp_path: Path, shared: Mapping[str, str], documents: Path, *, asked: bool
) -> None:
    """Whoever syncs first does not win by an empty folder, nor by a file that a question made before the first sync."""
    if asked:
        assert not answers(tmp_path / "two", shared)
    install(tmp_path / "one", shared, documents)
    name_none(tmp_path / "one", shared)
    before = files_below(tmp_path / "two")
    with installation(tmp_path / "two", shared) as second:
        for use in (lambda: second.sync("handbook"), lambda: second.index.count(1), second.indexes.check_folder):
            with pytest.raises(BadSettings, match=NO_INDEX):
                use()
        assert second.records.folders.get(Holds.INDEX) is None
    assert files_below(tmp_path / "two") == before
    with installation(tmp_path / "one", shared) as first:
        first.sync("handbook")
    assert answers(tmp_path / "one", shared)
    with installation(tmp_path / "two", shared) as second, pytest.raises(BadSettings, match=INDEX):
        second.sync("handbook")


def test_an_index_that_is_lost_for_good_begins_anew(tmp_path: Path, shared: Mapping[str, str], documents: Path) -> None:
    """A word that a person writes vouches for a folder without an index; the next sync makes it."""
    install(tmp_path / "one", shared, documents)
    name_none(tmp_path / "one", shared)
    shutil.rmtree(tmp_path / "one")
    (told,) = obey(tmp_path / "two", shared, lambda it: it.sync("handbook"))
    assert str(tmp_path / "two") in told
    assert answers(tmp_path / "two", shared)


def test_another_installations_index_is_never_named(
    tmp_path: Path, shared: Mapping[str, str], documents: Path, postgres_url: str
) -> None:
    """Its file is looked at without making anything beside it, and its folder is not ours from then on."""
    server = Server(postgres_url)
    with server.migrated() as name:
        others = {"DATABASE_URL": server.url(name), "FOOTNOTE_BLOBS": str(tmp_path / "others-share")}
        install(tmp_path / "others", others, documents)
    (tmp_path / "others" / "place").unlink()
    before = files_below(tmp_path / "others")
    with installation(tmp_path / "others", shared) as mixed:
        mixed.add_base("handbook", documents, OPERATOR)
        with pytest.raises(StorageDamaged, match="belongs to another installation than the records"):
            mixed.sync("handbook")
        assert mixed.records.folders.get(Holds.INDEX) is None
    assert files_below(tmp_path / "others") == before


def test_a_process_that_asked_before_the_first_sync_is_compared(
    tmp_path: Path, shared: Mapping[str, str], documents: Path
) -> None:
    """It has an empty index of its own open: once another folder is named, it says so and does not serve it."""
    with installation(tmp_path / "two", shared) as second:
        assert second.index.count(1) == 0
        install(tmp_path / "one", shared, documents)
        for _ in range(2):
            with pytest.raises(BadSettings, match=INDEX):
                second.index.count(1)


@pytest.fixture
def in_weaviate(shared: Mapping[str, str], weaviate_url: str) -> dict[str, str]:
    """Return the settings of machines whose index is in Weaviate."""
    return {**shared, **weaviate_settings(weaviate_url)}


def test_a_move_that_is_refused_names_no_folder(
    tmp_path: Path, in_weaviate: Mapping[str, str], documents: Path
) -> None:
    """Another machine moves the index already: who comes second leaves nothing, in the records or in its folder."""
    install(tmp_path / "one", in_weaviate, documents)
    with installation(tmp_path / "two", in_weaviate) as second:
        lease = second.records.places.begin(Engine.SQLITE, ELSEWHERE, 600)
        with pytest.raises(Busy):
            second.indexes.move(Engine.SQLITE)
        assert second.records.folders.get(Holds.INDEX) is None
        assert not {"place", "index.db"} & {one.name for one in (tmp_path / "two").iterdir()}
        second.records.places.leave(lease)
        second.indexes.move(Engine.SQLITE)
        named = second.records.folders.get(Holds.INDEX)
        assert named is not None
        assert str(tmp_path / "two") in named.shown


class WatchedRecords:
    """Records that try to move the index themselves whenever the name of a folder changes."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self.refused: list[bool] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    @property
    def folders(self) -> "WatchedRecords":
        """Return itself."""
        return self

    def get(self, what: Holds) -> Folder | None:
        """Return the folder."""
        found: Folder | None = self._records.folders.get(what)
        return found

    def settle(self, what: Holds, folder: Folder) -> Folder:
        """Try, and name the folder."""
        self._try(what)
        settled: Folder = self._records.folders.settle(what, folder)
        return settled

    def replace(self, what: Holds, folder: Folder | None) -> None:
        """Try, and name another one."""
        self._try(what)
        self._records.folders.replace(what, folder)

    def _try(self, what: Holds) -> None:
        if what is Holds.INDEX:
            try:
                self._records.places.begin(self._records.places.get().engine.other, ELSEWHERE, 600)
            except Busy:
                self.refused.append(True)
            else:
                self.refused.append(False)


def test_a_folder_is_named_and_forgotten_while_nobody_else_may_move(
    tmp_path: Path, in_weaviate: Mapping[str, str], documents: Path
) -> None:
    """Between a name and what it says no other machine's move fits in."""
    install(tmp_path / "one", in_weaviate, documents)
    with installation(tmp_path / "one", in_weaviate) as opened:
        watched: Any = WatchedRecords(opened.records)
        opened.records = watched
        opened.indexes.move(Engine.SQLITE)
        assert watched.refused == [True]
        opened.indexes.confirm()
        opened.indexes.move(Engine.WEAVIATE)
        opened.indexes.confirm()
        assert watched.refused == [True, True]
        assert opened.records.folders.get(Holds.INDEX) is None
