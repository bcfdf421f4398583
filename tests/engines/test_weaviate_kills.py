"""Weaviate is killed again and again while a base is synced into it: no acknowledged write is lost."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from pipelines.settings import Settings
from tests.engines.weaviate_scene import server_at
from tests.faults.dying_installation import DyingFootnote
from tests.faults.job_processes import JobProcesses
from tests.faults.kill_run import KillRun, told
from tests.faults.kills_contract import DOCUMENTS
from tests.servers import Server, weaviate_server


pytestmark = [pytest.mark.engines, pytest.mark.losses]

WEAVIATE_KILLS = int(os.environ.get("SOAK_WEAVIATE_KILLS", "10"))
RECALL_LOSS = 0.005


class KilledServer:
    """Workers that are left alone, and a server that is killed and started again on its folder and ports."""

    def __init__(self, server: Server, workers: JobProcesses) -> None:
        self._server = server
        self._workers = workers

    def kill_one(self, _chance: Random) -> None:
        """Kill the server, and wait until it is back."""
        self._server.kill()
        self._server.start()

    def replace_dead(self) -> int:
        """No worker ends because Weaviate is away."""
        assert self._workers.replace_dead() == 0, self.told()
        return 0

    def told(self) -> str:
        """Return what the workers wrote lately."""
        return self._workers.told()


@pytest.fixture
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[KillRun]:
    """Return an installation whose index is in a Weaviate of its own, and whose jobs two processes do."""
    with ExitStack() as opened:
        server = weaviate_server(Path(opened.enter_context(TemporaryDirectory(prefix="footnote-"))))
        server.start()
        opened.callback(server.stop)
        known = server_at(server.url)
        own = {
            "HOME": str(tmp_path),
            "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
            "FOOTNOTE_EMBEDDER": "none",
            "FOOTNOTE_WORK__TICK_SECONDS": "1",
            "WEAVIATE_URL": known.url,
            "FOOTNOTE_WEAVIATE__GRPC_PORT": str(known.grpc_port),
        }
        footnote = opened.enter_context(DyingFootnote(Settings.load(own, env_file=None)))
        assert footnote.records.installation
        workers = JobProcesses(own, tmp_path / "log")
        opened.callback(workers.end)
        killed = KilledServer(server, workers)
        yield KillRun(footnote, killed, tmp_path / "place", request.param, may_fail="Weaviate")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("run", [16], indirect=True)
def test_a_killed_server_loses_nothing(run: KillRun) -> None:
    """Killed twice during syncs: what readers see is what a fresh index shows, and the nearest are found."""
    run.begin()
    run.kill_at_random(2, Random(5), pause_s=(0.2, 0.8))
    run.check_rows()
    assert run.recall(Random(7), questions=10) == 1


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("run", [DOCUMENTS], indirect=True)
def test_ten_kills_of_the_server_lose_nothing(run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
    """Every row that the ledger has is in the index, no other is, and recall is what it was."""
    run.begin()
    before = run.recall(Random(7))
    run.kill_at_random(WEAVIATE_KILLS, Random(5), pause_s=(0.3, 2.0))
    run.check_rows()
    after = run.recall(Random(7))
    with capsys.disabled():
        print(f"\nWeaviate killed: {told(run)}; recall@10 {before:.4f} before, {after:.4f} after")  # noqa: T201 - the figure is wanted
    assert after >= before - RECALL_LOSS
