"""
The settings of Slack: the form of each, and all of them as one value.

Not whether Slack takes them: that is for `footnote doctor slack` to find out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from pipelines.domain.values import Value
from pipelines.setting_forms import Form, host_address, is_this_machine


PUBLIC_API = "https://slack.com/api/"
TOKENS = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
"""Any of them switches Slack on."""

SLACK_SETTINGS = frozenset({*TOKENS, "SLACK_API_URL", "SLACK_WITHOUT"})
"""All of them: where one is wrong, the others say nothing."""

OPTIONAL_SCOPES = (
    "channels:history",
    "files:read",
    "groups:history",
    "mpim:history",
    "mpim:read",
    "reactions:read",
)
"""What the app can be without; whoever installs it may refuse each of them, too."""

_HOMES = ("slack.com", "slack-gov.com")
_BESIDE_API = ("files", "hooks")
_OF_SOCKET_MODE = ("wss-primary", "wss-backup")
_PRINTABLE = re.compile(r"[!-~]{1,1000}")
_BOT, _APP = "xoxb-", "xapp-"
# Slack's other tokens, by which a person sees what was copied.
_KINDS = (
    (_BOT, "the bot's token"),
    (_APP, "the app's token"),
    ("xoxp-", "a person's token"),
    ("xoxe.", "a token that expires (token rotation is on in the app's settings)"),
    ("xoxe-", "a token that renews others (token rotation is on in the app's settings)"),
    ("xoxa-", "a token of another kind"),
    ("xoxr-", "a token of another kind"),
    ("xoxs-", "a token of another kind"),
    ("xoxc-", "a token of a browser"),
    ("xoxd-", "a token of a browser"),
)


@dataclass(frozen=True, slots=True)
class SlackApp(Value):
    """
    The app that Footnote is in a workspace. Secrets do not show themselves.

    Attributes:
        bot_token: what it calls Slack with.
        signing_secret: what Slack signs its requests with; "" where none come over HTTP.
        app_token: what it opens Socket Mode with; "" where nothing comes by it.
        api_url: address of Slack's Web API, with a slash at its end.
        left_out: optional scopes that it does not ask for, commas between.

    """

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    app_token: str = field(repr=False)
    api_url: str
    left_out: str = ""

    @property
    def without(self) -> frozenset[str]:
        """The optional scopes that it does not ask for."""
        return scopes_of(self.left_out)

    def hosts_beside_api(self) -> tuple[str, ...]:
        """Return which hosts it connects to besides that of the API; none where the API is on this machine."""
        host = (urlsplit(self.api_url).hostname or "").lower()
        if is_this_machine(host):
            return ()
        home = host if host in _HOMES else _HOMES[0]
        names = (*_BESIDE_API, *(_OF_SOCKET_MODE if self.app_token else ()))
        return tuple(f"{one}.{home}" for one in names)


def _token(prefix: str, wanted: str) -> Callable[[SecretStr], SecretStr]:
    """Return what accepts a token that begins so."""

    def accept(value: SecretStr) -> SecretStr:
        token = _plain(value, f"{wanted}, which begins with {prefix}")
        if not token.startswith(prefix):
            raise ValueError(f"expected {wanted}, which begins with {prefix}, got {_named(token)}")
        return SecretStr(token)

    return accept


def _signing_secret(value: SecretStr) -> SecretStr:
    """Accept a secret that is no token of Slack's."""
    wanted = "the signing secret (32 hexadecimal characters)"
    secret = _plain(value, wanted)
    if any(secret.startswith(prefix) for prefix, _ in _KINDS):
        raise ValueError(f"expected {wanted}, got {_named(secret)}")
    return SecretStr(secret)


def _plain(value: SecretStr, wanted: str) -> str:
    """Return a secret without outer space; what stands in it goes into a header."""
    secret = value.get_secret_value().strip()
    if not _PRINTABLE.fullmatch(secret):
        raise ValueError(f"expected {wanted}, got a value with a space or an odd character, which is not shown")
    return secret


def _named(token: str) -> str:
    """Say what was given, by its beginning."""
    kind = next((words for prefix, words in _KINDS if token.startswith(prefix)), "a value")
    return f"{kind} that is not shown" if kind == "a value" else f"{kind}; it is not shown"


def _api_url(text: str) -> str:
    """Accept https, and http where the API is on this machine; return it with a slash at its end."""
    found = host_address(text)
    if found is None or (found[0] == "http" and not is_this_machine(found[1])):
        raise ValueError(
            f"expected an address such as {PUBLIC_API} without name, key and options; http for this machine alone"
        )
    return f"{found[2]}/"


def scopes_of(text: str) -> frozenset[str]:
    """Return the scopes that a setting lists."""
    return frozenset(one.strip() for one in text.split(",") if one.strip())


def _without(text: str) -> str:
    """Accept optional scopes."""
    unknown = sorted(scopes_of(text).difference(OPTIONAL_SCOPES))
    if unknown:
        raise ValueError(f"expected some of {', '.join(OPTIONAL_SCOPES)}, got {unknown[0]!r}")
    return text


SlackBotToken: TypeAlias = Annotated[SecretStr, AfterValidator(_token(_BOT, "the bot's token"))]
SlackAppToken: TypeAlias = Annotated[SecretStr, AfterValidator(_token(_APP, "the app's token"))]
SlackSigningSecret: TypeAlias = Annotated[SecretStr, AfterValidator(_signing_secret)]
SlackAddress: TypeAlias = Annotated[str, AfterValidator(_api_url)]
SlackWithout: TypeAlias = Annotated[str, AfterValidator(_without)]

A_BOT_TOKEN = Form("a secret that begins with xoxb-", default="none", secret=True)
AN_APP_TOKEN = Form("a secret that begins with xapp-", default="none", secret=True)
SCOPES_LEFT_OUT = Form("scopes, commas between", default="none")
A_SIGNING_SECRET = Form("a secret of 32 hexadecimal characters", default="none", secret=True)
