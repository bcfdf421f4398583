"""
What every chat platform is to those who use it: people, places, what people do there, and what is seen of the bot.

Scenarios are written in these words alone, so that they run for each platform. It knows none of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import pytest

from pipelines.wiring import Footnote
from tests.scenarios.served import Served


PATIENCE_S = 20.0
File = tuple[str, bytes]
"""Name and content of a file that somebody sends."""


class Ability(StrEnum):
    """What not every platform lets people or its bots do, each with the reason for which a scenario is left out."""

    READS_ALONG = "the bot is not told what people write to each other"
    WRITES_OPENLY = "in a place nobody sees an answer while it is written"
    STOPS_OPENLY = "in a place an answer cannot be stopped"
    FILES_OPENLY = "a bot cannot read the files that are sent in a place"
    STRANGERS = "no place is shared with another organisation"
    STEERED = "the platform chooses which process hears of what happens"


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where several people write.

    Attributes:
        key: by which our records know it.
        own: the platform's, for its own office alone.

    """

    key: str
    own: Any


@dataclass(frozen=True, slots=True)
class Said:
    """A message that somebody wrote. What it holds is the platform's own, and for its own office alone."""

    own: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A message that the bot shows.

    Attributes:
        key: it is the same for as long as the message is there, however often its text is changed.
        text: all that is read in it.
        answer: number of the recorded answer that it shows; 0 for none.

    """

    key: str
    text: str
    answer: int


class Person(ABC):
    """Somebody who uses the platform."""

    @property
    @abstractmethod
    def principal(self) -> str:
        """Return the name under which our records know who asked."""

    @abstractmethod
    def asks(self, place: Place, text: str, *, after: Said | None = None, files: Sequence[File] = ()) -> Said:
        """Write in a place to the bot by its name; `after` is any message of the thread where it stands."""

    @abstractmethod
    def writes(
        self,
        place: Place,
        text: str,
        *,
        to: "Person | None" = None,
        after: Said | None = None,
        files: Sequence[File] = (),
    ) -> Said:
        """Write in a place to everybody, or to somebody by name, and not to the bot."""

    @abstractmethod
    def tells(self, text: str, *, after: Said | None = None, files: Sequence[File] = ()) -> Said:
        """Write to the bot alone; `after` is any message of the conversation that goes on."""

    @abstractmethod
    def edits(self, said: Said, text: str) -> None:
        """Change the words of one's own message; to whom it is written stays."""

    @abstractmethod
    def deletes(self, said: Said) -> None:
        """Take one's own message back."""

    @abstractmethod
    def stops(self, question: Said) -> None:
        """Stop the answer that is written."""

    @abstractmethod
    def thumbs_up(self, question: Said) -> None:
        """Praise the answer to a question."""

    @abstractmethod
    def shares(self, question: Said, place: Place, text: str) -> Said:
        """Let the bot answer in a place, in these words, what one asked alone; return what it is shown under there."""

    @abstractmethod
    def commands(self, words: str, place: Place) -> str:
        """Give one of our commands in a place, such as `bind board`; return what is told behind it. Blocks."""

    @abstractmethod
    def asks_by_command(self, text: str, place: Place) -> None:
        """Ask by a command in a place, so that nobody else there sees it. Blocks until it is taken."""

    @abstractmethod
    def speaks(self, language: str) -> None:
        """Use the platform in a language from now on: `en` or `de`."""

    @abstractmethod
    def joins(self, place: Place) -> None:
        """Come into a place."""


class ChatOffice(ABC):
    """
    An office that uses one platform, and a Footnote of its own over real HTTP.

    Attributes:
        served: Footnote's server.
        abilities: what the platform can do of what not every one can.
        ann: a member.
        bob: a member who reads the board's base.
        boss: a member who is an admin of Footnote.
        gus: a guest.
        eve: somebody of another organisation.
        general: a place of all members.
        lobby: a place with a guest.
        project: a place of some members.
        joint: a place that is shared with the other organisation.

    """

    served: Served
    abilities: frozenset[Ability]
    ann: Person
    bob: Person
    boss: Person
    gus: Person
    eve: Person
    general: Place
    lobby: Place
    project: Place
    joint: Place

    # --- what is seen -------------------------------------------------------------------

    @abstractmethod
    def replies(self, said: Said) -> list[Shown]:
        """Return all that the bot shows in the thread of a message, oldest first."""

    @abstractmethod
    def final(self, question: Said) -> list[Shown]:
        """Return the messages in their final form that answer exactly this message, oldest first."""

    @abstractmethod
    def is_whole(self, question: Said) -> bool:
        """Say whether all messages of a question's outcome are there in their final form."""

    @abstractmethod
    def being_written(self, said: Said) -> list[Shown]:
        """Return the messages in the thread of a message that are still written."""

    @abstractmethod
    def is_stopped(self, question: Said) -> bool:
        """Say whether it is told that the answer was stopped."""

    @abstractmethod
    def is_waited_for(self, question: Said) -> bool:
        """Say whether the platform still shows that the bot works on a question."""

    @abstractmethod
    def privately(self, person: Person) -> list[str]:
        """Return the texts of what the bot answered somebody alone."""

    @abstractmethod
    def openly(self, place: Place) -> list[str]:
        """Return the texts of all messages that everyone in a place can read."""

    @abstractmethod
    def files_looked_at(self) -> int:
        """Return how often the bot asked the platform for a file."""

    # --- how it goes on -----------------------------------------------------------------

    @abstractmethod
    def settle(self) -> None:
        """Wait until the bot has taken all that happened. Blocks."""

    @abstractmethod
    def wait_for(self, promise: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Say whether a promise came true within some seconds. Blocks."""

    @abstractmethod
    def is_heard_by(self, served: Served) -> None:
        """Let this process of Footnote hear of what happens from now on; it needs `Ability.STEERED`."""

    # --- the same for all ---------------------------------------------------------------

    @property
    def home(self) -> Path:
        """Return the folder of the installation."""
        return self.served.home

    @property
    def log(self) -> str:
        """Return what the server wrote to its log so far."""
        return self.served.log

    def needs(self, *abilities: Ability) -> None:
        """Leave a scenario out on a platform that lacks one of these."""
        for one in abilities:
            if one not in self.abilities:
                pytest.skip(one.value)

    @contextmanager
    def installation(self) -> Iterator[Footnote]:
        """Open the installation beside the server, as an admin at a terminal does."""
        with self.served.installation() as footnote:
            yield footnote

    def is_idle(self) -> bool:
        """Say whether no delivery waits or is worked on."""
        return self.served.is_idle()

    def answered(self, question: Said, seconds: float = PATIENCE_S) -> str:
        """Return all that is shown of the outcome of a question, once it is there whole. Blocks."""
        assert self.wait_for(lambda: self.is_whole(question), seconds), self.log[-3000:]
        return "\n".join(one.text for one in self.final(question))


class WayIn(Protocol):
    """One way of one platform to bring to Footnote what happens."""

    def __call__(
        self, home: Path, *, settings: Mapping[str, str] | None = None, rate_limits: bool = False
    ) -> AbstractContextManager[ChatOffice]:
        """
        Open an office of its own.

        Args:
            home: an empty folder for it.
            settings: of its Footnote, beside those that the platform needs.
            rate_limits: whether the platform refuses calls that come too often.

        """
