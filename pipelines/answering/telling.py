"""Who watches an answer while it is made, and until when it must be there."""

from collections.abc import Callable, Sequence
from typing import Protocol

from pipelines.domain.conversation import ClosestDocument
from pipelines.ports.model import CallCancelled


class Watcher(Protocol):
    """A place that shows an answer while it is written. Called in the thread that answers."""

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """
        Show what an answer is now written from, before its first sentence.

        Args:
            passages: how many there are, each confirmed against the reader's rights of this moment.
            documents: those behind them, best first, each once; none where they belong to no base.

        """

    def said(self, text: str) -> None:
        """Show the next sentence, with its marks and what parts it from the one before."""

    def started_over(self) -> None:
        """Take back all that was said: the answer that is returned is another one."""

    def stopped(self) -> bool:
        """Say whether the person wants it no longer; asked often, so it must be quick."""


class Nobody:
    """Watches nothing: for an answer that is wanted whole."""

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show nothing."""

    def said(self, text: str) -> None:
        """Show nothing."""

    def started_over(self) -> None:
        """Take nothing back."""

    def stopped(self) -> bool:
        """Say that it is wanted."""
        return False


class Telling:
    """
    What goes with a question through the graph: who watches, and when it was asked.

    Haystack copies what it hands from node to node; this is the same for all of them.
    """

    def __init__(self, began: float, watcher: Watcher | None = None) -> None:
        """Take the moment of asking, in seconds of the clock that never goes back, and who watches."""
        self.began = began
        self.watcher: Watcher = watcher or Nobody()

    def __deepcopy__(self, _memo: dict[int, object]) -> "Telling":
        """Stay the one that it is."""
        return self

    def check_wanted(self) -> None:
        """
        Do nothing while the answer is wanted.

        Raises:
            CallCancelled: it is not.

        """
        if self.watcher.stopped():
            raise CallCancelled("nobody waits for the answer any longer")

    def late(self, monotonic: Callable[[], float], seconds: float) -> bool:
        """Say whether so many seconds have passed since the question was asked."""
        return monotonic() - self.began >= seconds
