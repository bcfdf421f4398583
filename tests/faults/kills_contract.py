"""What must hold of a sync whose workers are killed, whatever they run on; a module's fixture `run` says on what."""

import os
from random import Random
from typing import ClassVar

import pytest

from tests.faults.kill_run import LARGE, KillRun, told


DOCUMENTS = int(os.environ.get("SOAK_DOCUMENTS", "500"))
KILLS = int(os.environ.get("SOAK_KILLS", "50"))
EQUAL_S = 30.0
"""Longest time between the last kill and the state of the source."""


class KillsContract:
    """The promises of R3; `place` names the engines in what is printed."""

    place: ClassVar[str]

    @pytest.mark.timeout(300)
    @pytest.mark.parametrize("run", [16], indirect=True)
    def test_a_few_kills_lose_nothing(self, run: KillRun) -> None:
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
    def test_a_kill_after_each_point_loses_nothing(self, run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
        """0 lost, 0 double, 0 orphans, whatever was the last thing that a worker wrote."""
        run.begin()
        run.die_after_each_point(LARGE)
        run.check_rows()
        with capsys.disabled():
            print(f"\n{self.place}: {told(run)}")  # noqa: T201 - the figure is wanted
        assert run.last_s <= EQUAL_S

    @pytest.mark.soak
    @pytest.mark.timeout(3600)
    @pytest.mark.parametrize("run", [DOCUMENTS], indirect=True)
    def test_fifty_kills_at_random_lose_nothing(self, run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
        """0 lost, 0 double, 0 orphans; equal to a fresh index half a minute after the last kill."""
        run.begin()
        run.kill_at_random(KILLS, Random(3), pause_s=(0.1, 1.5))
        run.check_rows()
        with capsys.disabled():
            print(f"\n{self.place}: {told(run)}")  # noqa: T201 - the figure is wanted
        assert run.last_s <= EQUAL_S
