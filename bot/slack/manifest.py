"""
The app's manifest: what Slack must know of Footnote, as it is configured here.

The one list of the scopes that we need and of the events that we hear. Calls nobody.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot import slack_setup_texts as texts
from bot.slack.actions import Shortcut
from pipelines.domain.values import Value
from pipelines.errors import BadSettings
from pipelines.setting_slack import OPTIONAL_SCOPES, scopes_of
from pipelines.settings import Settings


COMMAND = "/kb"
PATH = "/slack/events"
"""Of everything that Slack sends: events, commands, buttons, dialogues."""

SCOPES = (
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
)
"""Without one of these Footnote does not work: hear, answer, and know who asks and who reads along."""

EVENTS = MappingProxyType(
    {
        "agent_session_stopped": "chat:write",
        "app_context_changed": "assistant:write",
        "app_home_opened": "",
        "app_mention": "app_mentions:read",
        "app_uninstalled": "",
        "channel_shared": "channels:read",
        "channel_unshared": "channels:read",
        "member_joined_channel": "channels:read",
        "member_left_channel": "channels:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "message.mpim": "mpim:history",
        "reaction_added": "reactions:read",
        "subteam_members_changed": "usergroups:read",
        "subteam_updated": "usergroups:read",
        "tokens_revoked": "",
        "user_change": "users:read",
    }
)
"""What we hear, and the scope that it takes; edits, deletions and files come as messages."""

_BACKGROUND = "#1f2d3d"
_VERSION = {"major_version": 2, "minor_version": 1}


@dataclass(frozen=True, slots=True)
class SlackManifest(Value):
    """
    The manifest of the app.

    Attributes:
        address: where Slack sends everything; "" for Socket Mode.
        without: optional scopes that are not asked for, and so what they bring is not heard.

    """

    address: str
    without: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """Return it as Slack takes it."""
        optional = [one for one in OPTIONAL_SCOPES if one not in self.without]
        events = [name for name, scope in EVENTS.items() if scope not in self.without]
        return {
            "_metadata": dict(_VERSION),
            "display_information": {
                "name": texts.app_name(),
                "description": texts.app_description(),
                "long_description": texts.app_long_description(),
                "background_color": _BACKGROUND,
            },
            "features": self._features(),
            "oauth_config": {
                # Slack wants those that may be refused in both lists.
                "scopes": {"bot": sorted((*SCOPES, *optional)), "bot_optional": optional}
            },
            "settings": {
                "event_subscriptions": {**self._place("request_url"), "bot_events": events},
                "interactivity": {"is_enabled": True, **self._place("request_url")},
                "org_deploy_enabled": False,
                "socket_mode_enabled": not self.address,
                # A token that expires would have to be renewed, and SLACK_BOT_TOKEN stays as it is.
                "token_rotation_enabled": False,
            },
        }

    def _features(self) -> dict[str, Any]:
        command = {
            "command": COMMAND,
            **self._place("url"),
            "description": texts.command_description(),
            "usage_hint": texts.command_hint(),
            # Channels and people come as ids, so that no name has to be looked up.
            "should_escape": True,
        }
        return {
            "agent_view": {"agent_description": texts.agent_description()},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": texts.app_name(), "always_online": True},
            "slash_commands": [command],
            "shortcuts": [
                {
                    "name": texts.answer_with_sources(),
                    "type": "message",
                    "callback_id": Shortcut.ANSWER_WITH_SOURCES.value,
                    "description": texts.answer_with_sources_description(),
                },
                {
                    "name": texts.ask(),
                    "type": "global",
                    "callback_id": Shortcut.ASK.value,
                    "description": texts.ask_description(),
                },
            ],
        }

    def _place(self, name: str) -> dict[str, str]:
        return {name: self.address} if self.address else {}


def manifest_of(settings: Settings, *, socket_mode: bool = False) -> SlackManifest:
    """
    Return the manifest for a configuration: Socket Mode where it is asked for, or the one way that it leaves.

    Args:
        settings: they need not have any of Slack's secrets yet, which come of an app that exists.
        socket_mode: whatever they say, we connect to Slack.

    Raises:
        BadSettings: they neither say where this server is reached nor that it is not.

    """
    app, without = settings.slack, scopes_of(settings.slack_without)
    over_http = settings.public_url is not None and (app is None or bool(app.signing_secret))
    if socket_mode or (app is not None and app.app_token and not over_http):
        return SlackManifest("", without)
    if settings.public_url is None:
        raise BadSettings(texts.no_way_to_us())
    return SlackManifest(settings.public_url + PATH, without)
