"""Events of the Events API: who is told of what, in which body. Sends nothing itself."""

import base64
import json
from collections.abc import Iterable

from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_json import channel_type, user_json
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_state import Channel, Installation, Json, Message, User
from tests.fakes.slack_world import World


_MESSAGE_EVENTS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
TOMBSTONE = "This message was deleted."


def envelope(world: World, to: Installation, event: Json, *, team_id: str = "", shared: bool = False) -> Json:
    """Return an event's whole body; `team_id` is the workspace where it happened."""
    enterprise = world.teams[to.team_id].enterprise_id or None
    about = {"et": event["type"], "tid": to.team_id, "aid": to.app.id, "cid": str(event.get("channel", ""))}
    context = base64.b64encode(json.dumps(about).encode()).decode().rstrip("=")
    body: Json = {
        "token": to.app.verification_token,
        "team_id": team_id or to.team_id,
        "context_team_id": to.team_id,
        "context_enterprise_id": enterprise,
        "api_app_id": to.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": world.id("Ev"),
        "event_time": world.seconds(),
        "authorizations": [
            {
                "enterprise_id": enterprise,
                "team_id": to.team_id,
                "user_id": to.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{context}",
    }
    return body if enterprise is None else body | {"enterprise_id": enterprise}


def tell_installation(world: World, to: Installation, event: Json, *, subscribed: str = "", team_id: str = "") -> None:
    """Send an event to one installation, if it is subscribed to it."""
    if to.revoked or (subscribed or event["type"]) not in to.app.events:
        return
    channel = world.channels.get(str(event.get("channel", "")))
    shared = channel is not None and world.external(channel)
    body = envelope(world, to, event, team_id=team_id, shared=shared)
    world.send(Delivery("event", to.app, to.team_id, body))


def tell_team(world: World, team_ids: Iterable[str], event: Json) -> None:
    """Send an event to all installations of some workspaces."""
    for to in list(world.installations):
        if to.team_id in team_ids:
            tell_installation(world, to, event)


def tell_channel(world: World, channel: Channel, event: Json, *, actor: User, subscribed: str = "") -> None:
    """Send an event to the installations whose bots are in a channel."""
    for to in list(world.installed_in(channel)):
        tell_installation(world, to, event, subscribed=subscribed, team_id=_happened_in(world, to, actor))


def _happened_in(world: World, to: Installation, actor: User) -> str:
    """Return the workspace of whoever acted; a colleague of the same Enterprise Grid acts in the app's own."""
    same_grid = actor.enterprise_id and actor.enterprise_id == world.teams[to.team_id].enterprise_id
    return to.team_id if same_grid else actor.team_id


def tell_message(world: World, message: Message) -> None:
    """Tell of a new message: `message` to all, and `app_mention` under an event of its own to who is named in it."""
    channel, actor = world.channels[message.channel], world.users[message.user]
    body = _in_channel(world, message, channel) | _about_author(world, channel, actor)
    if message.broadcast and message.thread_ts:
        body |= {"subtype": "thread_broadcast", "root": message_json(world, _root(world, message))}
    tell_channel(world, channel, body, actor=actor, subscribed=_MESSAGE_EVENTS[channel.kind])
    tell_mentions(world, message)


def tell_mentions(world: World, message: Message, *, before: str = "") -> None:
    """Tell the apps that a message names and an earlier text of it did not; never in a direct conversation."""
    channel, actor = world.channels[message.channel], world.users[message.user]
    if channel.kind == "im" or message.subtype.endswith(("_join", "_leave")):
        return
    for to in list(world.installed_in(channel)):
        named = f"<@{to.bot_user}>"
        if named in message.text and named not in before and actor.id != to.bot_user:
            body = _in_channel(world, message, channel) | _about_author(world, channel, actor)
            body |= {"type": "app_mention"}
            for name in ("channel_type", "subtype", "parent_user_id", "reactions"):
                body.pop(name, None)
            tell_installation(world, to, body, team_id=_happened_in(world, to, actor))


def tell_change(world: World, message: Message, previous: Json) -> None:
    """Tell that a message changed: an edit, a preview of a link, an update by its app."""
    channel, actor = world.channels[message.channel], world.users[message.user]
    now = message_json(world, message) | _about_author(world, channel, actor)
    body = _hidden(world, channel, "message_changed") | {"message": now, "previous_message": previous}
    tell_channel(world, channel, body, actor=actor, subscribed=_MESSAGE_EVENTS[channel.kind])


def tell_deletion(world: World, message: Message, previous: Json) -> None:
    """Tell that a message is gone; a root that has replies is replaced by a tombstone, which is a change."""
    channel, actor = world.channels[message.channel], world.users[message.user]
    if world.replies(message.channel, message.ts):
        thread = {name: previous[name] for name in ("thread_ts", "reply_count", "reply_users", "latest_reply")}
        stone = {"type": "message", "subtype": "tombstone", "hidden": True, "user": "USLACKBOT", "text": TOMBSTONE}
        stone |= {"ts": message.ts, **thread, "reply_users_count": len(thread["reply_users"]), "is_locked": False}
        body = _hidden(world, channel, "message_changed") | {"message": stone, "previous_message": previous}
    else:
        body = _hidden(world, channel, "message_deleted") | {"deleted_ts": message.ts, "previous_message": previous}
    tell_channel(world, channel, body, actor=actor, subscribed=_MESSAGE_EVENTS[channel.kind])


def tell_reaction(world: World, message: Message, who: User, emoji: str, *, added: bool) -> None:
    """Tell that a person put a reaction on a message, or took it away."""
    body: Json = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": who.id,
        "reaction": emoji,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": world.ts(),
    }
    tell_channel(world, world.channels[message.channel], body, actor=who)


def tell_user(world: World, user: User) -> None:
    """Tell every workspace that knows a user of a change of the account."""
    for to in list(world.installations):
        if world.visible_user(to.team_id, user.id) is not None:
            told = user_json(world, user, to.team_id, email="users:read.email" in to.scopes)
            body = {"type": "user_change", "user": told, "cache_ts": world.seconds(), "event_ts": world.ts()}
            tell_installation(world, to, body)


def tell_membership(world: World, channel: Channel, who: User, *, joined: bool, inviter: str = "") -> None:
    """Tell that somebody joined a channel or left it; a bot that was sent away hears of it nevertheless."""
    body: Json = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": who.id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "private" else "C",
        "team": who.team_id,
        "event_ts": world.ts(),
    }
    if inviter:
        body["inviter"] = inviter
    for to in list(world.installations):
        if to.bot_user in channel.members or to.bot_user == who.id:
            tell_installation(world, to, body, team_id=_happened_in(world, to, who))


