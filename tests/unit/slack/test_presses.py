"""What Slack tells of buttons, dialogues, shortcuts and commands is read or is none of ours; it breaks no reader."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.actions import Action, Dialogue, Pressed
from bot.slack.presses import Spot, called_of, command_of, press_of, submission_of


KEYS = st.sampled_from(
    [
        "actions", "action_id", "value", "container", "channel", "id", "user", "message", "blocks", "elements", "ts",
        "metadata", "event_payload", "question", "trigger_id", "view", "state", "values", "private_metadata", "text",
        "callback_id", "visible_to_user_ids", "reason", "selected_option", "user_id",
    ]
)  # fmt: skip
VALUES = st.sampled_from([*Action, *Dialogue, "1:2:up", "x", ""]) | st.none() | st.integers() | st.booleans()
BODIES = st.dictionaries(
    KEYS,
    st.recursive(
        VALUES,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=8,
)
ICON = {"type": "icon_button", "action_id": "remove", "value": "7:8:", "visible_to_user_ids": ["U1", "U2"]}
PRESS: dict[str, Any] = {
    "user": {"id": "U1"},
    "trigger_id": "1.x",
    "response_url": "https://hooks.slack.com/actions/1",
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "100.2", "thread_ts": "100.1", "channel_id": "C1"},
    "message": {
        "ts": "100.2",
        "metadata": {"event_type": "footnote_answer", "event_payload": {"question": "100.1"}},
        "blocks": [{"type": "context_actions", "elements": [ICON]}],
    },
    "actions": [{"action_id": "remove", "value": "7:8:"}],
}


@given(BODIES)
def test_nothing_breaks_the_reader(told: dict[str, Any]) -> None:
    """Any JSON is read or is none of ours; what is read names a person and a trigger."""
    for found in (press_of(told, "T1"), submission_of(told, "T1"), called_of(told, "T1"), command_of(told, "T1")):
        assert found is None or (found.spot.user and found.spot.trigger and found.spot.team == "T1")


def test_a_press_is_read() -> None:
    """Who, where, what it is about, and to whom the icon is shown."""
    press = press_of(PRESS, "T1")
    assert press is not None
    assert press.spot == Spot("T1", "U1", "C1", "100.1", "1.x", "https://hooks.slack.com/actions/1")
    assert (press.action, press.about) == (Action.REMOVE, Pressed(7, 8))
    assert (press.message, press.question, press.shown_to) == ("100.2", "100.1", {"U1", "U2"})
    assert (press.spot.name, press.spot.private) == ("user:slack:T1:U1", False)


def test_the_workspace_is_the_apps() -> None:
    """Slack tells that of who pressed, which may be another organisation's."""
    press = press_of({**PRESS, "team": {"id": "T9"}}, "T1")
    assert press is not None
    assert press.spot.team == "T1"
