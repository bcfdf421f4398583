"""The methods `conversations.*`: what an app may know of channels, their members and their messages."""

from collections.abc import Iterable

from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_json import channel_json
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_methods import Asked, Method, page
from tests.fakes.slack_state import Channel, Json, Message


_SCOPE_KINDS = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_READ = tuple(f"{one}:read" for one in _SCOPE_KINDS.values())
_HISTORY = tuple(f"{one}:history" for one in _SCOPE_KINDS.values())
_WRITE = tuple(f"{one}:write" for one in ("im", "mpim", "groups", "channels"))
_RANGE = ("cursor", "limit", "oldest", "latest", "inclusive", "include_all_metadata")


def _scoped(asked: Asked, right: str, *, member: bool = False) -> Channel:
    """Return the conversation, for which the token needs a scope of its kind."""
    channel = asked.channel(member=member)
    asked.need(f"{_SCOPE_KINDS[channel.kind]}:{right}")
    return channel


def _info(asked: Asked) -> Json:
    channel = _scoped(asked, "read")
    members = bool(asked.arguments.get("include_num_members", False))
    told = channel_json(asked.world, channel, asked.bot, members=members)
    if asked.arguments.get("include_locale"):
        told["locale"] = "en-US"
    return {"ok": True, "channel": told}


def _members(asked: Asked) -> Json:
    channel = _scoped(asked, "read")
    members, following = page(list(channel.members), asked)
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": following}}


def _history(asked: Asked) -> Json:
    channel = _scoped(asked, "history", member=True)
    kept = asked.world.messages.get(channel.id, {}).values()
    roots = [one for one in kept if not one.deleted and (one.root == one.ts or one.broadcast)]
    shown, following = page(_between(asked, sorted(roots, key=lambda one: one.ts, reverse=True)), asked)
    return _messages(asked, shown, following)


def _replies(asked: Asked) -> Json:
    channel = _scoped(asked, "history", member=True)
    asked_for = asked.world.message(channel.id, asked.text("ts"))
    # The thread of a deleted message goes on below its tombstone.
    first = asked_for.root if asked_for is not None else asked.text("ts")
    answers = asked.world.replies(channel.id, first)
    if asked_for is None and not answers:
        raise ApiError("thread_not_found")
    root = asked.world.message(channel.id, first)
    replies = _between(asked, answers)
    shown, following = page([*([root] if root else []), *replies], asked)
    return _messages(asked, shown, following)


def _between(asked: Asked, messages: Iterable[Message]) -> list[Message]:
    oldest, latest = float(asked.text("oldest") or 0), float(asked.text("latest") or 1e12)
    if asked.arguments.get("inclusive"):
        return [one for one in messages if oldest <= float(one.ts) <= latest]
    return [one for one in messages if oldest < float(one.ts) < latest]


def _messages(asked: Asked, shown: list[Message], following: str) -> Json:
    metadata = bool(asked.arguments.get("include_all_metadata", False))
    told = [message_json(asked.world, one, metadata=metadata) for one in shown]
    answer: Json = {"ok": True, "messages": told, "has_more": bool(following)}
    return answer | ({"response_metadata": {"next_cursor": following}} if following else {})


def _open(asked: Asked) -> Json:
    world, installation = asked.world, asked.installation
    if asked.text("channel"):
        channel = asked.channel()
        if channel.kind not in ("im", "mpim"):
            raise ApiError("method_not_supported_for_channel_type")
    else:
        channel = world.direct(*_partners(asked), installation.bot_user)
    told = channel_json(world, channel, asked.bot) if asked.arguments.get("return_im") else {"id": channel.id}
    return {"ok": True, "channel": told}


def _partners(asked: Asked) -> list[str]:
    """Return with whom to open a conversation, each of whom the app can see and who can read it."""
    wanted = [one.strip() for one in asked.text("users").split(",") if one.strip()]
    if not wanted:
        raise ApiError("users_list_not_supplied")
    if len(wanted) > 8:
        raise ApiError("too_many_users")
    for one in wanted:
        person = asked.world.visible_user(asked.installation.team_id, one)
        if person is None:
            raise ApiError("user_not_found")
        if person.deleted:
            raise ApiError("user_disabled")
    return wanted


METHODS = {
    "conversations.info": Method(
        _info, ("channel",), ("include_locale", "include_num_members"), _READ, takes_json=False
    ),
    "conversations.members": Method(_members, ("channel",), ("cursor", "limit"), _READ, takes_json=False),
    "conversations.history": Method(_history, ("channel",), _RANGE, _HISTORY, takes_json=False),
    "conversations.replies": Method(_replies, ("channel", "ts"), _RANGE, _HISTORY, takes_json=False),
    "conversations.open": Method(_open, (), ("channel", "users", "prevent_creation", "return_im"), _WRITE),
}
