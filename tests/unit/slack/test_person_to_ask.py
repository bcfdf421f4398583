"""Who is named as a person to ask below a refusal: an admin, and only where members read alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.rendering import page
from bot.slack.actions import Action
from bot.slack.blocks.answers import answer_messages
from bot.slack.places import Place
from bot.slack.showings import Showings
from pipelines.domain.conversation import Answer, Outcome
from pipelines.settings import Settings
from tests.unit.slack.office import Office, office_in


REFUSAL = Answer(Outcome.REFUSAL, "Not in the knowledge bases.")


def person(office: Office, admins: str, *, inside: bool = True) -> str:
    """Return the person who is named."""
    given = {"FOOTNOTE_DATA_DIR": "/srv/footnote", "FOOTNOTE_ADMINS": admins}
    office.footnote.settings = Settings.load(given, None)
    place = Place(office.acme.id, office.general.id, "1.1", "1.1", office.ben.id, office.acme.id, private=False)
    return office._do(Showings(office.desk).of(REFUSAL, replace(place, inside=inside))).person


@pytest.mark.parametrize("by_member", [True, False])
def test_members_are_offered_to_ask_people(tmp_path: Path, *, by_member: bool) -> None:
    """Below what a guest or a stranger asked, nothing offers to pass the question on."""
    with office_in(tmp_path) as office:
        channel = office.general.id
        place = Place(office.acme.id, channel, "1.1", "1.1", office.gus.id, office.acme.id, private=False)
        showing = office._do(Showings(office.desk).of(REFUSAL, replace(place, by_member=by_member)))
        (message,) = answer_messages(page(REFUSAL, "en"), showing)
        assert (str(Action.ASK_PERSON) in str(message.blocks)) is by_member


@pytest.mark.parametrize(
    ("admins", "named"),
    [
        ("user:anna@acme.example", "anna@acme.example"),
        ("group:slack:it", ""),
        ("user:slack:T0000000001:{anna}", "anna"),
        ("user:slack:T0000000001:{anna},user:boss@acme.example", "boss@acme.example"),
        ("user:slack:T0000000001:U0000000999", ""),
    ],
)
def test_a_person_to_ask_is_an_admin(tmp_path: Path, admins: str, named: str) -> None:
    """By mail address where one is named, else by the name that Slack knows."""
    with office_in(tmp_path, admins=("user:anna@acme.example",)) as office:
        assert person(office, admins.format(anna=office.anna.id)).lower().startswith(named)
        assert bool(person(office, admins.format(anna=office.anna.id))) is bool(named)
        assert person(office, admins.format(anna=office.anna.id), inside=False) == ""
