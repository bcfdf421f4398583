"""Footnote as the demonstration runs it: the command that fills its knowledge bases, and the server beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "demo" / "documents"
START_S = 90.0
END_S = 40.0
"""That the server has to end what it began, somewhat more than it takes for itself."""

_LISTENS = "listens on "
_PAUSE_S = 0.1


class NotServed(Exception):
    """Footnote could not be started; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """
    An installation.

    Attributes:
        data: its folder.
        settings: its environment, besides this process's own without any of Slack.

    """

    data: Path
    settings: Mapping[str, str]

    @property
    def log(self) -> Path:
        """Return where the server's log goes."""
        return self.data / "demo-slack.log"

    def fill(self) -> None:
        """
        Read in the demonstration's documents: all for everyone, those about products for guests and strangers too.

        Raises:
            NotServed: a command failed.

        """
        self.data.mkdir(parents=True, exist_ok=True)
        for name, folder, reader in (
            ("demo", DOCUMENTS, "everyone"),
            ("products", DOCUMENTS / "products", "public"),
        ):
            if self._command("kb", "status", name).returncode:
                self._do("kb", "add", name, str(folder))
            self._do("kb", "sync", name)
            self._do("kb", "access", name, "--allow", reader)

    @contextmanager
    def served(self) -> Iterator["Served"]:
        """
        Run the server on a free port while the block lasts, ready to answer.

        Raises:
            NotServed: it does not come up.

        """
        with self.log.open("ab") as log:
            # A group of its own, so that Ctrl-C reaches it by way of this process alone.
            process = subprocess.Popen(
                self._words("serve", "--port", "0"), cwd=self.data, env=self._environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, text=True, process_group=0,
            )  # fmt: skip
        try:
            yield Served(self, process, _ready(self, process))
        finally:
            _end(process)

    def _do(self, *words: str) -> None:
        done = self._command(*words)
        if done.returncode:
            raise NotServed(f"footnote {' '.join(words)} failed:\n{done.stderr or done.stdout}")

    def _command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._words(*words), cwd=self.data, env=self._environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def _words(self, *words: str) -> Sequence[str]:
        return [sys.executable, "-m", "bot.cli", *words]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        own = {"PYTHONPATH": str(ROOT), "FOOTNOTE_DATA_DIR": str(self.data), "PYTHONUNBUFFERED": "1"}
        return {**kept, **own, **self.settings}


@dataclass(frozen=True, slots=True)
class Served:
    """The server, ready; `url` is its address."""

    footnote: Footnote
    process: "subprocess.Popen[str]"
    url: str

    @property
    def fault(self) -> str:
        """Return what is to be said of a server that ended by itself; "" while it runs."""
        return "" if self.process.poll() is None else _fault(self.footnote, self.process)


def _ready(footnote: Footnote, process: "subprocess.Popen[str]") -> str:
    url = ""
    for line in process.stdout or ():
        if _LISTENS in line:
            url = line.partition(_LISTENS)[2].partition(";")[0].strip()
            break
    ends = time.monotonic() + START_S
    while url and time.monotonic() < ends and process.poll() is None:
        if _answers(f"{url}/readyz"):
            return url
        time.sleep(_PAUSE_S)
    raise NotServed(_fault(footnote, process))


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False


def _fault(footnote: Footnote, process: "subprocess.Popen[str]") -> str:
    said = footnote.log.read_text(encoding="utf-8", errors="replace")[-1500:]
    how = "is not ready" if process.poll() is None else f"ended with {process.returncode}"
    return f"footnote serve {how}; its log is {footnote.log}:\n{said}"


def _end(process: "subprocess.Popen[str]") -> None:
    """Ask the server to end, and wait until it has; it takes its job process with it."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
