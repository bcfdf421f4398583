"""What a button carries is read back as it was written."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.actions import Action, Pressed, action_of, pressed


NUMBERS = st.integers(0, 2**63 - 1)


@given(NUMBERS, NUMBERS, st.text())
def test_a_value_is_read_back(answer: int, delivery: int, detail: str) -> None:
    """Answer, delivery and choice come back, whatever the choice says."""
    assert pressed(Pressed(answer, delivery, detail).as_value()) == Pressed(answer, delivery, detail)


@given(st.text())
def test_no_value_of_others_breaks_the_reader(value: str) -> None:
    """Any text is read, or is none of ours."""
    found = pressed(value)
    assert found is None or pressed(found.as_value()) == found


@given(st.sampled_from(Action), st.sampled_from(["", ":1", ":a:b"]))
def test_an_action_is_known_by_the_beginning_of_its_id(action: Action, which: str) -> None:
    """Several buttons of one action differ behind a colon."""
    assert action_of(f"{action}{which}") is action
    assert action_of(f"other_{action}") is None
