"""The embedder changed while questions are asked and bases synced, with the index in a real Weaviate."""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from pipelines.domain.index_places import Copy, Engine
from pipelines.errors import BadInput
from pipelines.wiring import Footnote
from tests.changing_embedder import PHASES, change_under_questions
from tests.child import start_child
from tests.engines.moving_scene import weaviate_settings
from tests.fakes.model_embeddings import EmbeddingBehaviour
from tests.fakes.model_server import ModelServer
from tests.rebuilding_scene import (
    NEW,
    OLD,
    embedding_server,
    held,
    installation,
    questions_to,
    rebuild_and_die,
    wanting,
    with_length,
)
from tests.three_versions import BASE, answers, install


pytestmark = [pytest.mark.engines, pytest.mark.losses]

KILLS = 6
MANY = 9_999
SEED = 16


@pytest.fixture
def weaviate(weaviate_url: str) -> dict[str, str]:
    """Return the settings that name the server."""
    return weaviate_settings(weaviate_url)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Return a server with both models."""
    with embedding_server() as running:
        yield running


@pytest.fixture
def footnote(tmp_path: Path, server: ModelServer, weaviate: dict[str, str]) -> Iterator[Footnote]:
    """Return an installation in Weaviate made with the old model, and which wants the new one."""
    with installation(tmp_path / "data", wanting(server.url, OLD, **weaviate)) as made:
        install(made, tmp_path / "documents")
    with installation(tmp_path / "data", wanting(server.url, NEW, **weaviate)) as opened:
        yield opened
        opened.indexes.open(Engine.WEAVIATE).destroy()


def test_there_and_back_and_confirmed(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """All kept versions with the new vectors, back with what was synced since, and only the kept collection goes."""
    before = held(footnote)
    assert footnote.generations.rebuild().copied == len(before)
    assert held(footnote) == with_length(before, 24)
    assert held(footnote, 0) == before
    assert answers(footnote)
    assert questions_to(server)[-1] == NEW
    (tmp_path / "documents" / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
    footnote.sync(BASE)
    after = held(footnote)
    assert footnote.generations.rebuild(back=True).copied == 1
    assert held(footnote) == with_length(after, 16)
    assert answers(footnote)
    footnote.generations.confirm()
    assert held(footnote) == with_length(after, 16)
    assert answers(footnote)
    with pytest.raises(BadInput, match="nothing is kept"):
        footnote.generations.confirm()


@pytest.mark.timeout(600)
def test_killed_at_any_moment(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """The index is always whole, and answers; in the end the new generation is what the old one was."""
    before, random, environ = held(footnote), Random(SEED), {}
    environ = dict(wanting(server.url, NEW)) | {
        "WEAVIATE_URL": footnote.settings.weaviate_url.get_secret_value(),  # type: ignore[union-attr]
        "FOOTNOTE_WEAVIATE__GRPC_PORT": str(footnote.settings.weaviate.grpc_port),
    }
    for _ in range(KILLS):
        child, here = start_child(rebuild_and_die, tmp_path / "data", environ, MANY)
        assert here.recv() == "places.begin"
        time.sleep(random.uniform(0, 0.6))
        child.kill()
        child.join()
        here.close()
        assert answers(footnote)
        if footnote.indexes.place().rebuilt is Copy.KEPT:
            assert held(footnote) == with_length(before, 24)
            footnote.generations.rebuild(back=True)
            footnote.generations.confirm()
    footnote.generations.rebuild()
    assert held(footnote) == with_length(before, 24)
    assert answers(footnote)
    footnote.sync(BASE)


@pytest.mark.timeout(600)
def test_no_question_fails_while_the_embedder_is_changed(
    tmp_path: Path, server: ModelServer, weaviate: dict[str, str]
) -> None:
    """Before, during and after the change every question is answered from the right document; syncs go on."""
    server.default_vectors = EmbeddingBehaviour(pause_s=0.02)
    old, new = (wanting(server.url, one, **weaviate) for one in (OLD, NEW))
    change = change_under_questions(tmp_path / "data", tmp_path / "documents", old, new, seconds=2, documents=20)
    with installation(tmp_path / "data", new) as footnote:
        footnote.indexes.open(Engine.WEAVIATE).destroy()
    assert change.faults == []
    assert [change.asked[phase].others for phase in PHASES] == [[], [], []]
    assert all(change.asked[phase].answers for phase in PHASES)
