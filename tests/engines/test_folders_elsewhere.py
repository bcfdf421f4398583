"""Machines that share PostgreSQL and nothing else: who would look into the wrong folder is told what to set."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.domain.index_places import Engine
from pipelines.errors import BadInput, BadSettings
from pipelines.wiring import Footnote
from tests.engines.folders_scene import FILES, INDEX, LEAVE, answers, files_below, install, obey, write_documents
from tests.engines.moving_scene import installation, weaviate_settings
from tests.engines.postgres_databases import Server


pytestmark = pytest.mark.engines


@pytest.fixture
def shared(postgres_url: str) -> Iterator[dict[str, str]]:
    """Return the settings that all machines have."""
    server = Server(postgres_url)
    with server.migrated() as name:
        yield {"DATABASE_URL": server.url(name)}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder of documents."""
    return write_documents(tmp_path / "documents")


USES: dict[str, Callable[[Footnote], object]] = {
    "ask": lambda it: it.ask(LEAVE),
    "sync": lambda it: it.sync("handbook"),
    "count": lambda it: it.index.count(1),
}


@pytest.mark.parametrize("use", USES)
def test_the_index_of_another_machine_is_not_looked_for_here(
    tmp_path: Path, shared: Mapping[str, str], documents: Path, use: str
) -> None:
    """One sentence names the folder that is meant and what to set; nothing is made, and the other machine goes on."""
    everywhere = {**shared, "FOOTNOTE_BLOBS": str(tmp_path / "shared")}
    install(tmp_path / "one", everywhere, documents)
    with installation(tmp_path / "two", everywhere) as second, pytest.raises(BadSettings, match=INDEX) as refusal:
        USES[use](second)
    assert f"{tmp_path / 'one'}" in str(refusal.value)
    assert not (tmp_path / "two" / "index.db").exists()
    assert answers(tmp_path / "one", everywhere)


@pytest.mark.parametrize("blobs", [None, "elsewhere"])
def test_the_files_of_another_machine_are_not_looked_for_here(
    tmp_path: Path, shared: Mapping[str, str], documents: Path, blobs: str | None
) -> None:
    """A folder that is not the one where files were kept, or a share that is not mounted, is refused at every call."""
    named = {"FOOTNOTE_BLOBS": str(tmp_path / blobs)} if blobs else {}
    install(tmp_path / "one", shared | named, documents)
    if blobs:
        (tmp_path / blobs).rename(tmp_path / "unmounted")
    with installation(tmp_path / "two", shared | named) as second:
        for use in (lambda: second.blobs.put(b"x"), second.check_stored_files, lambda: second.blobs.has("0" * 64)):
            with pytest.raises(BadSettings, match=FILES):
                use()
    assert not (tmp_path / "two" / "blobs").exists()
    assert not blobs or not (tmp_path / blobs).exists()


def test_a_share_that_is_mounted_in_the_data_folder_may_be_away(
    tmp_path: Path, shared: Mapping[str, str], documents: Path
) -> None:
    """The mark of the data folder says nothing of the files: a bare mount point is refused, and stays bare."""
    install(tmp_path / "one", shared, documents)
    bare = tmp_path / "one" / "blobs"
    bare.rename(tmp_path / "share")
    bare.mkdir()
    with installation(tmp_path / "one", shared) as opened:
        for use in (lambda: opened.blobs.put(b"x"), opened.check_stored_files):
            with pytest.raises(BadSettings, match=FILES):
                use()
    assert list(bare.iterdir()) == []


def test_a_share_that_two_data_folders_have_says_nothing_of_the_index(
    tmp_path: Path, shared: Mapping[str, str], documents: Path
) -> None:
    """Both machines have the same `blobs/`; the index is in one of them, and the other is refused."""
    (tmp_path / "share").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "blobs").symlink_to(tmp_path / "share")
    install(tmp_path / "one", shared, documents)
    before = files_below(tmp_path / "two")
    with installation(tmp_path / "two", shared) as second:
        second.check_stored_files()
        for use in USES.values():
            with pytest.raises(BadSettings, match=INDEX):
                use(second)
    assert files_below(tmp_path / "two") == before


