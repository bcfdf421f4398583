"""What a person said: a message of Slack in our terms, its words as a person reads them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.slack.fields import Json, bot_of, ids_of, object_of, team_of, text_of
from pipelines.domain.values import Value
from pipelines.errors import BadInput


_PERSON = re.compile(r"<(?:@|!subteam\^|!here|!channel|!everyone)")
_REFERENCE = re.compile(r"<([^<>]*)>")
# All that Slack escapes. What else looks like an entity is what somebody typed, of whatever length.
_MEANT = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ESCAPED = re.compile("|".join(_MEANT))


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
    event = object_of(told, "event")
    message = object_of(event, "message") if text_of(event, "subtype") == "message_changed" else event
    team, channel = team_of(told), text_of(event, "channel")
    user, ts = text_of(message, "user"), text_of(message, "ts")
    if not (team and channel and user and ts):
        raise BadInput("the message names no workspace, channel, person or time")
    bot, words = bot_of(told), text_of(message, "text")
    kind = text_of(event, "channel_type")
    return Said(
        team=team,
        user=user,
        user_team=text_of(message, "user_team") or text_of(message, "team") or team,
        channel=channel,
        place=PlaceKind(kind) if kind in set(PlaceKind) else None,
        ts=ts,
        thread=text_of(message, "thread_ts") or ts,
        text=plain(words, bot),
        mentions=names(words, bot),
        external=told.get("is_ext_shared_channel") is True,
        files=tuple(ids_of(message.get("files"))),
    )


def plain(text: str, bot: str = "") -> str:
    """
    Return the words of a message as a person reads them.

    Args:
        text: in Slack's form: `<@U1>`, `<#C1|name>`, `<!here>`, `<https://…|words>`, `&lt;`.
        bot: id of our user, whose mention is left out.

    """
    read = _REFERENCE.sub(lambda found: _reference(found[1], bot), text)
    return _ESCAPED.sub(lambda found: _MEANT[found[0]], read).strip()


def names(text: str, bot: str) -> bool:
    """Say whether a text mentions the bot."""
    return bool(bot) and any(inside.partition("|")[0] == f"@{bot}" for inside in _REFERENCE.findall(text))


def names_people(text: str) -> bool:
    """Say whether a message that does not mention the bot names people or groups: it is for them."""
    return bool(_PERSON.search(text))


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
