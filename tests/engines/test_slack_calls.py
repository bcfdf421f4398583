"""Each call that our tests make Slack is one that Slack's own types allow, and they make calls of every kind."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack_http import METHODS
from tests.kept_slack_calls import KeptCall, kept_calls
from tests.slack_schemas import SlackTypes, slack_types


ROOT = Path(__file__).parents[2]
SUITES = ("tests/scenarios/test_chat*.py", "tests/scenarios/test_slack*.py", "tests/unit/slack/test_*.py")
_NO_METHODS = {
    "response_url": "an address that comes with a click: what is sent there is judged as a message",
    "url_private_download": "an address that comes with a file: nothing but the token is sent there",
}
"""What the types have no arguments of, and why."""
_OF_RESPONSES = {
    "response_type": ("ephemeral", "in_channel"),
    "replace_original": (True, False),
    "delete_original": (True, False),
}

pytestmark = [pytest.mark.engines, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Sequence[KeptCall]:
    """Return the calls of the scenarios, and of the tests of what speaks to Slack, run once more."""
    slack_types()
    file = tmp_path_factory.mktemp("calls") / "calls.jsonl"
    tests = sorted(str(one.relative_to(ROOT)) for suite in SUITES for one in ROOT.glob(suite))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.kept_slack_calls", f"--slack-calls-to={file}"]
    run = subprocess.run(
        [*command, "-m", "not engines and not soak", *tests],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=1000, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    return tuple(kept_calls(file))


def test_every_call_fits_slacks_types(calls: Sequence[KeptCall]) -> None:
    """Its arguments, and strictly the blocks, pieces of streams and views in it."""
    types = slack_types()
    wrong = {(one.method, found[0]): one.test for one in calls if (found := faults_of(types, one))}
    print(f"\n{len(calls)} calls of {len({one.method for one in calls})} methods")  # noqa: T201 - told by -s
    assert wrong == {}


def test_slack_refuses_none_for_its_form(calls: Sequence[KeptCall]) -> None:
    """The fake, which knows lengths, too, never finds arguments wrong where no fault is scripted."""
    refused = {(one.method, one.test) for one in calls if one.error == "invalid_arguments"}
    assert refused == set()


def test_every_method_that_we_call_is_among_them(calls: Sequence[KeptCall]) -> None:
    """What the code names is called at least once, so that finding nothing wrong means something."""
    code = "".join(one.read_text() for one in (ROOT / "bot").rglob("*.py"))
    named = {name for name in METHODS if f'"{name}"' in code}
    assert {"chat.startStream", "agents.sessions.setStatus", "views.open"} <= named
    assert named - {one.method for one in calls} == set()


def test_a_call_that_is_wrong_is_noticed() -> None:
    """An argument that Slack does not know, one that is missing, a block and a piece of a stream of another shape."""
    types = slack_types()
    here = {"channel": "C1", "thread_ts": "1.1"}
    for method, arguments in {
        "chat.postMessage": {**here, "txt": "x"},
        "chat.update": {"channel": "C1", "text": "x"},
        "chat.startStream": {**here, "chunks": [{"type": "markdown_text", "words": "x"}]},
        "views.open": {"trigger_id": "1", "view": {"type": "modal", "title": "x", "blocks": []}},
        "users.info": {"name": "U1"},
        "response_url": {"text": "x", "response_type": "loud"},
    }.items():
        assert faults_of(types, KeptCall("", method, arguments, "")), method


def faults_of(types: SlackTypes, call: KeptCall) -> list[str]:
    """Return what Slack's types find wrong with a call."""
    arguments = call.arguments
    if call.method == "response_url":
        found = _faults_of_response(types, arguments)
    else:
        found = [] if call.method in _NO_METHODS else types.faults_of_call(call.method, arguments)
    found += types.faults_of_blocks(arguments["blocks"]) if "blocks" in arguments else []
    found += types.faults_of_chunks(arguments["chunks"]) if "chunks" in arguments else []
    return [*found, *(types.faults_of_view(arguments["view"]) if "view" in arguments else [])]


def _faults_of_response(types: SlackTypes, arguments: dict[str, Any]) -> list[str]:
    """Judge it as Bolt for JavaScript's `RespondArguments` do: a message without a channel, and three more."""
    message = {name: value for name, value in arguments.items() if name not in _OF_RESPONSES}
    wrong = [name for name, may in _OF_RESPONSES.items() if arguments.get(name) not in (None, *may)]
    return [f"{name}: {arguments[name]}" for name in wrong] + types.faults_of_call(
        "chat.postMessage", {"channel": "C1", **message}
    )
