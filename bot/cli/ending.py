"""Ctrl-C and SIGTERM as a wish: what runs ends at its next step. A second one ends the process at once."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(frozen=True, slots=True)
class Ending:
    """
    The wish that this process ends.

    Attributes:
        asked: says whether there is one.
        wait: waits so many seconds, or until there is one.

    """

    asked: Callable[[], bool]
    wait: Callable[[float], None]


@contextmanager
def graceful_ending() -> Iterator[Ending]:
    """Take signals to end as a wish, until the block ends."""
    wished = threading.Event()

    def wish(number: int, _frame: FrameType | None) -> None:
        wished.set()
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, wish)
    try:
        yield Ending(wished.is_set, lambda seconds: _wait(wished, seconds))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_with_input() -> None:
    """Ask this process to end once its standard input does: whoever held it is gone, even if nothing was said."""

    def watch() -> None:
        # Not by `sys.stdin`, whose lock this thread would hold while the interpreter ends.
        while os.read(0, 1024):
            continue
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="input", daemon=True).start()


def _wait(wished: threading.Event, seconds: float) -> None:
    wished.wait(seconds)
