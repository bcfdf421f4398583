"""Clicks, submitted modals, shortcuts and commands in the form in which Slack sends them. Sends nothing itself."""

from collections.abc import Callable
from typing import Any

from tests.fakes.slack_journal import Delivery, Kind
from tests.fakes.slack_json import view_json
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_state import (
    Channel,
    Ephemeral,
    Installation,
    Json,
    Message,
    ResponseUrl,
    Trigger,
    User,
    View,
)
from tests.fakes.slack_world import World


Then = Callable[[Json], Any]
Shown = Message | Ephemeral


def sent(
    world: World, to: Installation, payload: Json, *, then: Then | None = None, kind: Kind = "interaction"
) -> Delivery:
    """Send an interaction or a command on its way and return it."""
    delivery = Delivery(kind, to.app, to.team_id, payload, then)
    world.send(delivery)
    return delivery


def interaction(world: World, to: Installation, who: User, kind: str, *, view_id: str = "") -> Json:
    """Return what every interaction holds: who, where, and a fresh trigger."""
    team = world.teams[to.team_id]
    enterprise = {"id": team.enterprise_id, "name": "Enterprise"} if team.enterprise_id else None
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": who.team_id},
        "api_app_id": to.app.id,
        "token": to.app.verification_token,
        "trigger_id": trigger(world, to, who, view_id=view_id),
        "enterprise": enterprise,
        "is_enterprise_install": False,
    }


def trigger(world: World, to: Installation, who: User, *, view_id: str = "") -> str:
    """Return the id of a new trigger."""
    made = Trigger(
        f"{world.id('')}.{to.team_id[1:]}.{who.id.lower()}", to.app.id, to.team_id, who.id, world.clock.monotonic()
    )
    made.view_id = view_id
    world.triggers[made.id] = made
    return made.id


def response_url(world: World, to: Installation, who: User, channel: Channel, about: Shown | None = None) -> str:
    """Return an address where the app may answer a few times."""
    made = ResponseUrl(world.id("R"), to.app.id, to.team_id, who.id, channel.id, world.clock.monotonic(), about)
    world.response_urls[made.id] = made
    return f"{world.url}/response/{made.id}"


def channel_name(channel: Channel) -> str:
    """Return the name that interactions and commands give a conversation."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def click_on_message(world: World, to: Installation, who: User, shown: Shown, action: Json) -> Json:
    """Return the body of a click on an element of a message."""
    channel = world.channels[shown.channel]
    hidden = isinstance(shown, Ephemeral)
    container: Json = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    if shown.thread_ts:
        container["thread_ts"] = shown.thread_ts
    body = interaction(world, to, who, "block_actions") | {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": {}},
        "response_url": response_url(world, to, who, channel, shown),
        "actions": [action],
    }
    return body if isinstance(shown, Ephemeral) else body | {"message": message_json(world, shown)}


def click_in_view(world: World, to: Installation, who: User, view: View, action: Json) -> Json:
    """Return the body of a click on an element of a modal or a home tab."""
    body = interaction(world, to, who, "block_actions", view_id=view.id)
    body |= {"container": {"type": "view", "view_id": view.id}, "actions": [action]}
    return body | {"view": view_json(world, view)}


def action_of(world: World, block: Json, element: Json, *, value: str = "", option: str = "") -> Json:
    """
    Return what a click on an element says of it.

    Args:
        world: for the time.
        block: the block that holds the element.
        element: what is clicked.
        value: which of two feedback buttons.
        option: the value of the chosen option of a menu.

    Raises:
        ValueError: there is no such button or option.

    """
    told: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    told["action_ts"] = world.ts()
    if element["type"] == "feedback_buttons":
        buttons = [element["positive_button"], element["negative_button"]]
        pressed = next((one for one in buttons if one["value"] == value), None)
        if pressed is None:
            raise ValueError(f"no feedback button has the value {value!r}")
        return told | {"value": value, "text": pressed["text"]}
    if "options" in element or "option_groups" in element:
        return told | {"selected_option": _option(element, option)}
    return told | {name: element[name] for name in ("value", "text", "style", "url") if name in element}


def _option(element: Json, value: str) -> Json:
    grouped = [one for group in element.get("option_groups", []) for one in group["options"]]
    for one in [*element.get("options", []), *grouped]:
        if one["value"] == value:
            found: Json = one
            return found
    raise ValueError(f"{element['action_id']} has no option {value!r}")


def submission(world: World, to: Installation, who: User, view: View, values: Json) -> Json:
    """Return the body of a submitted modal; values: block_id -> action_id -> what was filled in."""
    body = interaction(world, to, who, "view_submission", view_id=view.id)
    return body | {"view": view_json(world, view, values), "response_urls": []}


def closing(world: World, to: Installation, who: User, view: View, *, cleared: bool) -> Json:
    """Return the body of a closed modal."""
    body = interaction(world, to, who, "view_closed")
    body.pop("trigger_id")
    return body | {"view": view_json(world, view), "is_cleared": cleared}


def shortcut(world: World, to: Installation, who: User, callback_id: str, message: Message | None) -> Json:
    """Return the body of a global shortcut, or of one on a message."""
    body = interaction(world, to, who, "shortcut" if message is None else "message_action")
    body |= {"callback_id": callback_id, "action_ts": world.ts()}
    if message is None:
        body.pop("api_app_id")
        body["user"].pop("name")
        return body
    channel = world.channels[message.channel]
    return body | {
        "message_ts": message.ts,
        "message": message_json(world, message),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_url(world, to, who, channel, message),
    }


def slash_command(world: World, to: Installation, who: User, channel: Channel, *, command: str, text: str) -> Json:
    """Return the fields of a command."""
    team = world.teams[to.team_id]
    fields = {
        "token": to.app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": who.id,
        "user_name": who.name,
        "command": command,
        "text": text,
        "api_app_id": to.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(world, to, who, channel),
        "trigger_id": trigger(world, to, who),
    }
    return fields | ({"enterprise_id": team.enterprise_id} if team.enterprise_id else {})
