"""A progress bar on a terminal while a base is synced, or the index moved."""

from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.printable import one_line
from pipelines.domain.jobs import SyncProgress


_LONGEST_PATH = 40


class SyncBar:
    """Open while the sync runs; vanishes when it ends."""

    def __init__(self, stream: TextIO, headline: str) -> None:
        """
        Take where it is shown.

        Args:
            stream: a terminal.
            headline: stands before the bar.

        """
        columns = [
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[path]}", markup=False),
        ]
        console = Console(file=stream, markup=False, emoji=False, highlight=False)
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task(one_line(headline), total=None, path="")

    def __enter__(self) -> Callable[[SyncProgress], None]:
        """Show the bar and return what moves it."""
        self._progress.start()
        return self._update

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def _update(self, progress: SyncProgress) -> None:
        """Show how far the sync is."""
        path = one_line(progress.path)
        shown = path if len(path) <= _LONGEST_PATH else "…" + path[-_LONGEST_PATH:]
        self._progress.update(self._task, completed=progress.done, total=progress.total, path=shown)
