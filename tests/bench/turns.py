"""Commands that take turns of some seconds, so that other work on the machine weighs alike on what they measure."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage


_TURN_S = 2.0
_LOOK_S = 0.02


def in_turn(commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> dict[str, str]:
    """
    Run commands to their end, one at a time and two seconds each; return what each wrote.

    Raises:
        subprocess.CalledProcessError: one failed; the others are ended.

    """
    with tempfile.TemporaryDirectory() as folder:
        written = {name: Path(folder, str(number)) for number, name in enumerate(commands)}
        with _started(commands, environment, written) as running:
            while running:
                for name, process in list(running.items()):
                    if _turn(process):
                        del running[name]
        return {name: file.read_text(encoding="utf-8") for name, file in written.items()}


def cpu_seconds() -> float:
    """Return the CPU time, user and system, of this process and of its children that ended."""
    used = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextmanager
def _started(
    commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], written: Mapping[str, Path]
) -> "Iterator[dict[str, subprocess.Popen[bytes]]]":
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            with written[name].open("wb") as file:
                # A session of its own: its children stop with it.
                running[name] = subprocess.Popen(command, env=environment, stdout=file, start_new_session=True)
            _signal(running[name], signal.SIGSTOP)
        yield running
    finally:
        for process in running.values():
            _signal(process, signal.SIGKILL)
            process.wait()


def _turn(process: "subprocess.Popen[bytes]") -> bool:
    """Let a command run for its time; return whether it ended."""
    _signal(process, signal.SIGCONT)
    until = time.monotonic() + _TURN_S
    while time.monotonic() < until:
        code = process.poll()
        if code is not None:
            if code:
                raise subprocess.CalledProcessError(code, process.args)
            return True
        time.sleep(_LOOK_S)
    _signal(process, signal.SIGSTOP)
    return False


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
