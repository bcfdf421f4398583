"""
Syncs of one base while its workers are killed: at random, and after each named point.

Engines and kinds of workers are the caller's; what must hold is the same for all.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Protocol

from pipelines.domain.access import OPERATOR
from pipelines.domain.jobs import JobState
from pipelines.errors import TransientError
from pipelines.ports.chunk_index import IndexRow, TermFields
from pipelines.retrieval import embedding
from pipelines.wiring import Footnote
from tests.faults.dying_installation import DEATHS, HURRY
from tests.faults.kill_corpus import CHUNKS, Folder, fill, state, with_small_change
from tests.small_base import NAME, Seen, SmallBase, open_parts


LARGE = (
    "jobs.lease", "ledger.begin", "ledger.stage_removal", "parts.put", "parts.take", "life.store", "vectors.put",
    "index.stage", "index.retire", "parts.stage", "ledger.set_rules_today", "ledger.reject", "census", "ledger.finish",
    "jobs.finish",
)  # fmt: skip
"""Points of a sync in parts, each of which ends a worker in a sync of its own."""

HURRIED = ("parts.put_back", "jobs.put_back")
"""Points of tasks that have little time."""

SMALL = (("ledger.stage", "ledger.sweep"), ("ledger.stage", "index.sweep"))
"""Points of a sync that is not cut, and of the one that comes after it died; both in one round."""

UNCHANGED = ("ledger.finish_unchanged",)
REPAIRS = ("index.assign_rule", "index.delete", "index.rebuild", "index.retire", "index.revive")

PATIENCE_S = 250.0
"""Nobody waits longer for a sync that nobody disturbs any more, on however busy a machine."""

_LOOK_S = 0.05
_SAME = 1e-4
"""Between two computations of one score."""


class Workers(Protocol):
    """Processes that do an installation's jobs."""

    def kill_one(self, chance: Random) -> None:
        """Kill one of them, whatever it is doing."""

    def replace_dead(self) -> int:
        """Start as many as were killed, or died; return how many died by themselves."""

    def told(self) -> str:
        """Return what they wrote lately."""