def test_a_share_that_is_not_mounted_is_refused_with_records_in_a_file_too(tmp_path: Path, documents: Path) -> None:
    """The records lie in the data folder, the files in a folder that may be another machine's."""
    named = {"FOOTNOTE_BLOBS": str(tmp_path / "share")}
    install(tmp_path / "one", named, documents)
    (tmp_path / "share").rename(tmp_path / "away")
    (tmp_path / "share").mkdir()
    with installation(tmp_path / "one", named) as opened, pytest.raises(BadSettings, match=FILES):
        opened.blobs.put(b"x")
    assert list((tmp_path / "share").iterdir()) == []
    (tmp_path / "share").rmdir()
    (tmp_path / "away").rename(tmp_path / "share")
    assert answers(tmp_path / "one", named)


def test_a_data_folder_may_be_moved_and_restored(tmp_path: Path, shared: Mapping[str, str], documents: Path) -> None:
    """Its marks go with it: the whole folder, or `blobs/`, to which the index's own word is given."""
    install(tmp_path / "one", shared, documents)
    (tmp_path / "one").rename(tmp_path / "moved")
    assert answers(tmp_path / "moved", shared)
    shutil.copytree(tmp_path / "moved" / "blobs", tmp_path / "restored" / "blobs")
    (told,) = obey(tmp_path / "restored", shared, lambda it: it.sync("handbook"))
    assert re.match(INDEX, told)
    assert answers(tmp_path / "restored", shared)
    (tmp_path / "restored" / "blobs").rename(tmp_path / "share")
    assert answers(tmp_path / "restored", {**shared, "FOOTNOTE_BLOBS": str(tmp_path / "share")})


def test_a_lost_index_is_made_again(tmp_path: Path, shared: Mapping[str, str], documents: Path) -> None:
    """The data folder is what is compared, not the file: deleted, it comes back with the next sync."""
    install(tmp_path / "one", shared, documents)
    for file in (tmp_path / "one").glob("index.db*"):
        file.unlink()
    with installation(tmp_path / "one", shared) as opened:
        opened.sync("handbook")
    assert answers(tmp_path / "one", shared)


def test_a_folder_that_is_lost_for_good_is_replaced(tmp_path: Path, shared: Mapping[str, str], documents: Path) -> None:
    """What the sentences say to write is enough, one for the index, one for the files: the next sync does the rest."""
    install(tmp_path / "one", shared, documents)
    shutil.rmtree(tmp_path / "one")
    told = obey(tmp_path / "two", shared, lambda it: it.sync("handbook"))
    assert [bool(re.match(INDEX, one)) for one in told] == [True, False]
    assert re.match(FILES, told[1])
    assert answers(tmp_path / "two", shared)


def test_an_index_that_is_moved_leaves_its_folder(
    tmp_path: Path, shared: Mapping[str, str], documents: Path, weaviate_url: str
) -> None:
    """In Weaviate it is everybody's; its copy is deleted where it lies, and then any machine may have the next file."""
    everywhere = {**shared, **weaviate_settings(weaviate_url), "FOOTNOTE_BLOBS": str(tmp_path / "shared")}
    install(tmp_path / "one", {**shared, "FOOTNOTE_BLOBS": str(tmp_path / "shared")}, documents)
    with installation(tmp_path / "two", everywhere) as second, pytest.raises(BadSettings, match=INDEX):
        second.indexes.move(Engine.WEAVIATE)
    with installation(tmp_path / "one", everywhere) as first:
        first.indexes.move(Engine.WEAVIATE)
    assert answers(tmp_path / "two", everywhere)
    with installation(tmp_path / "two", everywhere) as second:
        with pytest.raises(BadSettings, match=INDEX):
            second.indexes.confirm()
        with pytest.raises(BadSettings, match=INDEX):
            second.indexes.move(Engine.SQLITE)
    with installation(tmp_path / "one", everywhere) as first:
        first.indexes.confirm()
        with pytest.raises(BadInput):
            first.indexes.confirm()
    with installation(tmp_path / "two", everywhere) as second:
        second.indexes.move(Engine.SQLITE)
        second.indexes.confirm()
    assert answers(tmp_path / "two", everywhere)
    with installation(tmp_path / "one", everywhere) as first, pytest.raises(BadSettings, match=INDEX):
        first.ask(LEAVE)


def test_records_in_the_data_folder_compare_nothing(tmp_path: Path, documents: Path) -> None:
    """They move with what they know of; no mark is written."""
    install(tmp_path / "one", {}, documents)
    assert list((tmp_path / "one").rglob("place")) == []
