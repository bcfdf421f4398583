"""
Slack's JSON, read: what a verified request is, and what an event says. The only reader of it.

Nothing here trusts the shape of what it reads: a field of another type is as good as absent.
"""

import json
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import parse_qs

from bot.slack.fields import Json, bot_of, object_of, team_of, text_of
from bot.slack.said import names, names_people, plain
from bot.talk import is_greeting, is_question, is_small_talk
from pipelines.domain.deliveries import Delivery, DeliveryKind, Halt
from pipelines.domain.values import Value
from pipelines.errors import BadInput


PLATFORM = "slack"

_LONGEST = 250
"""Characters of a key or a lane, as the records take them."""
_WITH_WORDS = frozenset({"", "file_share", "thread_broadcast", "me_message"})


class Needed(Enum):
    """Under which condition an event concerns us; the door knows whether it holds."""

    ALWAYS = "always"
    HELD_THREAD = "held thread"
    """The thread in which it was said is one that we answer in."""
    AUTO_ANSWER = "auto answer"
    """An admin switched on answers in its channel."""
    KNOWN_QUESTION = "known question"
    """It changes a message that we were asked with: one that does concerns us under any condition."""


@dataclass(frozen=True, slots=True)
class Challenge(Value):
    """Slack asks whether this address is ours; the value is to be sent back."""

    value: str


@dataclass(frozen=True, slots=True)
class Interaction(Value):
    """A command, a button, a dialogue or a shortcut, which is answered at once."""


@dataclass(frozen=True, slots=True)
class Event(Value):
    """
    Something that happened.

    Attributes:
        delivery: it, as it is to be kept.
        needed: whether it concerns us.
        lane: its thread's, or that of the edits of its message; also where the delivery waits for none.
        channel: where; empty for none.
        about: key of the message that it changes, as it was asked first; empty where it changes none.
        halts: why what is asked with that message, or in that thread, is not to be answered any more; None if it is.

    """

    delivery: Delivery
    needed: Needed
    lane: str
    channel: str
    about: str = ""
    halts: Halt | None = None

    @property
    def thread(self) -> str:
        """Return the lane of the thread in which it was said."""
        return self.lane.rpartition(":")[0] if self.about else self.lane


@dataclass(frozen=True, slots=True)
class Ignored(Value):
    """
    A request that asks for nothing: 200.

    Attributes:
        why: for the log.
        is_loss: events were left out, which somebody should know.

    """

    why: str
    is_loss: bool = False


Received = Challenge | Interaction | Event | Ignored


def received(body: bytes, content_type: str) -> Received:
    """
    Return what a verified request is.

    Args:
        body: as it was received.
        content_type: the header.

    Raises:
        BadInput: it is neither JSON nor a form of Slack's.

    """
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return received_event(body.decode(errors="replace"))
    return _received_form(body)


def received_event(text: str) -> Received:
    """
    Return what a verified request of the Events API is, or an event of Socket Mode.

    Raises:
        BadInput: it is no JSON object, or does not tell its type.

    """
    told = parsed(text)
    kind = text_of(told, "type")
    if not kind:
        raise BadInput("the body of the request tells no type")
    if kind == "url_verification":
        return Challenge(text_of(told, "challenge"))
    if kind == "app_rate_limited":
        return Ignored("Slack sends no events for a minute, since there were over 30,000 in an hour", is_loss=True)
    if kind != "event_callback":
        return Ignored(f"it is of type {kind[:40]!r}")
    return _event(told, text)


