"""Files that somebody hands along with a question, for that one answer."""

from dataclasses import dataclass, field

from pipelines.domain.values import Value
from pipelines.errors import BadInput


@dataclass(frozen=True, slots=True)
class HandedFile(Value):
    """A file as it came: its name, whose ending tells the format, and its bytes."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnreadFile(Value):
    """A file that could not be read, by name. `reason` is one clause for a person."""

    name: str
    reason: str


class NoFileRead(BadInput):
    """
    None of the files that came with a question could be read.

    Attributes:
        unread: all of them.

    """

    def __init__(self, unread: tuple[UnreadFile, ...]) -> None:
        told = "; ".join(f"{one.name}: {one.reason}" for one in unread)
        super().__init__(f"none of the files can be read: {told}" if told else "no file came with the question")
        self.unread = unread
