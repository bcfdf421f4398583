"""What we send is what Slack's own published types allow."""

from typing import Any

import pytest
from hypothesis import given, settings

from bot.rendering import page
from bot.slack.blocks.answers import answer_messages
from bot.slack.blocks.modals import ask_modal, evidence_modal, feedback_modal
from bot.slack.blocks.plain_form import plain_messages
from bot.slack.blocks.showing import Showing
from bot.slack.manifest import SlackManifest
from pipelines.domain.conversation import Answer
from tests.slack_schemas import slack_types
from tests.unit.slack.sample_messages import chunks, home, messages, modals, openings
from tests.unit.slack.strategies import SHOWINGS, answers


PLAIN = {"type": "plain_text", "text": "x"}

pytestmark = pytest.mark.engines


def test_what_we_send_fits_slacks_types() -> None:
    """Each outcome, dialogue, Home tab, piece of a stream and the calls that carry them are valid."""
    types = slack_types()
    for message in messages():
        assert types.faults_of_blocks(list(message.blocks)) == []
        posted = {"channel": "C1", "thread_ts": "1.1", **message.post_arguments()}
        assert types.faults_of_call("chat.postMessage", posted) == []
        updated = {"channel": "C1", "ts": "1.2", **message.update_arguments()}
        assert types.faults_of_call("chat.update", updated) == []
        told = {"metadata": dict(message.metadata)} if message.metadata else {}
        stopped = {"channel": "C1", "ts": "1.2", "blocks": list(message.blocks), **told}
        assert types.faults_of_call("chat.stopStream", stopped) == []
    for message in openings():
        assert types.faults_of_blocks(list(message.blocks)) == []
        assert types.faults_of_call("chat.postMessage", {"channel": "C1", **message.post_arguments()}) == []
    for view in (*modals(), home()):
        assert types.faults_of_view(view) == []
        assert types.faults_of_call("views.open", {"trigger_id": "1.1", "view": view}) == []
    look = {"oldest": "1700000000.000000", "limit": 200, "include_all_metadata": True}
    prompts = [{"title": "Leave", "message": "What does “Leave” say?"}]
    for method, arguments in {
        "views.publish": {"user_id": "U1", "view": home()},
        "views.update": {"view_id": "V1", "view": modals()[0]},
        "assistant.threads.setSuggestedPrompts": {"channel_id": "D1", "prompts": prompts},
        "conversations.open": {"users": "U1"},
        "conversations.history": {"channel": "D1", **look},
        "conversations.members": {"channel": "C1", "limit": 999},
        "conversations.replies": {"channel": "D1", "ts": "1.1", **look},
        "users.lookupByEmail": {"email": "anna@acme.example"},
    }.items():
        assert types.faults_of_call(method, arguments) == []
    assert types.faults_of_chunks(chunks()) == []
    appended = {"channel": "C1", "ts": "1.1", "chunks": chunks()}
    assert types.faults_of_call("chat.appendStream", appended) == []


@given(answers(), SHOWINGS)
@settings(max_examples=15, deadline=None)
def test_any_answer_fits_slacks_types(given_answer: Answer, showing: Showing) -> None:
    """Whatever an answer holds, its messages and dialogues have the shapes that Slack publishes."""
    types = slack_types()
    said = page(given_answer)
    for message in (*answer_messages(said, showing), *plain_messages(said, showing)):
        assert types.faults_of_blocks(list(message.blocks)) == []
        assert types.faults_of_call("chat.postMessage", {"channel": "C1", **message.post_arguments()}) == []
    for view in (evidence_modal(said, showing), feedback_modal(showing), ask_modal(given_answer.text, showing)):
        assert types.faults_of_view(view) == []


@pytest.mark.parametrize("address", ["", "https://bot.example.com/slack/events"])
def test_the_manifest_names_scopes_and_events_that_slack_knows(address: str) -> None:
    """Each is one that Slack publishes; two are in its documentation and not in these types yet."""
    newer = ("'assistant:write' is not one of", "'agent_session_stopped' is not one of")
    faults = slack_types().faults_of_manifest(SlackManifest(address).as_json())
    assert len(faults) == len(newer)
    assert [one for one in faults if not any(known in one for known in newer)] == []


def test_the_judge_notices_a_scope_that_is_misspelt() -> None:
    """Slack's own schema of manifests takes any name for one."""
    manifest = SlackManifest("").as_json()
    manifest["oauth_config"]["scopes"]["bot"].append("channel:read")
    assert [one for one in slack_types().faults_of_manifest(manifest) if "'channel:read'" in one]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "paragraph", "text": "x"},
        {"type": "section", "txt": {"type": "plain_text", "text": "x"}},
        {"type": "container", "title": PLAIN, "child_blocks": [{"type": "markdown", "text": "x"}]},
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        {"type": "plan", "title": "x", "tasks": [{"anything": 1}]},
    ],
)
def test_the_judge_notices_what_is_wrong(block: dict[str, Any]) -> None:
    """A block of another shape is refused, so that finding nothing wrong means something."""
    assert slack_types().faults_of_blocks([block])


def test_a_call_that_nobody_declared_is_a_fault() -> None:
    """A method without a type is not taken for a valid one."""
    assert slack_types().faults_of_call("chat.shout", {}) == ["chat.shout is not in shapes.ts"]
    assert slack_types().faults_of_call("chat.postMessage", {"text": "x"})
