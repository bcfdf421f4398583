"""Machines that share PostgreSQL and nothing else: who would look into the wrong folder is told what to set."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.domain.index_places import Engine
from pipelines.errors import BadInput, BadSettings
from pipelines.wiring import Footnote
from tests.engines.moving_scene import installation, weaviate_settings
from tests.engines.postgres_databases import Server


pytestmark = pytest.mark.engines

LEAVE = Question("How long is parental leave?", OPERATOR)
INDEX = r"^the index .*index.db of another data folder .*WEAVIATE_URL.*write [0-9a-f]{16} into"
FILES = r"^the stored files .*another folder .*FOOTNOTE_BLOBS.*write [0-9a-f]{16} into"


@pytest.fixture
def shared(postgres_url: str) -> Iterator[dict[str, str]]:
    """Return the settings that all machines have."""
    server = Server(postgres_url)
    with server.migrated() as name:
        yield {"DATABASE_URL": server.url(name)}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder of documents."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\nParental leave is twelve weeks long.\n")
    return tmp_path / "documents"


def install(data: Path, shared: Mapping[str, str], documents: Path) -> None:
    """Sync a base on one machine."""
    with installation(data, shared) as first:
        first.add_base("handbook", documents, OPERATOR)
        first.sync("handbook")


def answers(data: Path, shared: Mapping[str, str]) -> bool:
    """Say whether a machine finds what was synced."""
    with installation(data, shared) as opened:
        return opened.ask(LEAVE).outcome is Outcome.ANSWER


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


def test_a_data_folder_may_be_moved_and_restored(tmp_path: Path, shared: Mapping[str, str], documents: Path) -> None:
    """Its mark goes with it: the whole folder, or what a backup holds of it, or what was moved to a shared place."""
    install(tmp_path / "one", shared, documents)
    (tmp_path / "one").rename(tmp_path / "moved")
    assert answers(tmp_path / "moved", shared)
    shutil.copytree(tmp_path / "moved" / "blobs", tmp_path / "restored" / "blobs")
    with installation(tmp_path / "restored", shared) as opened:
        opened.sync("handbook")
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
    """What the sentence says to write is enough: the next sync brings all back."""
    install(tmp_path / "one", shared, documents)
    shutil.rmtree(tmp_path / "one")
    with installation(tmp_path / "two", shared) as second, pytest.raises(BadSettings) as refusal:
        second.sync("handbook")
    found = re.search(r"write (\w+) into (\S+)$", str(refusal.value))
    assert found
    Path(found[2]).write_text(found[1])
    with installation(tmp_path / "two", shared) as second:
        second.sync("handbook")
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
