"""
What is asked by a button, a dialogue, a shortcut or a command: no message of Slack, so a delivery with a body of ours.

So it is as durable as a message: it is kept before the button is acknowledged. Not how it is answered.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from bot.slack.events import PLATFORM, asker_of, key_of, lane_of
from bot.slack.fields import Json, text_of
from pipelines.domain.deliveries import Delivery, DeliveryKind
from pipelines.domain.values import Value
from pipelines.errors import BadInput


TYPE = "footnote_request"
"""`type` of the body; Slack's own events have another."""


class RequestKind(StrEnum):
    """How something was asked."""

    CHOICE = "choice"
    """One of the questions that an answer offered, in its thread."""
    SHARE = "share"
    """In a channel, a question that was answered in private."""
    SHORTCUT = "shortcut"
    """A message of somebody, in its thread."""
    PRIVATE = "private"
    """In the direct conversation, by the command or the shortcut."""
    PERSON = "person"
    """Of people and not of us."""


@dataclass(frozen=True, slots=True)
class Request(Value):
    """
    A question.

    Attributes:
        kind: how it was asked.
        team: the app's workspace.
        channel: where it is to be answered; empty for the direct conversation with who asks.
        thread: time of the message that the thread begins with; empty where the thread is still to be begun.
        question_ts: time of the message that asks, or with which it was asked; empty as `thread` is.
        user: who asks.
        text: its words.
        private: whether only who asks reads there.

    """

    kind: RequestKind
    team: str
    channel: str
    thread: str
    question_ts: str
    user: str
    text: str
    private: bool

    @property
    def is_placed(self) -> bool:
        """Whether the thread is there in which it is to be answered."""
        return bool(self.thread)

    def placed(self, channel: str, thread: str) -> "Request":
        """Return the same in a thread that was begun for it."""
        return replace(self, channel=channel, thread=thread, question_ts=thread)

    def as_json(self) -> str:
        """Return it as the body of a delivery."""
        return json.dumps({"type": TYPE, **asdict(self)})

    def delivery(self, *once: str) -> Delivery:
        """
        Return it as a delivery.

        Args:
            once: what its key names it by: with these the same request is known again, such as the trigger's id.

        Raises:
            BadInput: a name is none of Slack's.

        """
        key = key_of(DeliveryKind.ACTION, self.team, self.channel or self.user, *once)
        lane = lane_of(self.team, self.channel, self.thread) if self.is_placed else ""
        return Delivery(key, PLATFORM, DeliveryKind.ACTION, lane, self.as_json(), asker_of(self.user))


def is_request(told: Json) -> bool:
    """Say whether the body of a delivery is a request of ours."""
    return text_of(told, "type") == TYPE


def request_of(told: Json) -> Request:
    """
    Return the request that a body holds.

    Raises:
        BadInput: it is none.

    """
    kind = text_of(told, "kind")
    if not is_request(told) or kind not in set(RequestKind):
        raise BadInput("the body of a delivery is no request of ours")
    return Request(
        kind=RequestKind(kind),
        team=text_of(told, "team"),
        channel=text_of(told, "channel"),
        thread=text_of(told, "thread"),
        question_ts=text_of(told, "question_ts"),
        user=text_of(told, "user"),
        text=text_of(told, "text"),
        private=told.get("private") is True,
    )
