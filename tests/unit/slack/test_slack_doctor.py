"""The doctor's look at Slack: each fault that a person can mend is one check, with what to click."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.checks import Check, State
from bot.slack.doctor import examine_slack
from bot.slack.manifest import SCOPES
from pipelines.setting_slack import OPTIONAL_SCOPES
from pipelines.settings import Settings
from tests.fakes.slack_faults import Fault, fails, resets, too_many, wrong_json
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import App, Installation
from tests.fakes.slack_town import SCOPES as ALL_SCOPES


ADMIN = {"FOOTNOTE_ADMINS": "user:anna@example.com"}
PLACE = {"FOOTNOTE_PUBLIC_URL": "https://bot.example.com"}
CALLS = ["auth.test", "apps.connections.open", "bots.info"]


@dataclass(frozen=True, slots=True)
class Scene:
    """A workspace with our app in it."""

    slack: FakeSlack
    app: App
    installation: Installation

    def over_http(self) -> dict[str, str]:
        """Return settings for HTTP."""
        return self.address() | {
            "SLACK_BOT_TOKEN": self.installation.bot_token,
            "SLACK_SIGNING_SECRET": self.app.signing_secret,
        }

    def by_socket(self) -> dict[str, str]:
        """Return settings for Socket Mode."""
        return self.address() | {
            "SLACK_BOT_TOKEN": self.installation.bot_token,
            "SLACK_APP_TOKEN": self.app.app_token,
        }

    def address(self) -> dict[str, str]:
        """Return where Slack is."""
        return {"SLACK_API_URL": self.slack.api_url}

    @property
    def called(self) -> list[str]:
        """Return the methods that were called."""
        return [one.method for one in self.slack.calls]


@pytest.fixture
def scene() -> Iterator[Scene]:
    """An app that has all that it needs, and hears by Socket Mode."""
    with FakeSlack() as slack:
        app = slack.app("Footnote", socket_mode=True)
        yield Scene(slack, app, slack.install(app, slack.workspace("Acme")))


def looked_at(environ: dict[str, str], *, skew_s: float = 0, thorough: bool = True) -> dict[str, Check]:
    """Return the checks by name; this machine's clock is so far ahead."""
    chosen = Settings.load({"FOOTNOTE_DATA_DIR": "/srv/footnote"} | environ, None)
    checks = examine_slack(chosen, lambda: datetime.now(UTC) + timedelta(seconds=skew_s), thorough=thorough)
    assert not [one for one in environ.values() if one.startswith(("xox", "xapp")) and one in str(checks)]
    assert len({one.name for one in checks}) == len(checks)
    return {one.name: one for one in checks}


def test_an_app_by_socket_mode_is_well(scene: Scene) -> None:
    """With tokens, scopes and admins in order every check is ok, by three calls."""
    checks = looked_at(scene.by_socket() | ADMIN)
    assert {name: one.state for name, one in checks.items()} == {
        "SLACK_BOT_TOKEN": State.OK,
        "Slack scopes": State.OK,
        "Slack clock": State.OK,
        "SLACK_APP_TOKEN": State.OK,
        "Slack app": State.OK,
        "FOOTNOTE_ADMINS": State.OK,
        "Slack events": State.OK,
    }
    assert checks["SLACK_BOT_TOKEN"].message == "Slack knows the bot's token: it is footnote of the workspace Acme"
    assert "user:anna@example.com" in checks["FOOTNOTE_ADMINS"].message
    assert scene.called == CALLS


def test_an_app_over_http_is_well(scene: Scene) -> None:
    """Slack's address of us is told, and where to see whether Slack has verified it."""
    checks = looked_at(scene.over_http() | ADMIN | PLACE)
    assert {one.state for one in checks.values()} == {State.OK}
    assert checks["FOOTNOTE_PUBLIC_URL"].message == "Slack is to send to https://bot.example.com/slack/events"
    assert "Event Subscriptions" in checks["FOOTNOTE_PUBLIC_URL"].next
    assert scene.called == ["auth.test"]


def test_a_cheap_look_is_one_call(scene: Scene) -> None:
    """Among all other checks Slack is asked once, and nothing is told that could not be looked at."""
    checks = looked_at(scene.by_socket() | ADMIN, thorough=False)
    assert list(checks) == ["SLACK_BOT_TOKEN", "Slack scopes", "Slack clock", "FOOTNOTE_ADMINS"]
    assert scene.called == ["auth.test"]


