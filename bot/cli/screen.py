"""Where lines are written: plainly into a file or pipe. The terminal's own is `rich_screen`."""

from collections.abc import Iterable
from typing import Protocol, TextIO

from bot.cli import loading
from bot.lines import Line
from bot.printable import flat


class Screen(Protocol):
    """Shows lines. Nothing in their text takes effect."""

    def show(self, shown: Iterable[Line]) -> None:
        """Write the lines in order."""


class PlainScreen:
    """Every line whole on one line: what is not a terminal has no width and no colour."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def show(self, shown: Iterable[Line]) -> None:
        """Write the lines in order."""
        for line in shown:
            self._stream.write((" " * line.indent + flat(line.text)).rstrip() + "\n")


def screen_of(stream: TextIO) -> Screen:
    """Return the screen that fits a stream."""
    return loading.rich_screen(stream) if stream.isatty() else PlainScreen(stream)
