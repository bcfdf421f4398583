"""Sets that are evaluated with the index in a real Weaviate: what a run leaves there, and one whose server dies."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipelines.evaluation.choices import Engine, Mode
from pipelines.evaluation.set_runs import run_sets
from pipelines.evaluation.set_scores import EvalRequest, SetScores
from pipelines.settings import Settings
from tests.engines.weaviate_scene import server_at
from tests.evaluation_sets import policies
from tests.servers import Server, weaviate_server


pytestmark = [pytest.mark.engines, pytest.mark.timeout(300)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a server of the test's own."""
    own = weaviate_server(tmp_path / "weaviate")
    own.start()
    yield own
    own.kill()


class Run:
    """Evaluates one set; something may happen whenever something is told or waited for."""

    def __init__(self, server: Server, home: Path) -> None:
        self._server = server
        self._home = home
        self.told: list[str] = []
        self.dies_once_synced = False

    def scores(self, place: Path) -> SetScores:
        """Return the figures of a set."""
        known = server_at(self._server.url)
        environment = {
            "FOOTNOTE_DATA_DIR": str(self._home / "data"),
            "FOOTNOTE_EMBEDDER": "none",
            "WEAVIATE_URL": known.url,
            "FOOTNOTE_WEAVIATE__GRPC_PORT": str(known.grpc_port),
        }
        settings = Settings.load(environment, env_file=None)
        request = EvalRequest((place,), Engine.WEAVIATE, Mode.RETRIEVAL, None, 0, self._home / "results")
        (found,) = run_sets(settings, request, self._tell, self._wait)
        return found

    def collections(self) -> set[str]:
        """Return the names of all collections on the server."""
        schema = httpx.get(f"{server_at(self._server.url).rest_address}/v1/schema", trust_env=False)
        return {one["class"] for one in schema.raise_for_status().json()["classes"]}

    def _tell(self, sentence: str) -> None:
        self.told.append(sentence)
        if self.dies_once_synced and "not readable" in sentence:
            self._server.kill()

    def _wait(self, _seconds: float) -> None:
        if self.dies_once_synced:
            self.dies_once_synced = False
            self._server.start()
        time.sleep(1)


@pytest.fixture
def run(server: Server, tmp_path: Path) -> Run:
    """Return a run in an empty folder."""
    return Run(server, tmp_path / "home")


def test_a_set_that_changed_leaves_nothing_of_its_earlier_run(run: Run, tmp_path: Path) -> None:
    """The collection of the earlier run goes with its installation."""
    place = policies(tmp_path / "policies")
    run.scores(place)
    (before,) = run.collections()
    documents = place / "documents.jsonl"
    documents.write_text(documents.read_text(encoding="utf-8").replace("24 weeks", "25 weeks"), encoding="utf-8")
    run.scores(place)
    (after,) = run.collections()
    assert after != before


def test_a_server_that_is_started_again_ends_no_run(run: Run, server: Server, tmp_path: Path) -> None:
    """Questions that met a server that was away are asked again, and the figures are those of an undisturbed run."""
    place = policies(tmp_path / "policies")
    run.dies_once_synced = True
    disturbed = run.scores(place)
    assert any(sentence.startswith("asked again") for sentence in run.told)
    undisturbed = Run(server, tmp_path / "other").scores(place)
    assert disturbed.metrics == undisturbed.metrics
