"""A `footnote serve` of its own for one scenario, which may be killed and started again."""

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.scenarios.machine import ROOT


START_S = 60.0
END_S = 40.0


@dataclass(slots=True)
class Served:
    """
    The server process of an installation.

    Attributes:
        home: its folder; the log is in it.
        settings: its environment.
        name: of its log, where several serve one installation.
        url: where it listens; empty before it does.

    """

    home: Path
    settings: Mapping[str, str]
    name: str = "serve"
    url: str = ""
    port: int = 0
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def log(self) -> str:
        """Return what it wrote to its log so far."""
        path = self.home / f"{self.name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def pid(self) -> int:
        """Return its process id."""
        assert self._process is not None
        return self._process.pid

    @contextmanager
    def installation(self) -> Iterator[Footnote]:
        """Open the installation beside the server, as an admin at a terminal does."""
        with open_footnote(Settings.load(self.settings, env_file=None)) as footnote:
            yield footnote

    def is_idle(self) -> bool:
        """Say whether no delivery waits or is worked on."""
        with closing(sqlite3.connect(self.home / "data" / "records.db")) as database:
            return not database.execute("SELECT 1 FROM deliveries WHERE state <> 'done'").fetchall()

    def begin(self) -> None:
        """Start it and wait until it takes requests."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        own = {"HOME": str(self.home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        with (self.home / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve", "--port", str(self.port)],
                cwd=self.home, env={**kept, **own, **self.settings}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.url = self._listening()
        self.port = int(self.url.rpartition(":")[2])

    def start(self) -> None:
        """Start it and wait until it can answer."""
        self.begin()
        process = self._process
        assert process is not None
        ends = time.monotonic() + START_S
        while self.ready() != {"ready": True, "missing": []}:
            assert process.poll() is None, self.log
            assert time.monotonic() < ends, f"not ready: {self.ready()}\n{self.log}"
            time.sleep(0.05)

    def ready(self) -> dict[str, object]:
        """Return what /readyz says."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310 - loopback
                return dict(json.load(answer))
        except HTTPError as refused:
            return dict(json.load(refused))
        except (URLError, OSError):
            return {}

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(how)
        try:
            code = process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        assert process.stdout is not None
        process.stdout.close()
        self._process = None
        return code

    def _listening(self) -> str:
        """Return the address that it tells."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            if select.select([process.stdout], [], [], 0.2)[0]:
                line = process.stdout.readline()
                assert line, self.log
                if "listens on" in line:
                    return line.partition("listens on ")[2].partition(";")[0].strip()
        raise AssertionError(self.log)
