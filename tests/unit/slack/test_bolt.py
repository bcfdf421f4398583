"""What was let in reaches a listener or is refused as unreadable; no shape of it is a fault of ours."""

import asyncio
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.bolt import Bolt, bolt_app
from bot.slack.door import Reply
from bot.slack.identity import Identity
from bot.slack.web import SlackWeb
from pipelines.errors import BadInput


US = Identity("T1", "Acme", "UBOT", "footnote", "B1", "", None, None)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("actions", "team", "user", "channel", "view", "message", "container", "state", "callback_id", "trigger_id")
KINDS = ("block_actions", "view_submission", "view_closed", "message_action", "shortcut", "block_suggestion", "new")


def answered(body: str) -> Reply:
    """Return the answer to an interaction, by an app with one button and one dialogue."""

    async def scene() -> Reply:
        async with SlackWeb("xoxb-1", "http://127.0.0.1:9/api/") as web:
            app = bolt_app(web, US, "xoxb-1")

            @app.action("press")
            @app.view("send")
            @app.shortcut("ask")
            async def acknowledge(ack) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - by its name
                await ack()

            @app.command("/kb")
            async def respond(ack) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - by its name
                await ack("done")

            return await Bolt(app).answer(body)

    return asyncio.run(scene())


def test_a_command_is_answered() -> None:
    """By its listener's words."""
    told = answered(urlencode({"command": "/kb", "text": "help", "team_id": "T1", "user_id": "U1"}))
    assert told == Reply(200, "done")


def test_what_nobody_listens_to_is_acknowledged() -> None:
    """Slack would repeat it otherwise."""
    assert answered(json.dumps({"type": "block_actions", "actions": [{"action_id": "other"}]})).status == 200


@pytest.mark.parametrize("junk", [{"actions": "x"}, {"actions": ["x"]}, {"actions": [{}]}, {"user": False}])
def test_a_shape_that_is_none_of_slacks_is_refused(junk: dict[str, object]) -> None:
    """Bolt takes it for granted."""
    with pytest.raises(BadInput, match="none of Slack's"):
        answered(urlencode({"payload": json.dumps({"type": "block_actions", **junk})}))


@given(kind=st.sampled_from(KINDS), junk=st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=5))
def test_any_signed_junk_is_answered_or_refused(kind: str, junk: dict[str, object]) -> None:
    """200, or unreadable: never a fault."""
    try:
        told = answered(urlencode({"payload": json.dumps({"type": kind, **junk})}))
    except BadInput:
        return
    assert told.status == 200
