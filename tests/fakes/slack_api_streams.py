"""The methods `chat.startStream`, `chat.appendStream` and `chat.stopStream`, with their states and limits."""

from tests.fakes.slack_api_chat import (
    check_message_blocks,
    check_metadata,
    expire,
    new_message,
    numbered,
    place_of,
    posted,
)
from tests.fakes.slack_api_sessions import STATUSES, set_session
from tests.fakes.slack_errors import ApiError, refused
from tests.fakes.slack_events import tell_change
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_methods import Asked, Method
from tests.fakes.slack_shapes import length
from tests.fakes.slack_state import Channel, Json, Message, Stream
from tests.fakes.slack_stream import add_chunk, check_chunks, chunk_size, stream_text


def _start(asked: Asked) -> Json:
    channel = place_of(asked)
    if not asked.text("thread_ts"):
        raise refused("invalid_arguments", ["missing required field: thread_ts"])
    mode = asked.text("task_display_mode") or "timeline"
    if mode not in ("timeline", "plan"):
        raise refused("invalid_arguments", ["must be one of timeline, plan [json-pointer:/task_display_mode]"])
    _check_recipient(asked, channel)
    chunks = _chunks_of(asked, needed=False)
    stream = Stream(asked.world.clock.monotonic(), task_display_mode=mode)
    stream.recipient_user_id = asked.text("recipient_user_id")
    stream.recipient_team_id = asked.text("recipient_team_id")
    message = new_message(asked, channel)
    message.stream = stream
    _grow(asked, message, chunks)
    posted(asked, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def _check_recipient(asked: Asked, channel: Channel) -> None:
    """Refuse a stream outside a direct conversation that does not say for whom it is."""
    world, user_id, team_id = asked.world, asked.text("recipient_user_id"), asked.text("recipient_team_id")
    if channel.kind != "im" and not user_id:
        raise ApiError("missing_recipient_user_id")
    if channel.kind != "im" and not team_id:
        raise ApiError("missing_recipient_team_id")
    if team_id and team_id not in world.teams:
        raise ApiError("team_not_found")
    if user_id:
        person = asked.person("recipient_user_id")
        if team_id and person.team_id != team_id:
            raise ApiError("user_not_found")


def _chunks_of(asked: Asked, *, needed: bool = True) -> list[Json]:
    """Return what a call adds as chunks; its markdown_text is one of them."""
    markdown, chunks = asked.text("markdown_text"), asked.arguments.get("chunks")
    if length(markdown) > asked.world.rules.markdown_chars:
        raise ApiError("msg_too_long")
    if chunks is not None:
        wrong = check_chunks(chunks)
        if wrong:
            raise refused("invalid_chunks", wrong)
    if needed and not markdown and not chunks:
        raise ApiError("no_text")
    return ([{"type": "markdown_text", "text": markdown}] if markdown else []) + (chunks or [])


def _grow(asked: Asked, message: Message, chunks: list[Json]) -> None:
    """Let a stream grow by all chunks, or by none where they are too much."""
    stream, rules = _stream(message), asked.world.rules
    if stream.size + sum(map(chunk_size, chunks)) > rules.stream_bytes:
        raise ApiError("msg_too_long")
    blocks = [inside for one in chunks if one["type"] == "blocks" for inside in one["blocks"]]
    held = sum(isinstance(one, dict) and one["type"] != "task_card" for one in stream.parts)
    if held + len(blocks) > rules.message_blocks:
        raise ApiError("msg_blocks_too_many")
    for chunk in chunks:
        shown = {"blocks": numbered(asked.world, chunk["blocks"])} if chunk["type"] == "blocks" else {}
        add_chunk(stream, chunk | shown)
    message.text = stream_text(stream)


def _stream(message: Message) -> Stream:
    if message.stream is None:
        raise ApiError("message_not_in_streaming_state")
    return message.stream


def _open_stream(asked: Asked, *, stopped: bool = False) -> Message:
    """Return the streamed message that a call is about; `stopped` lets one pass whose stop button was pressed."""
    message = asked.own_message("message_not_owned_by_app")
    expire(asked.world, message)
    state = _stream(message).state
    if state == "stopped" and not stopped:
        raise ApiError("stopped_by_user")
    if state not in ("in_progress", "stopped"):
        raise ApiError("message_not_in_streaming_state")
    return message


def _append(asked: Asked) -> Json:
    message = _open_stream(asked)
    _grow(asked, message, _chunks_of(asked))
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def _stop(asked: Asked) -> Json:
    world = asked.world
    message = _open_stream(asked, stopped=world.rules.stop_stopped_stream)
    stream = _stream(message)
    status = asked.text("session_status")
    if status and status not in STATUSES:
        raise refused("invalid_arguments", [f"must be one of {', '.join(STATUSES)} [json-pointer:/session_status]"])
    blocks = asked.arguments.get("blocks", [])
    check_message_blocks(world, blocks)
    check_metadata(asked.arguments.get("metadata"))
    chunks = _chunks_of(asked, needed=False)
    if not (chunks or blocks or stream.parts or stream.tasks):
        raise ApiError("no_text")
    previous = message_json(world, message)
    _grow(asked, message, chunks)
    stream.final_blocks = numbered(world, blocks)
    stream.state = "completed"
    message.metadata = asked.arguments.get("metadata", message.metadata)
    if status:
        set_session(asked, message.channel, message.root, status)
    tell_change(world, message, previous)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "message": message_json(world, message)}


_TEXT = ("markdown_text", "chunks")
_LOOKS = ("icon_emoji", "icon_url", "username")
METHODS = {
    "chat.startStream": Method(
        _start,
        ("channel",),
        (*_TEXT, *_LOOKS, "thread_ts", "recipient_user_id", "recipient_team_id", "task_display_mode"),
        ("chat:write",),
    ),
    "chat.appendStream": Method(_append, ("channel", "ts"), _TEXT, ("chat:write",)),
    "chat.stopStream": Method(
        _stop, ("channel", "ts"), (*_TEXT, "blocks", "metadata", "session_status"), ("chat:write",)
    ),
}
