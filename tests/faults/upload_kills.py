"""Files are handed in by processes that are killed before each step, of SQL or of the stored files' folder."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import TIDY, WHOLE
from pipelines.domain.jobs import JobState
from pipelines.domain.schedules import DAY
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from tests.child import start_child
from tests.fakes.manual_clock import ManualClock


NAME = "handbook"
_FOLDER_STEPS = ("os.mkdir", "os.rename", "tempfile.mkstemp")
_MOST_STEPS = 200
_ENDED = "ended"


def hand_in(environ: Mapping[str, str], file: Path, at: int, there: Connection) -> None:
    """Hand a file in as the command does, and die before the step of this number, which is told first."""
    with Footnote(Settings.load(environ, env_file=None)) as footnote:
        # Opened, migrated and compared before steps are counted.
        footnote.records.bases.get(NAME)
        _before_each_step(_dying(at, there))
        footnote.upload(NAME, [file], OPERATOR)
    there.send(_ENDED)


def _dying(at: int, there: Connection) -> Callable[[str], None]:
    left = at

    def step(name: str) -> None:
        nonlocal left
        if left == 0:
            there.send(name)
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    return step


def _before_each_step(step: Callable[[str], None]) -> None:
    """Call before each statement, each commit, and each step of a file that gets its name."""

    def statement(_connection: Any, _cursor: Any, text: str, *_: object) -> None:
        step(" ".join(text.split()[:3]).lower())

    def hook(event: str, _arguments: object) -> None:
        if event in _FOLDER_STEPS:
            step(event)

    sa.event.listen(sa.Engine, "before_cursor_execute", statement)
    sa.event.listen(sa.Engine, "commit", lambda _: step("commit"))
    sys.addaudithook(hook)


class UploadKills:
    """
    An installation whose uploads are killed.

    Attributes:
        steps: before which one was killed, in order; of new files, then of files that replace others.

    """

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        """Take the settings, and a folder for the files that are handed in."""
        self._environ = dict(environ)
        self._folder = folder
        self._clock = ManualClock()
        self._clock.advance(time.time() - self._clock.now().timestamp() + 2 * DAY)
        self._footnote = Footnote(Settings.load(self._environ, env_file=None), self._clock)
        self.steps: tuple[list[str], list[str]] = ([], [])

    def run(self) -> None:
        """Kill an upload before each of its steps, sweep, repeat them all, and sweep again; check what is there."""
        with self._footnote as footnote:
            footnote.add_base(NAME, "upload:", OPERATOR)
            # Marks are made now, so that all that follow take the same steps.
            footnote.upload(NAME, [self._file("first.md", _text("first"))], OPERATOR)
            for replaces, steps in enumerate(self.steps):
                while (step := self._killed(bool(replaces), len(steps))) != _ENDED:
                    assert len(steps) < _MOST_STEPS
                    steps.append(step)
            self._sweep()
            assert self._stored() == set(self._listed().values())
            texts = {f"{at}.md": _text(f"new {at}") for at in range(len(self.steps[0]))}
            files = [self._file(*one) for one in texts.items()]
            assert footnote.upload(NAME, files, OPERATOR) == tuple(texts)
            listed = self._listed()
            assert {path: footnote.blobs.get(listed[path]).decode() for path in texts} == texts
            self._sweep()
            assert self._stored() == set(self._listed().values())

    def _killed(self, replaces: bool, at: int) -> str:  # noqa: FBT001 - one of two kinds
        """Let one upload be killed, and look whether it is there whole or not at all; return before which step."""
        path = "replaced.md" if replaces else f"{at}.md"
        if replaces:
            self._footnote.upload(NAME, [self._file(path, _text(f"old {at}"))], OPERATOR)
        before, text = self._listed(), _text(f"{'other' if replaces else 'new'} {at}")
        child, here = start_child(hand_in, self._environ, self._file(path, text), at)
        said: str = here.recv()
        child.join()
        here.close()
        assert child.exitcode == (0 if said == _ENDED else -signal.SIGKILL)
        after = self._listed()
        changed = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
        assert changed <= {path}
        if changed:
            assert self._footnote.blobs.get(after[path]).decode() == text
        elif replaces:
            assert self._footnote.blobs.get(after[path]).decode() == _text(f"old {at}")
        return said

    def _sweep(self) -> None:
        """Let three days pass, with their chores."""
        for _ in range(3):
            job = self._footnote.records.jobs.submit(TIDY, WHOLE, {})
            self._footnote.jobs.worker(lambda: False).work(60)
            assert self._footnote.records.jobs.state(job.id)[0] is JobState.DONE
            self._clock.advance(DAY)

    def _listed(self) -> dict[str, str]:
        records = self._footnote.records
        source = records.bases.source(records.bases.get(NAME).id)
        return {one.path: one.content_hash for one in records.uploads.all(source.id)}

    def _stored(self) -> set[str]:
        return set(self._footnote.blobs.names())

    def _file(self, path: str, text: str) -> Path:
        file = self._folder / path
        file.write_text(text, encoding="utf-8")
        return file


def _text(what: str) -> str:
    return f"# Leave\n\nThis is {what}.\n"
