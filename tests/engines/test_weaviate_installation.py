"""A whole installation whose index is in Weaviate: sync, ask, switch, remove."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.domain.index_places import Engine
from pipelines.errors import StorageDamaged
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.engines.weaviate_scene import server_at


pytestmark = pytest.mark.engines

LEAVE = Question("How many weeks of parental leave are there?", OPERATOR)


@contextmanager
def installation(data: Path, environ: Mapping[str, str]) -> Iterator[Footnote]:
    """Open an installation, by words only."""
    own = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": "none", "FOOTNOTE_CACHE__ENABLED": "0"}
    with open_footnote(Settings.load(own | environ, env_file=None)) as opened:
        yield opened


@pytest.fixture
def weaviate(weaviate_url: str) -> dict[str, str]:
    """Return the settings that name the server."""
    server = server_at(weaviate_url)
    return {"WEAVIATE_URL": server.url, "FOOTNOTE_WEAVIATE__GRPC_PORT": str(server.grpc_port)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two documents."""
    made = tmp_path / "documents"
    made.mkdir()
    (made / "leave.md").write_text("# Parental leave\n\nParental leave is twelve weeks for every parent.\n")
    (made / "travel.md").write_text("# Travel\n\nTrains are booked two weeks ahead.\n")
    return made


def forget(footnote: Footnote) -> None:
    """Delete the installation's collections."""
    footnote.indexes.open(Engine.WEAVIATE).destroy()


def test_a_base_is_synced_asked_and_removed(tmp_path: Path, folder: Path, weaviate: dict[str, str]) -> None:
    """The same commands as with a file; after a removal the server holds nothing of the base, and no file was made."""
    with installation(tmp_path / "data", weaviate) as footnote:
        kb = footnote.add_base("handbook", folder, OPERATOR).id
        assert footnote.sync("handbook").chunks_added == 2
        assert footnote.ask(LEAVE).outcome is Outcome.ANSWER
        (folder / "leave.md").unlink()
        footnote.sync("handbook")
        assert footnote.ask(LEAVE).outcome is not Outcome.ANSWER
        footnote.remove_base("handbook", OPERATOR)
        assert footnote.index.count(kb) == 0
        assert not (tmp_path / "data" / "index.db").exists()
        forget(footnote)


def test_an_address_alone_moves_nothing(tmp_path: Path, folder: Path, weaviate: dict[str, str]) -> None:
    """After the address was set, questions and syncs go on in the file until the index is moved."""
    with installation(tmp_path / "data", {}) as footnote:
        footnote.add_base("handbook", folder, OPERATOR)
        footnote.sync("handbook")
    with installation(tmp_path / "data", weaviate) as footnote:
        assert footnote.ask(LEAVE).outcome is Outcome.ANSWER
        (folder / "leave.md").unlink()
        assert footnote.sync("handbook").version == 2
        assert footnote.ask(LEAVE).outcome is not Outcome.ANSWER
    with installation(tmp_path / "data", {}) as footnote:
        assert footnote.sync("handbook").version == 2


def test_a_server_that_lost_its_rows_is_told_and_filled_again(
    tmp_path: Path, folder: Path, weaviate: dict[str, str]
) -> None:
    """A question names the base and what to do, instead of finding nothing; the next sync writes all rows."""
    with installation(tmp_path / "data", weaviate) as footnote:
        footnote.add_base("handbook", folder, OPERATOR)
        footnote.sync("handbook")
        forget(footnote)
    with installation(tmp_path / "data", weaviate) as footnote:
        with pytest.raises(StorageDamaged, match="the index holds nothing of handbook: sync it"):
            footnote.ask(LEAVE)
        footnote.sync("handbook")
        assert footnote.ask(LEAVE).outcome is Outcome.ANSWER
        forget(footnote)
