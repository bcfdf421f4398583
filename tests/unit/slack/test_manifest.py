"""The manifest of Slack's app: valid by Slack's own schema, and no more than is needed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.slack.home import Home
from bot.slack.manifest import EVENTS, PATH, SCOPES, SlackManifest, manifest_of
from bot.slack.messages import Messages
from bot.slack.signals import Signals
from pipelines.errors import BadSettings
from pipelines.setting_slack import OPTIONAL_SCOPES
from pipelines.settings import Settings
from tests.fakes.slack_http import METHODS
from tests.fakes.slack_town import EVENTS as SLACKS_EVENTS
from tests.fakes.slack_town import SCOPES as SLACKS_SCOPES


SCHEMA = json.loads(
    (Path(__file__).parents[2] / "slack_manifest" / "manifest.schema.2.0.0.json").read_text(encoding="utf-8")
)
ADDRESS = "https://bot.example.com/slack/events"
BOT = {"SLACK_BOT_TOKEN": "xoxb-1"}
SECRET = {"SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"}
APP = {"SLACK_APP_TOKEN": "xapp-1-A1-1"}
PLACE = {"FOOTNOTE_PUBLIC_URL": "https://bot.example.com"}


def faults(manifest: dict[str, Any]) -> list[str]:
    """Return what Slack's schema finds wrong."""
    return [one.message for one in Draft7Validator(SCHEMA).iter_errors(manifest)]


def settings(environ: dict[str, str]) -> Settings:
    """Return settings."""
    return Settings.load({"FOOTNOTE_DATA_DIR": "/srv/footnote"} | environ, None)


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_slacks_schema_finds_nothing_wrong(address: str) -> None:
    """Either way to hear of events makes a valid manifest."""
    assert faults(SlackManifest(address).as_json()) == []


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "description"), "x" * 141),
        (("display_information", "long_description"), "x" * 174),
        (("features", "agent_view", "agent_description"), "x" * 301),
        (("features", "slash_commands", 0, "command"), "kb"),
        (("features", "shortcuts", 0, "name"), "x" * 25),
        (("settings", "event_subscriptions", "bot_events"), ["app_mention", "app_mention"]),
        (("settings", "socket_mode"), True),
    ],
)
def test_the_judge_notices_what_is_wrong(part: tuple[str | int, ...], value: object) -> None:
    """A length, a form or a name that Slack refuses is noticed, so that finding nothing means something."""
    manifest = SlackManifest(ADDRESS).as_json()
    inside: Any = manifest
    for name in part[:-1]:
        inside = inside[name]
    inside[part[-1]] = value
    assert faults(manifest)


def test_over_http_every_address_is_the_one_door() -> None:
    """Events, buttons and the command come to one path, and Socket Mode is off."""
    manifest = SlackManifest(ADDRESS).as_json()
    found = [
        manifest["settings"]["event_subscriptions"]["request_url"],
        manifest["settings"]["interactivity"]["request_url"],
        manifest["features"]["slash_commands"][0]["url"],
    ]
    assert found == [ADDRESS] * 3
    assert ADDRESS.endswith(PATH)
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_by_socket_mode_there_is_no_address() -> None:
    """Nothing names an address where Footnote connects to Slack."""
    manifest = SlackManifest("").as_json()
    assert "http" not in json.dumps(manifest)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}


def test_the_app_is_an_agent_with_a_home_a_command_and_two_shortcuts() -> None:
    """What people find in Slack, by the names that the listeners know."""
    features = SlackManifest(ADDRESS).as_json()["features"]
    assert "agent_view" in features
    assert features["app_home"]["home_tab_enabled"] is features["app_home"]["messages_tab_enabled"] is True
    assert features["app_home"]["messages_tab_read_only_enabled"] is False
    assert [one["command"] for one in features["slash_commands"]] == ["/kb"]
    shortcuts = [(one["type"], one["callback_id"], one["name"]) for one in features["shortcuts"]]
    assert shortcuts == [("message", "answer_with_sources", "Answer with sources"), ("global", "ask", "Ask")]


def test_the_tokens_do_not_expire() -> None:
    """Rotation would make SLACK_BOT_TOKEN useless after twelve hours."""
    assert SlackManifest("").as_json()["settings"]["token_rotation_enabled"] is False