def _in_channel(world: World, message: Message, channel: Channel) -> Json:
    told = message_json(world, message)
    for name in ("reactions", "metadata", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
        told.pop(name, None)
    for name in ("is_locked", "subscribed"):
        told.pop(name, None)
    return told | {"channel": channel.id, "event_ts": message.ts, "channel_type": channel_type(channel)}


def _hidden(world: World, channel: Channel, subtype: str) -> Json:
    now = world.ts()
    told = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id}
    return told | {"ts": now, "event_ts": now, "channel_type": channel_type(channel)}


def _root(world: World, message: Message) -> Message:
    return world.messages[message.channel][message.thread_ts]


def _about_author(world: World, channel: Channel, actor: User) -> Json:
    """Return what an event in a shared channel says of its author besides the id."""
    if not world.external(channel) or actor.role == "bot":
        return {}
    return {
        "user_team": actor.team_id,
        "source_team": actor.team_id,
        "user_profile": {
            "avatar_hash": "g0",
            "image_72": "https://avatars.example/72.png",
            "first_name": actor.real_name.partition(" ")[0],
            "real_name": actor.real_name,
            "display_name": actor.name,
            "team": actor.team_id,
            "name": actor.name,
            "is_restricted": actor.role in ("guest", "single_channel_guest"),
            "is_ultra_restricted": actor.role == "single_channel_guest",
        },
    }
