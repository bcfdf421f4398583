"""Work in a process of its own, under limits that this one must not have."""

import os
import resource
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import FootnoteError


NOBODY = 65534
NO_FAULT = "no fault"

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")


def fault_in_a_child(work: Callable[..., object], *arguments: Any) -> str:
    """Return the sentence with which the work fails in a new process, or that it did not fail."""
    child, here = start_child(_report, work, arguments)
    said: str = here.recv()
    child.join()
    here.close()
    return said


def start_child(work: Callable[..., None], *arguments: Any) -> tuple[ForkServerProcess, Connection]:
    """
    Start work in a new process; return it and our end of a pipe.

    The work gets its arguments and, as the last one, its own end. Processes are forked
    from one that has loaded our modules and nothing else: no thread, no open file.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.sync_children"])
    here, there = context.Pipe()
    child = context.Process(target=work, args=(*arguments, there))
    child.start()
    there.close()
    return child, here


def become_nobody() -> None:
    """Give up root's rights."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)


def fill_disk(most: int) -> None:
    """Let no file of this process grow beyond `most` bytes: the kernel answers as for a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def make_on_a_full_disk(use: Callable[[Path], object], file: Path) -> None:
    """Use a file that is not there yet where there is no room for one."""
    fill_disk(10_000)
    use(file)


def use_as_nobody(use: Callable[[Path], object], file: Path) -> None:
    """Use a file without the right to, its folder being the working directory."""
    os.chdir(file.parent)
    become_nobody()
    use(Path(file.name))


def _report(work: Callable[..., object], arguments: tuple[Any, ...], there: Connection) -> None:
    try:
        work(*arguments)
    except FootnoteError as fault:
        there.send(str(fault))
    else:
        there.send(NO_FAULT)
