"""What Slack does with an app's answers: bodies of acknowledgements, and posts to a response_url."""

from typing import Any

from tests.fakes.slack_api_chat import content_of
from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_events import tell_change, tell_deletion, tell_message
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_state import Ephemeral, Json, Message, ResponseUrl, View
from tests.fakes.slack_views import change_view, close_view, push_view, refuse_bad_view
from tests.fakes.slack_world import World


_FIELDS = frozenset(
    [
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "metadata",
        "mrkdwn",
    ]
)


def after_submission(world: World, view: View, body: Json, errors: dict[str, str]) -> None:
    """
    Do what the acknowledgement of a submitted modal asks for; errors go into `errors`.

    Raises:
        ApiError: it asks for nothing that Slack knows, or for a view that Slack does not take.

    """
    match body.get("response_action", ""):
        case "" if not body:
            close_view(world, view)
        case "clear":
            close_view(world, view, whole_stack=True)
        case "errors":
            errors.update(_errors_of(view, body))
        case "update":
            refuse_bad_view(body.get("view", {}), "modal")
            change_view(world, view, body["view"])
        case "push":
            refuse_bad_view(body.get("view", {}), "modal")
            push_view(world, view, view.user, body["view"])
        case _:
            raise ApiError("invalid_response_action", body=body)


def _errors_of(view: View, body: Json) -> dict[str, str]:
    inputs = {one["block_id"] for one in view.content["blocks"] if one["type"] == "input"}
    told = body.get("errors")
    if not isinstance(told, dict) or not told or set(told) - inputs:
        raise ApiError("invalid_errors", inputs=sorted(inputs), errors=told)
    return {str(name): str(text) for name, text in told.items()}


def after_command(world: World, place: ResponseUrl, body: Json) -> None:
    """Show what the acknowledgement of a command says, if it says anything."""
    if body:
        _say(world, place, body)


def use_response_url(world: World, response_id: str, body: Any) -> tuple[int, Json]:
    """Return HTTP's number and the answer to a post to a response_url."""
    place = world.response_urls.get(response_id)
    if place is None:
        return 404, {"ok": False, "error": "invalid_url"}
    if world.clock.monotonic() - place.made_s >= world.rules.response_life_s:
        return 404, {"ok": False, "error": "expired_url"}
    if place.uses >= world.rules.response_uses:
        return 404, {"ok": False, "error": "used_url"}
    if not isinstance(body, dict) or set(body) - _FIELDS:
        return 400, {"ok": False, "error": "invalid_payload"}
    try:
        _respond(world, place, body)
    except ApiError as refusal:
        return 400, refusal.body
    place.uses += 1
    return 200, {"ok": True}


def _respond(world: World, place: ResponseUrl, body: Json) -> None:
    about = place.about
    if body.get("delete_original"):
        if about is None:
            raise ApiError("cant_delete_message")
        _delete(world, about)
    elif body.get("replace_original", False):
        if about is None:
            raise ApiError("cant_update_message")
        _replace(world, about, body)
    else:
        _say(world, place, body)


def _delete(world: World, about: Message | Ephemeral) -> None:
    if isinstance(about, Message):
        previous = message_json(world, about)
        about.deleted = True
        tell_deletion(world, about, previous)
    about.deleted = True


def _replace(world: World, about: Message | Ephemeral, body: Json) -> None:
    content = content_of(world, _content(body))
    if isinstance(about, Ephemeral):
        about.text, about.blocks = content.text, content.blocks
        return
    previous = message_json(world, about)
    about.versions.append(about.text)
    about.text, about.blocks, about.stream = content.text, content.blocks, None
    tell_change(world, about, previous)


def _say(world: World, place: ResponseUrl, body: Json) -> None:
    content = content_of(world, _content(body))
    channel, thread_ts = world.channels[place.channel], str(body.get("thread_ts", ""))
    to = world.installation_of(place.app_id, place.team_id)
    if body.get("response_type", "ephemeral") != "in_channel":
        shown = Ephemeral(channel.id, place.user, world.ts(), content.text, content.blocks, thread_ts)
        shown.app_id, shown.team_id = place.app_id, place.team_id
        world.ephemerals.append(shown)
        return
    message = Message(channel.id, world.ts(), to.bot_user, to.team_id, content.text, thread_ts)
    message.bot_id, message.app_id, message.blocks = to.bot_id, to.app.id, content.blocks
    world.keep(message)
    tell_message(world, message)


def _content(body: Json) -> Json:
    return {name: body[name] for name in ("text", "blocks", "attachments", "metadata") if name in body}