def test_the_bot_may_do_this_and_no_more() -> None:
    """A scope is a promise to whoever installs the app: one more of them is a decision, not an accident."""
    scopes = SlackManifest("").as_json()["oauth_config"]["scopes"]
    assert scopes["bot_optional"] == [
        "channels:history",
        "files:read",
        "groups:history",
        "mpim:history",
        "mpim:read",
        "reactions:read",
    ]
    assert [one for one in scopes["bot"] if one not in scopes["bot_optional"]] == [
        "app_mentions:read",
        "assistant:write",
        "channels:read",
        "chat:write",
        "commands",
        "groups:read",
        "im:history",
        "im:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    ]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert set(scopes["bot"]) <= SLACKS_SCOPES
    assert len(set(scopes["bot"])) == len(scopes["bot"])


def test_the_bot_hears_this_and_no_more() -> None:
    """Each event that a listener answers to is subscribed to, and its scope is asked for."""
    heard = SlackManifest("").as_json()["settings"]["event_subscriptions"]["bot_events"]
    assert heard == [
        "agent_session_stopped",
        "app_context_changed",
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_shared",
        "channel_unshared",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "subteam_members_changed",
        "subteam_updated",
        "tokens_revoked",
        "user_change",
    ]
    assert set(heard) <= SLACKS_EVENTS
    assert set(EVENTS.values()) - {""} <= {*SCOPES, *OPTIONAL_SCOPES}


@pytest.mark.parametrize("scope", OPTIONAL_SCOPES)
def test_what_is_not_wanted_is_not_asked_for(scope: str) -> None:
    """Neither the scope nor an event that needs it; nothing else is left out."""
    given = {"FOOTNOTE_DATA_DIR": "/srv/footnote", "FOOTNOTE_PUBLIC_URL": "https://bot.example", "SLACK_WITHOUT": scope}
    whole = SlackManifest("https://bot.example/slack/events").as_json()
    told = manifest_of(Settings.load(given, None)).as_json()
    scopes, all_scopes = told["oauth_config"]["scopes"], whole["oauth_config"]["scopes"]
    assert set(all_scopes["bot"]) - set(scopes["bot"]) == {scope}
    assert set(all_scopes["bot_optional"]) - set(scopes["bot_optional"]) == {scope}
    heard, all_heard = (set(one["settings"]["event_subscriptions"]["bot_events"]) for one in (told, whole))
    assert all_heard - heard == {name for name, needed in EVENTS.items() if needed == scope}


class Listeners:
    """What is listened to, in place of Bolt's app."""

    def __init__(self) -> None:
        self.events: set[str] = set()

    def event(self, name: str) -> Callable[[object], object]:
        """Note an event."""
        self.events.add(name)
        return lambda listener: listener

    def __getattr__(self, _name: str) -> Callable[..., Callable[[object], object]]:
        """Take all else."""
        return lambda *_: lambda listener: listener


def test_what_is_listened_to_is_subscribed_to() -> None:
    """Slack sends nothing else; and nothing is sent to which nobody listens."""
    app: Any = Listeners()
    Signals(app).register(app)
    Home(app).register(app)
    Messages.__new__(Messages).register(app)
    assert app.events == {one.partition(".")[0] for one in EVENTS}


@pytest.mark.parametrize(
    "method",
    ["chat.postMessage", "chat.startStream", "users.info", "usergroups.list", "usergroups.users.list", "files.info"],
)
def test_what_is_called_is_allowed(method: str) -> None:
    """A method that needs a scope finds one among those that are asked for."""
    assert set(METHODS[method].scopes) & {*SCOPES, *OPTIONAL_SCOPES}


@pytest.mark.parametrize(
    ("environ", "socket_mode", "address"),
    [
        ({}, True, ""),
        (PLACE, True, ""),
        (PLACE, False, ADDRESS),
        (PLACE | BOT | SECRET, False, ADDRESS),
        (PLACE | BOT | SECRET | APP, False, ADDRESS),
        (PLACE | BOT | APP, False, ""),
        (BOT | APP, False, ""),
        (BOT | SECRET | APP, False, ""),
    ],
)
def test_the_settings_say_how_slack_is_heard(environ: dict[str, str], socket_mode: bool, address: str) -> None:  # noqa: FBT001 - a row of the table
    """By Socket Mode if asked for, or if nothing else is possible; else at our own address."""
    assert manifest_of(settings(environ), socket_mode=socket_mode) == SlackManifest(address)


@pytest.mark.parametrize("environ", [{}, BOT | SECRET])
def test_a_manifest_that_leads_nowhere_is_not_made(environ: dict[str, str]) -> None:
    """Without an address and without Socket Mode a sentence names both ways."""
    with pytest.raises(BadSettings, match=r"set FOOTNOTE_PUBLIC_URL .*footnote manifest slack --socket-mode"):
        manifest_of(settings(environ))
