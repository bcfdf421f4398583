"""What buttons and dialogues are called, and what they carry. Blocks write it, events read it back."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


class Action(StrEnum):
    """What a button asks for: its `action_id`, up to a colon; behind the colon stands which of several it is."""

    SHOW_EVIDENCE = "show_evidence"
    ASK_PERSON = "ask_person"
    SHARE = "share"
    CHOICE = "choice"
    FEEDBACK = "feedback"
    REMOVE = "remove"
    FORGET = "forget"
    FORGET_ALL = "forget_all"


class Dialogue(StrEnum):
    """What a dialogue is about: its `callback_id`."""

    EVIDENCE = "evidence"
    FEEDBACK = "feedback"
    ASK_PERSON = "ask_person"
    SHARE = "share"
    QUESTION = "question"
    NOTICE = "notice"
    """It only says something."""


class Shortcut(StrEnum):
    """What a shortcut asks for: its `callback_id`, as the manifest declares it."""

    ANSWER_WITH_SOURCES = "answer_with_sources"
    """Of a message: answer it."""
    ASK = "ask"
    """Anywhere: ask a question."""


class Field(StrEnum):
    """A field of a dialogue: its `block_id` and its `action_id`."""

    REASON = "reason"
    DETAIL = "detail"
    QUESTION = "question"
    CHANNEL = "channel"


THUMB_UP = "up"
THUMB_DOWN = "down"


@dataclass(frozen=True, slots=True)
class Pressed(Value):
    """
    What a button or a dialogue is about.

    Attributes:
        answer: number of the recorded answer; 0 if it was not recorded.
        delivery: number of the delivery that it answers; 0 if there is none.
        detail: what else is to be known: the choice, the thumb.

    """

    answer: int
    delivery: int
    detail: str = ""

    def as_value(self) -> str:
        """Return it as a button's value or a dialogue's metadata."""
        return f"{self.answer}:{self.delivery}:{self.detail}"


def pressed(value: str) -> Pressed | None:
    """Return what a value says; None if it is none of ours."""
    answer, _, rest = value.partition(":")
    delivery, colon, detail = rest.partition(":")
    if not colon or not _is_number(answer) or not _is_number(delivery):
        return None
    return Pressed(int(answer), int(delivery), detail)


def action_of(action_id: str) -> Action | None:
    """Return what an `action_id` asks for; None if it is none of ours."""
    name = action_id.partition(":")[0]
    return next((one for one in Action if one == name), None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(2**63))
