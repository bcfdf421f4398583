"""R3 on SQLite with the job process: `footnote work` is killed at random and after each named point."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from pipelines.settings import Settings
from tests.faults.dying_installation import DyingFootnote
from tests.faults.job_processes import JobProcesses
from tests.faults.kill_run import LARGE, KillRun, told


DOCUMENTS = int(os.environ.get("SOAK_DOCUMENTS", "500"))
KILLS = int(os.environ.get("SOAK_KILLS", "50"))
EQUAL_S = 30.0
"""Longest time between the last kill and the state of the source."""


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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("run", [16], indirect=True)
def test_a_few_kills_lose_nothing(run: KillRun) -> None:
    """Some points, some random moments: what readers see is what a fresh index shows, each chunk once."""
    run.begin()
    for point in ("parts.stage", "ledger.finish"):
        run.edit()
        run.sync([point])
    run.kill_at_random(2, Random(3), pause_s=(0.1, 0.6))
    run.check_rows()
    assert run.last_s <= EQUAL_S


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("run", [DOCUMENTS], indirect=True)
def test_a_kill_after_each_point_loses_nothing(run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
    """0 lost, 0 double, 0 orphans, whatever was the last thing that a worker wrote."""
    run.begin()
    run.die_after_each_point(LARGE)
    run.check_rows()
    with capsys.disabled():
        print(f"\nSQLite, job process: {told(run)}")  # noqa: T201 - the figure is wanted
    assert run.last_s <= EQUAL_S


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("run", [DOCUMENTS], indirect=True)
def test_fifty_kills_at_random_lose_nothing(run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
    """0 lost, 0 double, 0 orphans; equal to a fresh index half a minute after the last kill."""
    run.begin()
    run.kill_at_random(KILLS, Random(3), pause_s=(0.1, 1.5))
    run.check_rows()
    with capsys.disabled():
        print(f"\nSQLite, job process: {told(run)}")  # noqa: T201 - the figure is wanted
    assert run.last_s <= EQUAL_S