def test_slack_that_is_off_is_told_only_where_it_is_asked_for() -> None:
    """Whoever asks for Slack learns how to begin; the general doctor is silent."""
    assert looked_at({}, thorough=False) == {}
    [check] = looked_at({}).values()
    assert check.state is State.WARN
    assert "footnote manifest slack --socket-mode" in check.next


@pytest.mark.parametrize("token", ["xoxb-nobody", "revoked"])
def test_a_bots_token_that_slack_refuses_fails(scene: Scene, token: str) -> None:
    """A token that is wrong, or whose app was removed, is told with the page where there is another."""
    environ = scene.by_socket()
    if token == "revoked":  # noqa: S105 - no token
        scene.installation.revoked = True
    else:
        environ["SLACK_BOT_TOKEN"] = token
    checks = looked_at(environ)
    assert checks["SLACK_BOT_TOKEN"].state is State.FAIL
    assert "Slack refused auth.test: " in checks["SLACK_BOT_TOKEN"].message
    assert "Install App" in checks["SLACK_BOT_TOKEN"].next
    assert checks["SLACK_APP_TOKEN"].state is State.OK
    assert "Slack scopes" not in checks


@pytest.mark.parametrize(
    ("fault", "state", "told"),
    [
        (resets(), State.FAIL, "may connect to Slack's hosts"),
        (fails(503), State.FAIL, "may connect to Slack's hosts"),
        (wrong_json(), State.FAIL, "may connect to Slack's hosts"),
        (too_many(30), State.WARN, "Try again in a minute."),
    ],
)
def test_a_slack_that_does_not_answer_is_no_wrong_token(scene: Scene, fault: Fault, state: State, told: str) -> None:
    """What the network or Slack does wrong is told as that."""
    scene.slack.script("auth.test", fault, fault)
    check = looked_at(scene.over_http())["SLACK_BOT_TOKEN"]
    assert check.state is state
    assert told in check.next


def test_a_token_of_a_person_is_no_bots(scene: Scene) -> None:
    """A token that Slack knows and that has no bot is told."""
    scene.slack.script("auth.test", wrong_json(b'{"ok": true, "team_id": "T1", "user_id": "U1", "user": "anna"}'))
    checks = looked_at(scene.by_socket())
    assert checks["SLACK_BOT_TOKEN"].state is State.FAIL
    assert checks["SLACK_BOT_TOKEN"].message == "SLACK_BOT_TOKEN is no bot's token"
    assert checks["Slack scopes"].state is State.WARN
    assert "bots.info" not in scene.called


def test_an_app_in_all_of_a_grid_is_told(scene: Scene) -> None:
    """Its token is of many workspaces, of which we would know one."""
    told = {"ok": True, "team_id": "E1", "user": "footnote", "bot_id": "B1", "is_enterprise_install": True}
    scene.slack.script("auth.test", wrong_json(json.dumps(told).encode()))
    check = looked_at(scene.by_socket(), thorough=False)["SLACK_BOT_TOKEN"]
    assert check.state is State.FAIL
    assert "Enterprise Grid" in check.message


@pytest.mark.parametrize(
    ("admins", "warned"),
    [("group:slack:it-team", True), ("group:slack:S012AB3CD", False), ("user:a@example.com,group:slack:s1", True)],
)
def test_admins_by_a_groups_handle_are_warned_of(scene: Scene, admins: str, *, warned: bool) -> None:
    """Who manages user groups in Slack decides who is an admin, and a handle may be given to another group."""
    check = looked_at(scene.over_http() | {"FOOTNOTE_ADMINS": admins})["FOOTNOTE_ADMINS"]
    assert check.state is State.OK
    assert ("manage user groups" in check.next) is warned


@pytest.mark.parametrize("lacking", SCOPES)
def test_each_scope_that_is_needed_is_missed(scene: Scene, lacking: str) -> None:
    """An app without one of them fails, names it, and is told how to get it."""
    scene.installation.scopes = ALL_SCOPES - {lacking}
    check = looked_at(scene.over_http(), thorough=False)["Slack scopes"]
    assert (check.state, check.message) == (State.FAIL, f"The bot lacks scopes that it needs: {lacking}")
    assert "App Manifest" in check.next


