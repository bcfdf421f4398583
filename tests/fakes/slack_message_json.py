"""Messages and files in the JSON in which Slack tells of them. Changes nothing."""

from typing import Any

from tests.fakes.slack_state import Json, Message, StoredFile
from tests.fakes.slack_stream import stream_blocks
from tests.fakes.slack_world import World


def file_json(world: World, file: StoredFile) -> Json:
    """Return a file as `files.info` and messages show it."""
    kind = file.name.rpartition(".")[2]
    private = f"{world.url}/files-pri/{file.team_id}-{file.id}"
    public = [one for one in file.channels if world.channels[one].kind == "public"]
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.name,
        "mimetype": file.mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "user_team": file.team_id,
        "editable": False,
        "size": len(file.content),
        "mode": "external" if file.external else "hosted",
        "is_external": file.external,
        "external_type": "gdrive" if file.external else "",
        "is_public": bool(public),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{private}/{file.name}",
        "url_private_download": f"{private}/download/{file.name}",
        "permalink": f"https://{world.teams[file.team_id].domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "permalink_public": f"https://slack-files.com/{file.team_id}-{file.id}",
        "media_display_type": "unknown",
        "has_rich_preview": False,
        "is_starred": False,
        "file_access": "visible",
        "channels": public,
        "groups": [one for one in file.channels if world.channels[one].kind == "private"],
        "ims": [one for one in file.channels if world.channels[one].kind == "im"],
    }


def bot_profile(world: World, message: Message) -> Json:
    """Return `bot_profile` of a message of an app."""
    return {
        "id": message.bot_id,
        "app_id": message.app_id,
        "name": world.apps[message.app_id].name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": message.team_id,
    }


def message_json(world: World, message: Message, *, metadata: bool = True) -> Json:
    """Return a message as events, `conversations.history` and interactions show it."""
    told: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    optional: dict[str, Any] = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "team": message.team_id,
        "thread_ts": message.thread_ts,
        "blocks": present_blocks(message),
        "attachments": message.attachments,
        "files": [file_json(world, world.files[one]) for one in message.files],
        "app_context": message.app_context,
        "metadata": message.metadata if metadata else None,
    }
    told |= {name: value for name, value in optional.items() if value}
    if message.bot_id:
        told |= {"bot_id": message.bot_id, "app_id": message.app_id, "bot_profile": bot_profile(world, message)}
    if message.stream is not None:
        state = {"in_progress": "in_progress", "completed": "completed"}.get(message.stream.state, "errored")
        told["streaming_state"] = state
    if message.edited_ts:
        told["edited"] = {"user": message.edited_by, "ts": message.edited_ts}
    if message.reactions:
        told["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
    return told | _thread_json(world, message)


def _thread_json(world: World, message: Message) -> Json:
    replies = world.replies(message.channel, message.ts)
    if replies and message.root == message.ts:
        people = list(dict.fromkeys(one.user for one in replies))
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "latest_reply": replies[-1].ts,
            "reply_users": people,
            "is_locked": False,
            "subscribed": False,
        }
    root = world.messages[message.channel].get(message.thread_ts) if message.thread_ts else None
    return {"parent_user_id": root.user} if root is not None and root is not message else {}


def present_blocks(message: Message) -> list[Json]:
    """Return the blocks that a message shows now; of a streamed one those that its chunks made."""
    if message.stream is None or message.blocks:
        return message.blocks
    return stream_blocks(message.stream)
