"""Lines in a terminal: wrapped to its width, coloured unless NO_COLOR is set. The home of rich's console."""

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.lines import Line, Look
from bot.printable import address, flat


_STYLES = {
    Look.PLAIN: Style(),
    Look.STRONG: Style(bold=True),
    Look.QUIET: Style(dim=True),
    Look.GOOD: Style(color="green"),
    Look.CARE: Style(color="yellow"),
    Look.BAD: Style(color="red"),
    Look.LINK: Style(color="blue", underline=True),
}
_NARROWEST = 20


class RichScreen:
    """A terminal. Text is never read as rich's markup."""

    def __init__(self, stream: TextIO, *, width: int | None = None) -> None:
        """Take the stream; its width is the terminal's unless one is given."""
        self._console = Console(file=stream, markup=False, emoji=False, highlight=False, width=width)

    def show(self, shown: Iterable[Line]) -> None:
        """Write the lines in order."""
        for line in shown:
            self._one(line, flat(line.text))

    def _one(self, line: Line, part: str) -> None:
        indent = Text(" " * line.indent)
        if line.look is Look.LINK:
            # A terminal that knows links opens it however it is broken on the screen.
            link = Text(part, style=_STYLES[Look.LINK] + Style(link=address(part)))
            self._console.print(indent + link, soft_wrap=True)
            return
        width = max(_NARROWEST, self._console.width - line.indent)
        for row in Text(part, style=_STYLES[line.look]).wrap(self._console, width):
            row.rstrip()
            self._console.print(indent + row, soft_wrap=True)