@pytest.mark.parametrize("lacking", OPTIONAL_SCOPES)
def test_what_was_refused_is_told_with_its_effect(scene: Scene, lacking: str) -> None:
    """A scope that may be refused is no fault; what is not done without it is said."""
    scene.installation.scopes = ALL_SCOPES - {lacking}
    checks = looked_at(scene.over_http(), thorough=False)
    assert checks["Slack scopes"].state is checks["Slack optional scopes"].state is State.OK
    message = checks["Slack optional scopes"].message
    assert message.startswith(f"Refused when the app was installed: {lacking}; ")
    assert len(message) > 80


@pytest.mark.parametrize(
    ("skew_s", "state", "told"),
    [(0, State.OK, "agrees"), (-50, State.OK, "agrees"), (90, State.WARN, "ahead of"), (-90, State.WARN, "behind")],
)
def test_a_wrong_clock_is_told(scene: Scene, skew_s: float, state: State, told: str) -> None:
    """More than a minute between Slack's clock and this machine's is a warning that says which way."""
    check = looked_at(scene.over_http(), skew_s=skew_s)["Slack clock"]
    assert check.state is state
    assert told in check.message


@pytest.mark.parametrize(("http", "state"), [(False, State.FAIL), (True, State.WARN)])
def test_socket_mode_that_is_off_is_told(scene: Scene, http: bool, state: State) -> None:  # noqa: FBT001 - a row of the table
    """Where nothing else brings events it is a fault, beside HTTP a warning."""
    scene.app.socket_mode = False
    environ = scene.by_socket() | (scene.over_http() | PLACE if http else {})
    check = looked_at(environ)["SLACK_APP_TOKEN"]
    assert check.state is state
    assert "connections:write" in check.next


def test_tokens_of_two_apps_are_told(scene: Scene) -> None:
    """An app's token that works, of another app, would leave the bot deaf."""
    other = scene.slack.app("Other", socket_mode=True)
    checks = looked_at(scene.by_socket() | {"SLACK_APP_TOKEN": other.app_token})
    assert checks["SLACK_APP_TOKEN"].state is State.OK
    assert checks["Slack app"].state is State.FAIL
    assert scene.app.id in checks["Slack app"].message
    assert other.id in checks["Slack app"].message


def test_an_app_that_cannot_be_compared_is_told(scene: Scene) -> None:
    """A call that comes to nothing is a check, not a crash."""
    scene.slack.script("bots.info", fails(500), fails(500))
    assert looked_at(scene.by_socket())["Slack app"].state is State.FAIL


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost",
        "https://footnote",
        "https://bot.corp.internal",
        "https://bot.local:8443",
        "https://10.1.2.3",
        "https://127.0.0.1:8080",
        "https://[fd00::1]",
    ],
)
def test_an_address_that_slack_cannot_reach_is_told(scene: Scene, address: str) -> None:
    """A name or address that means something here alone is a warning."""
    check = looked_at(scene.over_http() | {"FOOTNOTE_PUBLIC_URL": address})["FOOTNOTE_PUBLIC_URL"]
    assert check.state is State.WARN
    assert "cannot reach" in check.message


def test_over_http_without_an_address_is_told(scene: Scene) -> None:
    """Whoever hears over HTTP alone is told to say where; by Socket Mode no address is needed."""
    assert looked_at(scene.over_http())["FOOTNOTE_PUBLIC_URL"].state is State.WARN
    assert "FOOTNOTE_PUBLIC_URL" not in looked_at(scene.over_http() | scene.by_socket())


def test_what_was_left_out_on_purpose_is_no_news(scene: Scene) -> None:
    """Of a scope that SLACK_WITHOUT names nothing is told."""
    scene.installation.scopes = frozenset({*SCOPES, *OPTIONAL_SCOPES} - {"files:read", "mpim:read"})
    checks = looked_at(scene.over_http() | {"SLACK_WITHOUT": "files:read"})
    assert "files:read" not in checks["Slack optional scopes"].message
    assert "mpim:read" in checks["Slack optional scopes"].message
    assert "Slack optional scopes" not in looked_at(scene.over_http() | {"SLACK_WITHOUT": "files:read, mpim:read"})


def test_a_slack_without_admins_is_told(scene: Scene) -> None:
    """Without FOOTNOTE_ADMINS nobody manages anything in Slack."""
    check = looked_at(scene.over_http())["FOOTNOTE_ADMINS"]
    assert check.state is State.WARN
    assert "FOOTNOTE_ADMINS" in check.next
