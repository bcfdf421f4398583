"""
Slack's JSON, read: what a verified request is, and what an event says. The only reader of it.

Nothing here trusts the shape of what it reads: a field of another type is as good as absent.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any
from urllib.parse import parse_qs

from pipelines.domain.deliveries import Delivery, DeliveryKind
from pipelines.domain.values import Value
from pipelines.errors import BadInput


PLATFORM = "slack"
Json = Mapping[str, Any]

_LONGEST = 250
"""Characters of a key or a lane, as the records take them."""
_WITH_WORDS = frozenset({"", "file_share", "thread_broadcast", "me_message"})
_REFERENCE = re.compile(r"<([^<>]*)>")


class Needed(Enum):
    """Under which condition an event concerns us; the door knows whether it holds."""

    ALWAYS = "always"
    HELD_THREAD = "held thread"
    """The thread in which it was said is one that we answer in."""
    AUTO_ANSWER = "auto answer"
    """An admin switched on answers in its channel."""


@dataclass(frozen=True, slots=True)
class Challenge(Value):
    """Slack asks whether this address is ours; the value is to be sent back."""

    value: str


@dataclass(frozen=True, slots=True)
class Interaction(Value):
    """A command, a button, a dialogue or a shortcut, which is answered at once."""

    team: str


@dataclass(frozen=True, slots=True)
class Event(Value):
    """
    Something that happened.

    Attributes:
        delivery: it, as it is to be kept.
        needed: whether it concerns us.
        lane: its thread's, also where the delivery waits for none.
        channel: where; empty for none.

    """

    delivery: Delivery
    needed: Needed
    lane: str
    channel: str


@dataclass(frozen=True, slots=True)
class Ignored(Value):
    """A request that asks for nothing: 200."""

    why: str


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
        BadInput: it is no JSON object.

    """
    told = parsed(text)
    kind = _text(told, "type")
    if kind == "url_verification":
        return Challenge(_text(told, "challenge"))
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
        return Interaction(_text(_object(payload, "team"), "id"))
    if "ssl_check" in fields:
        return Ignored("it looks whether our certificate is good")
    if "command" in fields:
        return Interaction(fields.get("team_id", [""])[0])
    raise BadInput("the body of the request is no form of Slack's")


# --- events ----------------------------------------------------------------------


def team_of(told: Json) -> str:
    """Return the workspace whose app is told, which is not always the one where it happened."""
    return _text(_authorization(told), "team_id") or _text(told, "team_id")


def bot_of(told: Json) -> str:
    """Return the id of our own user there."""
    return _text(_authorization(told), "user_id")


def _event(told: Json, text: str) -> Received:
    event = _object(told, "event")
    kind = _text(event, "type")
    team = team_of(told)
    if not team or not kind:
        raise BadInput("the event names no workspace or no type")
    if kind in {"message", "app_mention"}:
        return _message(told, event, team, text)
    if kind == "reaction_added":
        return _reaction(told, event, team, text)
    channel = _channel(event)
    return _kept(DeliveryKind.EVENT, (team, _text(told, "event_id")), text, channel=channel)


def _message(told: Json, event: Json, team: str, text: str) -> Received:
    subtype = _text(event, "subtype")
    channel = _text(event, "channel")
    if subtype == "message_changed":
        return _edit(told, event, team, text)
    if subtype == "message_deleted":
        return _delete(told, event, team, text)
    if subtype not in _WITH_WORDS:
        return Ignored(f"a message of subtype {subtype[:40]!r}")
    if _text(event, "bot_id") or not _text(event, "user") or _text(event, "user") == bot_of(told):
        return Ignored("a program wrote it")
    ts = _text(event, "ts")
    lane = lane_of(team, channel, _text(event, "thread_ts") or ts)
    needed = _needed(told, event)
    return _kept(DeliveryKind.NEW, (team, channel, ts), text, channel=channel, lane=lane, needed=needed)


def _needed(told: Json, event: Json) -> Needed:
    """Return under which condition a new message concerns us."""
    said = _text(event, "text")
    mentioned = _text(event, "type") == "app_mention" or _names(said, bot_of(told))
    if mentioned or _text(event, "channel_type") == "im":
        return Needed.ALWAYS
    return Needed.HELD_THREAD if _text(event, "thread_ts") else Needed.AUTO_ANSWER


def _edit(told: Json, event: Json, team: str, text: str) -> Received:
    """Return an edit; what changed nothing but a preview, and what a program wrote, asks for nothing."""
    message, before = _object(event, "message"), _object(event, "previous_message")
    if _text(message, "subtype") == "tombstone":
        return _delete(told, {**event, "deleted_ts": _text(message, "ts")}, team, text)
    if _text(message, "bot_id") or _text(message, "user") == bot_of(told):
        return Ignored("a program's message changed")
    if _text(message, "text") == _text(before, "text"):
        return Ignored("its words did not change")
    channel, ts = _text(event, "channel"), _text(message, "ts")
    edited = _text(_object(message, "edited"), "ts") or _text(event, "event_ts")
    lane = lane_of(team, channel, _text(message, "thread_ts") or ts)
    return _kept(DeliveryKind.EDIT, (team, channel, ts, edited), text, channel=channel, known=lane)


