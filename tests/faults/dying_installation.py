"""
An installation with fast vectors, whose workers die with SIGKILL at named points; `python -m` it is a job process.

All else is the product's own: the command, the parser's processes, records, index, queue.
"""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from bot.cli.terminal import Terminal
from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.jobs import Lease
from pipelines.ingestion.equipment import Cut, SyncParts
from pipelines.job_wiring import _NO_KINDS, Jobs
from pipelines.operation.working import Perform, Worker
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from pipelines.work import help_with_syncs, work_on_sync
from tests.fakes.hash_embedder import HashEmbedder


DIMENSIONS = 16
CUT = Cut(inline=4, files=8)
"""Small parts, so that a sync of any size in these tests is shared."""

BUDGET_S, HURRY_S = 200.0, 0.3
"""Of a task; the short one where the data folder holds a file `hurry`: jobs and parts are put back often."""

DEATHS = "die-at"
"""Folder of the data folder: a file in it ends the worker that comes to the point of that name."""


HURRY = "hurry"
"""File of the data folder."""


def die_where_told(data: Path) -> Callable[[str], None]:
    """Return a checkpoint that ends this process where a file says so, and takes the file away: one dies, once."""

    def checkpoint(name: str) -> None:
        try:
            (data / DEATHS / name).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


def budget(footnote: Footnote) -> float:
    """Return the seconds of a task."""
    return HURRY_S if (footnote.settings.data_dir / HURRY).exists() else BUDGET_S


class DyingJobs(Jobs):
    """Jobs whose worker passes checkpoints."""

    def worker(self, stopping: Callable[[], bool], more: Mapping[str, Perform] = _NO_KINDS) -> Worker:
        """Return what takes jobs as the product's own worker does."""
        footnote, name = self._footnote, worker_name()
        checkpoint = die_where_told(footnote.settings.data_dir)

        def sync(lease: Lease, seconds: float) -> bool:
            checkpoint("jobs.lease")
            done = work_on_sync(
                self._parts(stopping), lease, footnote.source_reader, worker=name,
                progress=self._told(lease.job), checkpoint=checkpoint, budget_s=min(seconds, budget(footnote)),
            )  # fmt: skip
            return done is not None

        def help_out(seconds: float) -> int:
            if not footnote.records.parts.waiting():
                return 0
            short = min(seconds, budget(footnote))
            return help_with_syncs(self._parts(stopping), worker=name, budget_s=short, checkpoint=checkpoint)

        return Worker(
            footnote.records.jobs, {**self._chores(), "sync": sync, **more},
            name=name, clock=self._clock, stopping=stopping, help_out=help_out,
        )  # fmt: skip


class DyingFootnote(Footnote):
    """An installation whose vectors cost nothing, and whose workers can be told where to die."""

    @cached_property
    def embedder(self) -> HashEmbedder:
        """Vectors of hashed words."""
        return HashEmbedder(DIMENSIONS)

    @cached_property
    def jobs(self) -> DyingJobs:
        """The jobs."""
        return DyingJobs(self, SystemClock())

    @cached_property
    def sync_parts(self) -> SyncParts:
        """What every sync works with, in small parts."""
        return replace(super().sync_parts, cut=CUT)


def open_dying() -> Footnote:
    """Open the installation that the environment describes."""
    return DyingFootnote(Settings.load())


if __name__ == "__main__":
    Terminal(as_json=False, installation=open_dying).work(once=False)
