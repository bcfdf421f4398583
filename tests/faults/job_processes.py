"""Several `footnote work` over one data folder, for tests that kill them or what they work with."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random


ROOT = Path(__file__).parents[2]
WORKERS = 2


class JobProcesses:
    """`tests.faults.kill_run.Workers`: processes of `tests.faults.dying_installation`."""

    def __init__(self, environ: Mapping[str, str], log: Path) -> None:
        """Start them; they write into the log."""
        self._environ = {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", "PATH": "/usr/bin:/bin", **environ}
        self._log = log
        self._running = [self._started() for _ in range(WORKERS)]

    def kill_one(self, chance: Random) -> None:
        """Kill one process and start another in its place."""
        at = chance.randrange(WORKERS)
        self._running[at].kill()
        self._running[at].wait()
        self._running[at] = self._started()

    def replace_dead(self) -> int:
        """Start another for each that died; none ends otherwise."""
        dead = [at for at, one in enumerate(self._running) if one.poll() is not None]
        for at in dead:
            assert self._running[at].returncode == -9, self.told()
            self._running[at] = self._started()
        return len(dead)

    def told(self) -> str:
        """Return the end of what they wrote."""
        return self._log.read_text(encoding="utf-8")[-4000:]

    def end(self) -> None:
        """Kill all."""
        for one in self._running:
            one.kill()
            one.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.faults.dying_installation"]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self._environ, stdout=log, stderr=log)