def _delete(told: Json, event: Json, team: str, text: str) -> Received:
    before = _object(event, "previous_message")
    if _text(before, "bot_id") or _text(before, "user") == bot_of(told):
        return Ignored("a program's message was deleted")
    channel, ts = _text(event, "channel"), _text(event, "deleted_ts")
    lane = lane_of(team, channel, _text(before, "thread_ts") or ts)
    return _kept(DeliveryKind.DELETE, (team, channel, ts), text, channel=channel, known=lane)


def _reaction(told: Json, event: Json, team: str, text: str) -> Received:
    item = _object(event, "item")
    channel, ts = _text(item, "channel"), _text(item, "ts")
    if _text(item, "type") != "message" or not channel or not ts:
        return Ignored("a reaction to no message")
    if _text(event, "item_user") != bot_of(told):
        return Ignored("a reaction to somebody else's message")
    parts = (team, channel, ts, _text(event, "user"), _text(event, "reaction"), _text(event, "event_ts"))
    return _kept(DeliveryKind.REACTION, parts, text, channel=channel)


def _kept(
    kind: DeliveryKind,
    parts: tuple[str, ...],
    text: str,
    *,
    channel: str,
    lane: str = "",
    known: str = "",
    needed: Needed = Needed.ALWAYS,
) -> Event:
    """Return an event as it is to be kept; `known` is the thread of one that waits for none of it."""
    return Event(Delivery(key_of(kind, *parts), PLATFORM, kind, lane, text), needed, lane or known, channel)


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


def _named(*parts: str) -> str:
    name = ":".join((PLATFORM, *(part.replace(":", "%3A") for part in parts)))
    if not all(parts) or len(name) > _LONGEST or not name.isascii() or not name.isprintable():
        raise BadInput("the event has an empty name, or one that is none of Slack's")
    return name


# --- what was said ------------------------------------------------------------------


class PlaceKind(StrEnum):
    """Who reads what is said in a place."""

    DIRECT = "im"
    GROUP = "mpim"
    PRIVATE = "group"
    PUBLIC = "channel"


@dataclass(frozen=True, slots=True)
class Said(Value):
    """
    A message of a person.

    Attributes:
        team: the workspace whose app was told.
        user: who wrote it.
        user_team: workspace of who wrote it, as far as the event tells it; else that of the app.
        channel: where.
        place: who reads it there; None if the event does not tell.
        ts: its time, which is its name in the channel.
        thread: time of the message that its thread began with; its own, if it begins one.
        text: its words, without the mention of the bot and without Slack's marks.
        mentions: whether the bot is named in it.
        external: whether people of other organisations read it.
        files: ids of the files that are with it.

    """

    team: str
    user: str
    user_team: str
    channel: str
    place: PlaceKind | None
    ts: str
    thread: str
    text: str
    mentions: bool
    external: bool
    files: tuple[str, ...]


def said(told: Json) -> Said:
    """
    Return the message of an event `message` or `app_mention`, of an edit the message as it is now.

    Raises:
        BadInput: it names no channel, person or time.

    """
    event = _object(told, "event")
    message = _object(event, "message") if _text(event, "subtype") == "message_changed" else event
    team, channel = team_of(told), _text(event, "channel")
    user, ts = _text(message, "user"), _text(message, "ts")
    if not (team and channel and user and ts):
        raise BadInput("the message names no workspace, channel, person or time")
    bot, words = bot_of(told), _text(message, "text")
    kind = _text(event, "channel_type")
    return Said(
        team=team,
        user=user,
        user_team=_text(message, "user_team") or _text(message, "team") or team,
        channel=channel,
        place=PlaceKind(kind) if kind in set(PlaceKind) else None,
        ts=ts,
        thread=_text(message, "thread_ts") or ts,
        text=plain(words, bot),
        mentions=_names(words, bot),
        external=told.get("is_ext_shared_channel") is True,
        files=tuple(_ids(message.get("files"))),
    )


def plain(text: str, bot: str = "") -> str:
    """
    Return the words of a message as a person reads them.

    Args:
        text: in Slack's form: `<@U1>`, `<#C1|name>`, `<!here>`, `<https://…|words>`, `&lt;`.
        bot: id of our user, whose mention is left out.

    """
    read = _REFERENCE.sub(lambda found: _reference(found[1], bot), text)
    return html.unescape(read).strip()


def _names(text: str, bot: str) -> bool:
    """Say whether a text mentions the bot."""
    return bool(bot) and any(inside.partition("|")[0] == f"@{bot}" for inside in _REFERENCE.findall(text))


def _reference(inside: str, bot: str) -> str:
    """Return what stands between angle brackets, in words."""
    name, _, label = inside.partition("|")
    if bot and name == f"@{bot}":
        return ""
    if name.startswith("!"):
        return label or f"@{name[1:].partition('^')[0]}"
    if name.startswith("#"):
        return f"#{label or name[1:]}"
    if name.startswith("@"):
        return f"@{label}" if label else name
    return label or name


# --- fields -------------------------------------------------------------------------


def _text(told: Json, name: str) -> str:
    found = told.get(name)
    return found if isinstance(found, str) else ""


def _object(told: Json, name: str) -> Json:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _authorization(told: Json) -> Json:
    listed = told.get("authorizations")
    first = listed[0] if isinstance(listed, list) and listed else {}
    return first if isinstance(first, dict) else {}


def _channel(event: Json) -> str:
    return _text(event, "channel") or _text(_object(event, "item"), "channel")


def _ids(files: object) -> Iterator[str]:
    for one in files if isinstance(files, list) else []:
        if isinstance(one, dict) and _text(one, "id"):
            yield _text(one, "id")
