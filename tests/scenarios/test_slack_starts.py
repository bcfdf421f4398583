"""`footnote serve` beside a Slack that refuses, is away, or comes back: a clear sentence, or patience."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack_courier import Pace
from tests.fakes.slack_faults import fails, wrong_json
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Installation
from tests.scenarios.machine import Machine
from tests.scenarios.served import Served


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """Yield Slack."""
    with FakeSlack(pace=Pace(retry_after_s=(0.0, 0.5, 1.0))) as running:
        yield running


@pytest.fixture
def bot(slack: FakeSlack) -> Installation:
    """Return the app, installed."""
    return slack.install(slack.app("Footnote", socket_mode=True), slack.workspace("Acme"))


def settings(home: Path, slack: FakeSlack, bot: Installation, **more: str) -> dict[str, str]:
    """Return the settings of a server for Socket Mode."""
    return {
        "FOOTNOTE_DATA_DIR": str(home / "data"),
        "FOOTNOTE_EMBEDDER": "none",
        "SLACK_BOT_TOKEN": bot.bot_token,
        "SLACK_APP_TOKEN": bot.app.app_token,
        "SLACK_API_URL": slack.api_url,
        **more,
    }


def ended(home: Path, environ: dict[str, str], port: str = "0") -> subprocess.CompletedProcess[str]:
    """Return how a server ended by itself."""
    machine = Machine(home)
    (home / ".env").write_text("".join(f"{name}={value}\n" for name, value in environ.items()))
    process = machine.start("serve", "--port", port)
    out, told = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, told)


@pytest.mark.parametrize(
    ("setting", "token"), [("SLACK_BOT_TOKEN", "xoxb-of-nobody"), ("SLACK_APP_TOKEN", "xapp-of-nobody")]
)
def test_a_token_that_is_refused_ends_the_server(
    tmp_path: Path, slack: FakeSlack, bot: Installation, setting: str, token: str
) -> None:
    """One sentence names the setting and Slack's reason; the token is not shown."""
    done = ended(tmp_path, settings(tmp_path, slack, bot) | {setting: token})
    assert done.returncode == 2
    assert f"Slack refuses {setting}: invalid_auth" in done.stderr
    assert token not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("more", "told"),
    [({"bot_id": ""}, "is no bot's token"), ({"is_enterprise_install": True}, "in all of an Enterprise Grid")],
)
def test_a_token_that_is_of_no_use_ends_the_server(
    tmp_path: Path, slack: FakeSlack, bot: Installation, more: dict[str, object], told: str
) -> None:
    """A person's, or that of many workspaces: what to do is said at the start and not by the first question."""
    answer = {"ok": True, "team_id": "T1", "team": "Acme", "user_id": "U1", "user": "footnote", "bot_id": "B1"} | more
    slack.script("auth.test", wrong_json(json.dumps(answer).encode()))
    done = ended(tmp_path, settings(tmp_path, slack, bot))
    assert done.returncode == 2
    assert told in done.stderr
    assert "SLACK_BOT_TOKEN" in done.stderr


def test_a_slack_that_is_away_is_waited_for(tmp_path: Path, slack: FakeSlack, bot: Installation) -> None:
    """The server lives, says what is missing, and is ready once Slack is there."""
    slack.faults.always("auth.test", fails(503))
    served = Served(tmp_path, settings(tmp_path, slack, bot))
    served.begin()
    try:
        assert slack.wait_for(lambda: served.ready() == {"ready": False, "missing": ["Slack"]})
        slack.faults.forget()
        assert slack.wait_for(lambda: served.ready() == {"ready": True, "missing": []}, 20)
    finally:
        assert served.stop() == 0


def test_an_app_that_is_taken_out_is_not_ready_until_it_is_back(
    tmp_path: Path, slack: FakeSlack, bot: Installation
) -> None:
    """Whoever watches learns it though nobody asks anything, and nothing has to be started again."""
    served = Served(tmp_path, settings(tmp_path, slack, bot))
    served.start()
    try:
        slack.uninstall(bot)
        assert slack.wait_for(lambda: served.ready() == {"ready": False, "missing": ["Slack"]})
        assert "SLACK_BOT_TOKEN" in served.log
        asked = len(slack.calls_of("auth.test"))
        for _ in range(20):
            assert served.ready() == {"ready": False, "missing": ["Slack"]}
        assert len(slack.calls_of("auth.test")) <= asked + 1
        bot.revoked = False
        assert slack.wait_for(lambda: served.ready() == {"ready": True, "missing": []})
    finally:
        assert served.stop() == 0


def test_a_port_that_is_taken_ends_the_server(tmp_path: Path, slack: FakeSlack, bot: Installation) -> None:
    """The sentence names it."""
    port = slack.url.rpartition(":")[2]
    done = ended(tmp_path, settings(tmp_path, slack, bot), port)
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_platform_it_says_that_nobody_can_ask(tmp_path: Path) -> None:
    """Behind the address, with what to do."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_EMBEDDER": "none"}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in environ.items()))
    process = Machine(tmp_path).start("serve", "--port", "0")
    try:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(2)]
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert "listens on" in told[0]
    assert "No chat platform is switched on" in told[1]


def test_without_a_platform_it_serves_its_health(tmp_path: Path) -> None:
    """Nothing else is there, and it ends well."""
    served = Served(tmp_path, {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_EMBEDDER": "none"})
    served.start()
    assert served.ready() == {"ready": True, "missing": []}
    assert served.stop() == 0
