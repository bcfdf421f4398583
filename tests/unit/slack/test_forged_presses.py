"""A press whose value was made up: numbers of answers can be counted, and open nothing that was not given there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.actions import THUMB_DOWN, Action, Pressed
from tests.fakes.slack_state import Message
from tests.unit.slack.office import Office, office_in
from tests.unit.slack.pressing import CHOICES, TWELVE, asked


HIDDEN = "When do we close the Ghent site?"
NOT_YOURS = "That is for the person whom this answer was given to."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as opened:
        yield opened


def forge(office: Office, message: Message, action_id: str, value: str, *, unseen: bool = False) -> None:
    """
    Let ben press a button of a message, with a value of his own.

    Args:
        office: where.
        message: it.
        action_id: of the button.
        value: what it is said to carry.
        unseen: Slack does not tell what the message shows.

    """
    pressed = office.ben.clicks(message, Action.ASK_PERSON).wait()
    actions = [{**pressed.payload["actions"][0], "action_id": action_id, "value": value}]
    triggers, fresh = office.slack.world.triggers, f"{len(office.slack.deliveries)}.x"
    triggers[fresh] = replace(triggers[pressed.payload["trigger_id"]], used=False)
    forged = {**pressed.payload, "actions": actions, "trigger_id": fresh}
    if unseen:
        del forged["message"]
    office.slack.repeat(replace(pressed, payload=forged)).wait()
    office.rests()


@pytest.fixture(params=["a guest's direct conversation", "a private channel"])
def hidden(request: pytest.FixtureRequest, office: Office) -> Message:
    """Return an answer that ben does not see, whose rights are not narrower than his."""
    if "guest" in request.param:
        return office.answers(office.gus, CHOICES, question=HIDDEN)
    closed = office.slack.channel(office.acme, "closed", [office.anna, office.bot], private=True)
    return office.answers(office.anna, CHOICES, closed, question=HIDDEN)


def test_the_number_of_a_hidden_answer_tells_nothing_of_it(office: Office, hidden: Message) -> None:
    """Neither the dialogue for a person, nor that of quotes, nor that of sharing shows the question."""
    seen = office.answers(office.ben, TWELVE, office.general)
    for action in (Action.ASK_PERSON, Action.SHOW_EVIDENCE, Action.SHARE):
        forged = Pressed(office.number(hidden), 0).as_value()
        forge(office, seen, action, forged, unseen=True)
        assert HIDDEN not in str([one.content for one in office.ben.modals])
    assert set(office.whispered(office.ben, office.general)) == {NOT_YOURS}


def test_the_number_of_a_hidden_answer_takes_no_word_and_no_choice(office: Office, hidden: Message) -> None:
    """It is not judged, and its choices are not asked."""
    seen = office.answers(office.ben, TWELVE, office.general)
    number = office.number(hidden)
    thumb, choice = (Pressed(number, 0, detail).as_value() for detail in (THUMB_DOWN, "For Germany?"))
    forge(office, seen, Action.FEEDBACK, thumb, unseen=True)
    forge(office, seen, f"{Action.CHOICE}:1", choice, unseen=True)
    assert office.footnote.records.feedback.of(number) == ()
    assert office.asked == []


@pytest.mark.parametrize("whose", ["of somebody else", "of their own"])
def test_an_icon_takes_away_the_answer_below_which_it_stands(office: Office, whose: str) -> None:
    """One's own icon does not reach another answer, and one's own number does not reach another message."""
    own = office.answers(office.ben, TWELVE, office.general)
    other = office.answers(office.anna, TWELVE, office.general)
    pressed, named = (own, other) if "else" in whose else (other, own)
    number = office.number(named)
    forge(office, pressed, Action.REMOVE, Pressed(number, number + 1000).as_value())
    assert not own.deleted
    assert not other.deleted
    assert all(office.footnote.records.answers.get(office.number(one)) for one in (own, other))


def test_nobody_writes_to_admins_through_us(office: Office) -> None:
    """Whom Slack does not know, or whose account was switched off since, sends no question to a person."""
    message = office.answers(office.ben, TWELVE, office.general)
    office.ben.clicks(message, Action.ASK_PERSON).wait()
    office.ben.user.deleted = True
    office.desk.people.forget_person(office.ben.id)
    office.ben.submits(office.ben.modals[0], asked("Open https://evil.example!")).wait()
    office.rests()
    assert office.told(office.anna) == []
