"""The methods `chat.*` that post, change and delete whole messages."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.slack_blocks import ONE_TABLE, check_blocks, more_than_one_table, texts_in
from tests.fakes.slack_errors import ApiError, refused
from tests.fakes.slack_events import tell_change, tell_deletion, tell_message
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_methods import Asked, Method
from tests.fakes.slack_shapes import length
from tests.fakes.slack_state import Channel, Ephemeral, Json, Message
from tests.fakes.slack_world import World


_CONTENT = ("text", "blocks", "attachments", "markdown_text", "link_names", "parse", "as_user")
_LOOKS = ("icon_emoji", "icon_url", "username", "mrkdwn")


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, checked."""

    text: str
    blocks: list[Json]
    attachments: list[Json]
    metadata: Json | None


def content_of(world: World, given: Json) -> Content:
    """
    Check what a message says.

    Raises:
        ApiError: no_text, markdown_text_conflict, msg_too_long, invalid_blocks and their kin.

    """
    blocks, attachments = given.get("blocks", []), given.get("attachments", [])
    text, markdown = str(given.get("text", "")), given.get("markdown_text")
    if markdown is not None:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        if length(markdown) > world.rules.markdown_chars:
            raise ApiError("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}] if markdown else []
        text = markdown
    if not (text.strip() or blocks or attachments):
        raise ApiError("no_text")
    check_message_blocks(world, blocks)
    check_metadata(given.get("metadata"))
    return Content(text[: world.rules.text_chars], numbered(world, blocks), attachments, given.get("metadata"))


def check_message_blocks(world: World, blocks: Any) -> None:
    """Refuse blocks that no message may have."""
    wrong = check_blocks(blocks, most=world.rules.message_blocks)
    if wrong:
        raise refused("invalid_blocks", wrong)
    if more_than_one_table(blocks):
        raise refused("invalid_attachments", [ONE_TABLE])
    markdown = sum(length(one["text"]) for one in blocks if one["type"] == "markdown")
    if markdown > world.rules.markdown_chars or sum(map(length, texts_in(blocks))) > world.rules.blocks_chars:
        raise ApiError("msg_blocks_too_long")


def check_metadata(metadata: Json | None) -> None:
    """Refuse metadata without a name, or whose payload is no object; an empty object is none."""
    if not metadata:
        return
    named = isinstance(metadata.get("event_type"), str) and metadata["event_type"]
    whole = named and isinstance(metadata.get("event_payload"), dict)
    if not (whole or "entities" in metadata) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise ApiError("invalid_metadata_schema")


def numbered(world: World, blocks: list[Json]) -> list[Json]:
    """Return blocks with an id each, as Slack gives one to those that came without."""
    return [{"block_id": world.id("b"), **one} for one in blocks]


def place_of(asked: Asked) -> Channel:
    """Return where to post: a conversation that the bot is in, or the direct one with a user."""
    world, wanted = asked.world, asked.text("channel")
    if wanted in world.users:
        person = asked.person("channel", "channel_not_found")
        if person.role == "bot" or person.deleted:
            raise ApiError("channel_not_found")
        return world.direct(person.id, asked.installation.bot_user)
    channel = asked.channel()
    if asked.installation.bot_user not in channel.members and "chat:write.public" not in asked.installation.scopes:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    return channel


def thread_of(asked: Asked, channel: Channel) -> str:
    """
    Return the root of the thread to post in; "" for none.

    Raises:
        ApiError: thread_not_found where no message ever had this timestamp.

    """
    wanted = asked.text("thread_ts")
    if not wanted:
        return ""
    there = asked.world.messages.get(channel.id, {}).get(wanted)
    if there is None:
        raise ApiError("thread_not_found")
    return there.root


def new_message(asked: Asked, channel: Channel) -> Message:
    """Return an empty message of the app, not posted yet."""
    to = asked.installation
    made = Message(channel.id, asked.world.ts(), to.bot_user, to.team_id, thread_ts=thread_of(asked, channel))
    made.bot_id, made.app_id = to.bot_id, to.app.id
    return made


def posted(asked: Asked, message: Message) -> None:
    """Keep a message, clear the status of its thread, tell of it."""
    asked.world.keep(message)
    asked.world.statuses.pop((message.channel, message.root), None)
    tell_message(asked.world, message)


def _post_message(asked: Asked) -> Json:
    channel = place_of(asked)
    content = content_of(asked.world, asked.arguments)
    message = new_message(asked, channel)
    _put(message, content)
    message.unfurl_links = bool(asked.arguments.get("unfurl_links", True))
    message.unfurl_media = bool(asked.arguments.get("unfurl_media", True))
    message.broadcast = bool(asked.arguments.get("reply_broadcast", False))
    posted(asked, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message_json(asked.world, message)}


def _put(message: Message, content: Content) -> None:
    message.text, message.blocks = content.text, content.blocks
    message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata or None


def _update(asked: Asked) -> Json:
    world = asked.world
    message = asked.own_message("cant_update_message")
    expire(world, message)
    if message.stream is not None and message.stream.state == "in_progress":
        raise ApiError("streaming_state_conflict")
    if length(asked.text("text")) > world.rules.update_chars:
        raise ApiError("msg_too_long")
    content = content_of(world, asked.arguments)
    previous = message_json(world, message)
    message.versions.append(message.text)
    message.stream = None
    _put(message, content)
    if "blocks" not in asked.arguments:
        message.edited_by, message.edited_ts = asked.installation.bot_user, world.ts()
    tell_change(world, message, previous)
    told = message_json(world, message)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": told}


def expire(world: World, message: Message) -> None:
    """Let a stream that lived too long expire."""
    stream = message.stream
    if stream is None or stream.state != "in_progress":
        return
    if world.clock.monotonic() - stream.began_s >= world.rules.stream_life_s:
        stream.state = "expired"


def _delete(asked: Asked) -> Json:
    message = asked.own_message("cant_delete_message")
    previous = message_json(asked.world, message)
    message.deleted = True
    tell_deletion(asked.world, message, previous)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def _post_ephemeral(asked: Asked) -> Json:
    channel = asked.channel(member=True)
    if channel.archived:
        raise ApiError("is_archived")
    person = asked.person()
    if person.id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = content_of(asked.world, asked.arguments)
    shown = Ephemeral(channel.id, person.id, asked.world.ts(), content.text, content.blocks)
    shown.thread_ts = thread_of(asked, channel)
    shown.app_id, shown.team_id = asked.installation.app.id, asked.installation.team_id
    asked.world.ephemerals.append(shown)
    return {"ok": True, "message_ts": shown.ts}


def _permalink(asked: Asked) -> Json:
    channel = asked.channel()
    message = asked.world.message(channel.id, asked.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    domain = asked.world.teams[asked.installation.team_id].domain
    address = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": address}


METHODS = {
    "chat.postMessage": Method(
        _post_message,
        ("channel",),
        (*_CONTENT, *_LOOKS, "metadata", "thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media"),
        ("chat:write",),
    ),
    "chat.update": Method(
        _update, ("channel", "ts"), (*_CONTENT, "metadata", "file_ids", "reply_broadcast"), ("chat:write",)
    ),
    "chat.delete": Method(_delete, ("channel", "ts"), ("as_user",), ("chat:write",)),
    "chat.postEphemeral": Method(
        _post_ephemeral, ("channel", "user"), (*_CONTENT, *_LOOKS, "thread_ts"), ("chat:write",)
    ),
    "chat.getPermalink": Method(_permalink, ("channel", "message_ts"), takes_json=False),
}
