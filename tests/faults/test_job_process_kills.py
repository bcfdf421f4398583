"""R3 on SQLite with the job process: `footnote work` is killed at random and after each named point."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.faults.dying_installation import DyingFootnote
from tests.faults.job_processes import JobProcesses
from tests.faults.kill_run import KillRun
from tests.faults.kills_contract import KillsContract


@pytest.fixture
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[KillRun]:
    """Return an installation whose jobs two processes do."""
    data = tmp_path / "data"
    own = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": "none", "FOOTNOTE_WORK__TICK_SECONDS": "1"}
    with ExitStack() as opened:
        footnote = opened.enter_context(DyingFootnote(Settings.load(own, env_file=None)))
        assert footnote.records.installation
        workers = JobProcesses({"HOME": str(tmp_path), **own}, tmp_path / "log")
        opened.callback(workers.end)
        yield KillRun(footnote, workers, tmp_path / "place", request.param)


class TestJobProcess(KillsContract):
    """On SQLite, with the job process."""

    place = "SQLite, job process"
