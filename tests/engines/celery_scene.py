"""An installation whose jobs real Celery workers do, in processes that a test may kill, freeze and stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.domain.access import OPERATOR
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote


ROOT = Path(__file__).parents[2]
PATIENCE_S = 50.0
APP = "workers.app"


@dataclass
class WorkerProcess:
    """
    One Celery worker, or beat, with all processes of its pool.

    Attributes:
        process: its first process, which leads a process group.
        log: file of what it writes.

    """

    process: "subprocess.Popen[bytes]"
    log: Path

    def told(self) -> str:
        """Return its log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def until_ready(self) -> None:
        """Wait until it takes messages."""
        wait_until(lambda: " ready." in self.told() or self.process.poll() is not None, self.told)
        assert self.process.poll() is None, self.told()

    def children(self) -> list[int]:
        """Return the processes of its pool."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(one) for one in listed.split()]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes at once."""
        os.killpg(self.process.pid, number)

    def stop(self) -> int:
        """Ask it to end, as a service manager does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """End all its processes at once."""
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGKILL)
            self.process.wait()


@dataclass
class CeleryScene:
    """
    An installation by words only, with workers of its own.

    Attributes:
        home: its folder.
        environ: its settings.
        opened: what is ended with the test.

    """

    home: Path
    environ: Mapping[str, str]
    opened: ExitStack = field(default_factory=ExitStack)
    _workers: int = 0

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return Settings.load(self.environ, env_file=None)

    @contextmanager
    def footnote(self) -> Iterator[Footnote]:
        """Open it in this process."""
        with open_footnote(self.settings) as opened:
            yield opened

    def command(self, *words: str, app: str = APP) -> WorkerProcess:
        """Start a command of Celery."""
        self._workers += 1
        log = self.home / f"celery-{self._workers}.log"
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        found = os.pathsep.join(map(str, (ROOT, Path(__file__).parent)))
        own = {"PYTHONPATH": found, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"}
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", app, *words],
                cwd=self.home, env={**kept, **own, **self.environ}, stdin=subprocess.DEVNULL,
                stdout=written, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        worker = WorkerProcess(process, log)
        self.opened.callback(worker.kill)
        return worker

    def worker(self, processes: int = 1, app: str = APP) -> WorkerProcess:
        """Start a worker and wait until it takes messages."""
        name = f"worker{self._workers}@localhost"
        flags = ("--without-mingle", "--without-gossip", "--without-heartbeat")
        worker = self.command("worker", "-c", str(processes), "-n", name, *flags, app=app)
        worker.until_ready()
        return worker

    def beat(self) -> WorkerProcess:
        """Start a beat."""
        return self.command("beat")

    def add_base(self, footnote: Footnote, name: str, documents: int) -> int:
        """Add a base over a folder of documents that differ."""
        folder = self.home / name
        folder.mkdir()
        for number in range(documents):
            text = f"# Leave {number}\n\nParents of group {number} take {number} weeks in {name}.\n"
            (folder / f"{number:04}.md").write_text(text, encoding="utf-8")
        return footnote.add_base(name, folder, OPERATOR).id


@contextmanager
def celery_scene(home: Path, broker: str, **environ: str) -> Iterator[CeleryScene]:
    """Make an installation over a database of its own of a Redis, and end its workers afterwards."""
    own = {
        "HOME": str(home),
        "FOOTNOTE_DATA_DIR": str(home / "data"),
        "FOOTNOTE_EMBEDDER": "none",
        "FOOTNOTE_BROKER_URL": broker,
        "FOOTNOTE_WORK__TICK_SECONDS": "1",
    }
    scene = CeleryScene(home, own | environ)
    with scene.opened:
        yield scene


def database_of(url: str, number: int) -> str:
    """Return the address of another database of a Redis."""
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def wait_until(true: Callable[[], bool], what: Callable[[], object] = lambda: "waited for nothing") -> None:
    """Wait until something is true, for as long as a test may take."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)