@dataclass
class KillRun:
    """
    One run.

    Attributes:
        footnote: the installation as this process sees it.
        workers: its workers.
        place: a folder for the documents and the installations that are compared with.
        documents: how many.
        killed: kills at random.
        died: the points after which a worker died.
        slowest_s: the longest time between a sync's last kill and its end.
        last_s: the same of the last sync.
        may_fail: how a sync may end other than well; it is asked for again.
        set_aside: syncs that were begun too often, or failed so.
        syncs: syncs that ended well.

    """

    footnote: Footnote
    workers: Workers
    place: Path
    documents: int
    killed: int = 0
    died: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    last_s: float = 0.0
    may_fail: str = "its process ended|goes on with it"
    set_aside: int = 0
    syncs: int = 0
    _edit: int = 0
    _files: Folder = field(default_factory=dict)

    @property
    def base(self) -> SmallBase:
        """The base."""
        return SmallBase(self.footnote.sync_parts, self.place / "documents")

    def begin(self) -> None:
        """Add the base, with its documents, and let it be synced."""
        self.place.mkdir(exist_ok=True)
        (self.data / DEATHS).mkdir(parents=True, exist_ok=True)
        self._files = state(self.documents, 0)
        fill(self.place / "documents", self._files)
        self.footnote.add_base(NAME, self.place / "documents", OPERATOR)
        self.sync()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.footnote.settings.data_dir

    def die_after_each_point(self, large: Sequence[str] = LARGE) -> None:
        """Let a worker die after each named point, in a sync of its own, and check what came of that sync."""
        for point in large:
            self.edit()
            self.sync([point])
        (self.data / HURRY).touch()
        for point in HURRIED:
            self.edit()
            self.sync([point])
        (self.data / HURRY).unlink()
        for points in SMALL:
            self.edit(small=True)
            self.sync(points)
        for point in UNCHANGED:
            self.sync([point])
        for point in REPAIRS:
            self.haunt()
            self.edit(small=True)
            self.sync([point])

    def kill_at_random(self, kills: int, chance: Random, *, pause_s: tuple[float, float]) -> None:
        """Kill workers at random while one sync comes after the other."""
        end = self.killed + kills

        def kill() -> bool:
            if self.killed == end:
                return False
            self.workers.kill_one(chance)
            self.killed += 1
            return True

        while self.killed < end:
            self.edit()
            self.sync(kill=kill, pause=lambda: chance.uniform(*pause_s) if self.killed < end else _LOOK_S)

    def edit(self, *, small: bool = False) -> None:
        """Change the folder."""
        self._edit += 1
        self._files = with_small_change(self._files, self._edit) if small else state(self.documents, self._edit)
        fill(self.place / "documents", self._files)

    def sync(
        self,
        points: Sequence[str] = (),
        kill: Callable[[], bool] = lambda: False,
        pause: Callable[[], float] = lambda: _LOOK_S,
    ) -> None:
        """Have the folder synced, while workers die, and check what readers see then."""
        for point in points:
            (self.data / DEATHS / point).touch()
        job = self.footnote.jobs.submit_sync(NAME)
        last = time.monotonic()
        while True:
            time.sleep(pause())
            if kill():
                last = time.monotonic()
            if self.workers.replace_dead():
                last = time.monotonic()
            with suppress(TransientError):
                now, why = self.footnote.records.jobs.state(job.id)
                if now is JobState.DONE:
                    break
                if now in (JobState.FAILED, JobState.QUARANTINED):
                    # Whoever schedules or wishes asks again; a wish that came meanwhile goes on with it.
                    assert now is JobState.QUARANTINED or re.search(self.may_fail, str(why)), why
                    self.set_aside += 1
                    job = self.footnote.jobs.submit_sync(NAME)
            assert time.monotonic() < last + PATIENCE_S, self.workers.told()
        # The one that dies after its last commit is seen when its process is gone.
        self._until_dead(points)
        self.syncs += 1
        self.last_s = time.monotonic() - last
        self.slowest_s = max(self.slowest_s, self.last_s)
        self.died += points
        self.check()

    def check(self) -> None:
        """Compare what readers see with a fresh installation, and the index with the records."""
        base, number = self.base, self._edit
        assert base.seen() == self._fresh(), f"after edit {number}"
        lives = Counter(one.path for one in base.records.ledger.documents(base.kb, base.base.active))
        assert set(lives.values()) == {1}
        self.check_rows([base.base.active])

    def check_rows(self, versions: Sequence[int] | None = None) -> None:
        """Compare every row of these versions, or of all and no others, with the records."""
        base = self.base
        ledger, index, kb = base.records.ledger, base.parts.index, base.kb
        known: set[tuple[str, int]] = set()
        for version in versions or range(1, base.base.newest + 1):
            rows = [(one.chunk_id, one.added_in, one.rule) for one in index.visible(kb, version)]
            assert len(rows) == len(set(rows)), f"double rows in version {version}"
            own = {(one.chunk_id, one.added_in, one.rule) for one in ledger.chunks(kb, version)}
            assert set(rows) == own, f"rows of version {version}"
            known |= {(chunk, added) for chunk, added, _ in own}
        if versions is None:
            assert index.count(kb) == len(known), "rows that no version shows"

    def haunt(self) -> None:
        """Do to the index what dead workers and lost files can do to it."""
        base = self.base
        index, kb, now = base.parts.index, base.kb, base.base.newest
        rows = sorted(index.visible(kb, now), key=lambda row: row.chunk_id)
        old = [row for row in index.visible(kb, now - 1) if row not in rows]
        embedder = embedding.now(base.parts.embedder)
        assert embedder
        vector = embedder.embed(["late"])[0]
        index.stage([IndexRow("f" * 32, kb, rows[0].rule, now, TermFields(("late",)), vector)])
        index.revive(kb, [(row.chunk_id, row.added_in) for row in old])
        index.retire(kb, [rows[1].chunk_id], now)
        index.delete(kb, [(rows[2].chunk_id, rows[2].added_in)])
        index.assign_rule(kb, [rows[3].chunk_id], 999)

    def _until_dead(self, points: Sequence[str]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while left := [one for one in points if (self.data / DEATHS / one).exists()]:
            assert time.monotonic() < deadline, f"no worker came to {left}: {self.workers.told()}"
            self.workers.replace_dead()
            time.sleep(_LOOK_S)

    def recall(self, chance: Random, questions: int = 50) -> float:
        """Return the share of the ten nearest chunks, by their exact scores, that the index finds."""
        found = wanted = 0
        with self._fresh_base() as fresh:
            for _ in range(questions):
                number, part = chance.randrange(self.documents), chance.randrange(CHUNKS)
                question = f"Part {part} of guide {number} theme{number}x{part}"
                exact = sorted(fresh.search(question)[1].values(), reverse=True)[:10]
                seen = sorted(self.base.search(question)[1].values(), reverse=True)[:10]
                wanted += len(exact)
                found += sum(score >= exact[-1] - _SAME for score in seen)
        return found / wanted

    @contextmanager
    def _fresh_base(self) -> Iterator[SmallBase]:
        """Yield what an undisturbed installation makes of the folder, in the embedded index."""
        with TemporaryDirectory(dir=self.place) as data, open_parts(Path(data)) as parts:
            base = SmallBase(parts, self.place / "documents")
            base.sync()
            yield base

    def _fresh(self) -> Seen:
        with self._fresh_base() as base:
            seen = base.seen()
        assert len(seen.rows) >= len(seen.documents) * CHUNKS
        return seen


def told(run: KillRun) -> str:
    """Return a run in one line."""
    kills = f"{run.killed} kills at random, {len(run.died)} after named points"
    ends = f"{run.last_s:.1f} s after the last kill, the slowest sync {run.slowest_s:.1f} s after its own"
    return f"{run.documents} documents, {run.syncs} syncs, {kills}, {run.set_aside} set aside or failed; equal {ends}"