def parsed(text: str) -> Json:
    """
    Return a JSON object.

    Raises:
        BadInput: it is none, or nested too deeply to be read.

    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise BadInput("the body of the request is not JSON") from fault
    if not isinstance(told, dict):
        raise BadInput("the body of the request is not a JSON object")
    return told


def _received_form(body: bytes) -> Received:
    try:
        fields = parse_qs(body.decode(), strict_parsing=True, keep_blank_values=True, max_num_fields=100)
    except ValueError as fault:
        raise BadInput("the body of the request is not a form") from fault
    if "payload" in fields:
        payload = parsed(fields["payload"][0])
        if not text_of(payload, "type"):
            raise BadInput("the payload of the form tells no type")
        return Interaction()
    if "ssl_check" in fields:
        return Ignored("it looks whether our certificate is good")
    if "command" in fields:
        return Interaction()
    raise BadInput("the body of the request is no form of Slack's")


# --- events ----------------------------------------------------------------------


def _event(told: Json, text: str) -> Received:
    event = object_of(told, "event")
    kind = text_of(event, "type")
    team = team_of(told)
    if not team or not kind:
        raise BadInput("the event names no workspace or no type")
    if kind in {"message", "app_mention"}:
        return _message(told, event, team, text)
    if kind == "reaction_added":
        return _reaction(told, event, team, text)
    channel = _channel(event)
    parts = (team, text_of(told, "event_id"))
    if kind in {"app_home_opened", "app_context_changed"}:
        # One after another, so that nobody is welcomed twice.
        lane = lane_of(team, channel, "opened") if channel else ""
        return _kept(DeliveryKind.EVENT, parts, text, channel=channel, lane=lane, by=text_of(event, "user"))
    kept = _kept(DeliveryKind.EVENT, parts, text, channel=channel)
    if kind != "agent_session_stopped":
        return kept
    return replace(kept, lane=lane_of(team, channel, text_of(event, "thread_ts")), halts=Halt.STOPPED)


def _message(told: Json, event: Json, team: str, text: str) -> Received:
    subtype = text_of(event, "subtype")
    if subtype == "message_changed":
        return _edit(told, event, team, text)
    if subtype == "message_deleted":
        return _delete(told, event, team, text)
    if subtype not in _WITH_WORDS:
        return Ignored(f"a message of subtype {subtype[:40]!r}")
    if text_of(event, "bot_id") or not text_of(event, "user") or text_of(event, "user") == bot_of(told):
        return Ignored("a program wrote it")
    if text_of(event, "type") == "app_mention" and object_of(event, "edited"):
        # Slack tells of a mention that an edit brought in two ways: as a change, and like this.
        return _edited(told, event, event, team, text)
    return _new(told, event, team, text)


def _new(told: Json, event: Json, team: str, text: str) -> Received:
    channel, ts = text_of(event, "channel"), text_of(event, "ts")
    lane = lane_of(team, channel, text_of(event, "thread_ts") or ts)
    needed = _needed(told, event)
    if needed is None:
        return Ignored("people talk to each other")
    by = text_of(event, "user")
    return _kept(DeliveryKind.NEW, (team, channel, ts), text, channel=channel, lane=lane, needed=needed, by=by)


def _needed(told: Json, event: Json) -> Needed | None:
    """Return under which condition a new message concerns us; None if under none."""
    said, bot = text_of(event, "text"), bot_of(told)
    if text_of(event, "type") == "app_mention" or names(said, bot) or text_of(event, "channel_type") == "im":
        return Needed.ALWAYS
    if names_people(said):
        return None
    if text_of(event, "thread_ts"):
        words = plain(said)
        return None if is_small_talk(words) or is_greeting(words) else Needed.HELD_THREAD
    if text_of(event, "channel_type") == "mpim":
        return None
    return Needed.AUTO_ANSWER if is_question(plain(said)) else None


def _edit(told: Json, event: Json, team: str, text: str) -> Received:
    """Return an edit; what changed nothing but a preview, and what a program wrote, asks for nothing."""
    message, before = object_of(event, "message"), object_of(event, "previous_message")
    if text_of(message, "subtype") == "tombstone":
        return _delete(told, {**event, "deleted_ts": text_of(message, "ts")}, team, text)
    if text_of(message, "bot_id") or text_of(message, "user") == bot_of(told):
        return Ignored("a program's message changed")
    if text_of(message, "text") == text_of(before, "text"):
        return Ignored("its words did not change")
    return _edited(told, event, message, team, text)


def _edited(told: Json, event: Json, message: Json, team: str, text: str) -> Event:
    """Return the edit of a message as it is to be kept; `message` is as it is now."""
    channel, ts = text_of(event, "channel"), text_of(message, "ts")
    edited = text_of(object_of(message, "edited"), "ts") or text_of(event, "event_ts")
    lane = lane_of_edits(team, channel, text_of(message, "thread_ts") or ts, ts)
    # Edits of a message are answered one after another, and not behind the answer that they end.
    parts, by = (team, channel, ts, edited), text_of(message, "user")
    kept = _kept(DeliveryKind.EDIT, parts, text, channel=channel, lane=lane, by=by)
    wordings = (text_of(one, "text") for one in (message, object_of(event, "previous_message")))
    asked = text_of(event, "channel_type") == "im" or any(names(one, bot_of(told)) for one in wordings)
    needed = Needed.ALWAYS if asked else Needed.KNOWN_QUESTION
    return replace(kept, needed=needed, about=key_of(DeliveryKind.NEW, team, channel, ts), halts=Halt.EDITED)


def _delete(told: Json, event: Json, team: str, text: str) -> Received:
    before = object_of(event, "previous_message")
    if text_of(before, "bot_id") or text_of(before, "user") == bot_of(told):
        return Ignored("a program's message was deleted")
    channel, ts = text_of(event, "channel"), text_of(event, "deleted_ts")
    lane = lane_of_edits(team, channel, text_of(before, "thread_ts") or ts, ts)
    kept = _kept(DeliveryKind.DELETE, (team, channel, ts), text, channel=channel, by=text_of(before, "user"))
    about = key_of(DeliveryKind.NEW, team, channel, ts)
    # The question itself may be on its way: Slack repeats what was not acknowledged after minutes.
    as_new = _needed(told, {**before, "channel_type": text_of(event, "channel_type")})
    return replace(kept, needed=as_new or Needed.KNOWN_QUESTION, lane=lane, about=about, halts=Halt.DELETED)


def _reaction(told: Json, event: Json, team: str, text: str) -> Received:
    item = object_of(event, "item")
    channel, ts = text_of(item, "channel"), text_of(item, "ts")
    if text_of(item, "type") != "message" or not channel or not ts:
        return Ignored("a reaction to no message")
    if text_of(event, "item_user") != bot_of(told):
        return Ignored("a reaction to somebody else's message")
    parts = (team, channel, ts, text_of(event, "user"), text_of(event, "reaction"), text_of(event, "event_ts"))
    return _kept(DeliveryKind.REACTION, parts, text, channel=channel, by=text_of(event, "user"))


def _kept(
    kind: DeliveryKind,
    parts: tuple[str, ...],
    text: str,
    *,
    channel: str,
    lane: str = "",
    needed: Needed = Needed.ALWAYS,
    by: str = "",
) -> Event:
    """Return an event as it is to be kept; `by` is the id of who made it, as far as it tells."""
    asker = asker_of(by) if by else ""
    return Event(Delivery(key_of(kind, *parts), PLATFORM, kind, lane, text, asker), needed, lane, channel)


def key_of(kind: DeliveryKind, *parts: str) -> str:
    """
    Return the key of a delivery.

    Args:
        kind: what happened.
        parts: workspace, channel, time of the message, and what tells several of one kind apart; or workspace, event.

    Raises:
        BadInput: a part is empty, or none of Slack's names.

    """
    return _named(*parts, kind)


def lane_of(team: str, channel: str, thread: str) -> str:
    """
    Return the lane of a thread, which is its conversation's name, too.

    Raises:
        BadInput: a part is empty, or none of Slack's names.

    """
    return _named(team, channel, thread)


def lane_of_edits(team: str, channel: str, thread: str, ts: str) -> str:
    """
    Return the lane of the edits of a message, which lies below that of its thread.

    The key of a later edit stands after that of an earlier one: all of Slack's times have the same length.

    Raises:
        BadInput: a part is empty, or none of Slack's names.

    """
    return _named(team, channel, thread, ts)


def asker_of(user: str) -> str:
    """
    Return by which name a person asks.

    Raises:
        BadInput: it is none of Slack's names.

    """
    return _named(user)


def _named(*parts: str) -> str:
    name = ":".join((PLATFORM, *(part.replace(":", "%3A") for part in parts)))
    if not all(parts) or len(name) > _LONGEST or not name.isascii() or not name.isprintable():
        raise BadInput("the event has an empty name, or one that is none of Slack's")
    return name


def _channel(event: Json) -> str:
    return text_of(event, "channel") or text_of(object_of(event, "item"), "channel")
