"""Work in a process of its own, under limits that this one must not have."""

import os
import resource
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import pytest

from pipelines.errors import FootnoteError


NOBODY = 65534
NO_FAULT = "no fault"

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")


def fault_in_a_child(work: Callable[..., object], *arguments: Any) -> str:
    """Return the sentence with which the work fails in a new process, or that it did not fail."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_report, args=(work, arguments, there))
    child.start()
    there.close()
    said: str = here.recv()
    child.join()
    here.close()
    return said


def become_nobody() -> None:
    """Give up root's rights."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)


def fill_disk(most: int) -> None:
    """Let no file of this process grow beyond `most` bytes: the kernel answers as for a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _report(work: Callable[..., object], arguments: tuple[Any, ...], there: Connection) -> None:
    try:
        work(*arguments)
    except FootnoteError as fault:
        there.send(str(fault))
    else:
        there.send(NO_FAULT)
