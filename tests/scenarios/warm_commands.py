"""
Commands in processes of their own that need not import everything anew.

A server imports the product once and forks for each command; the child gets its own
environment, folder and streams. How a command really starts is tested in
`test_terminal_start.py`.
"""

import gc
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any


ROOT = Path(__file__).parents[2]
MODULES = (
    "bot.cli.terminal",
    "pipelines.adapters.parser_processes",
    "pipelines.adapters.records",
    "pipelines.adapters.sources.folder",
    "pipelines.adapters.sqlite_index",
    "pipelines.answering.pipeline",
    "pipelines.operation.job_process",
    "pipelines.operation.watching",
    "pipelines.work",
)
_STREAMS = 3
_LONGEST = 1_000_000


class WarmCommands:
    """The server, seen from the tests. Not for threads."""

    def __init__(self) -> None:
        """Start it."""
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.scenarios.warm_commands", str(theirs.fileno())],
                cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def run(
        self, words: Sequence[str], *, folder: Path, environment: Mapping[str, str], typed: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run `footnote` with these words to its end."""
        request = json.dumps({"words": list(words), "folder": str(folder), "environment": dict(environment)})
        with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
            stdin.write(typed.encode())
            stdin.seek(0)
            streams = [one.fileno() for one in (stdin, stdout, stderr)]
            socket.send_fds(self._socket, [request.encode("utf-8", "surrogateescape")], streams)
            code = int(self._socket.recv(16))
            told = []
            for one in (stdout, stderr):
                one.seek(0)
                told.append(one.read().decode())
        return subprocess.CompletedProcess(list(words), code, *told)

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.wait(60)


def serve(requests: socket.socket) -> int | None:
    """Do what is asked until nobody asks any more; in the process of a command, return its exit code."""
    while True:
        data, streams, _, _ = socket.recv_fds(requests, _LONGEST, _STREAMS)
        if not data:
            return None
        child = os.fork()
        if not child:
            requests.close()
            return _command(json.loads(data.decode("utf-8", "surrogateescape")), streams)
        for one in streams:
            os.close(one)
        requests.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _command(request: dict[str, Any], streams: Sequence[int]) -> int:
    from bot.cli.edge import run  # noqa: PLC0415 - the tests that import this module do not need it

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    return run(request["words"])


def main() -> int:
    """Load the product and serve on the socket with this number."""
    for name in MODULES:
        import_module(name)
    # What is loaded stays in memory that the children share.
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        code = serve(requests)
    return code or 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
