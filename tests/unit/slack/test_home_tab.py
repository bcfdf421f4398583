"""What a person finds when they open us: their own questions, what they can read, prompts; nothing of others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.actions import Action
from pipelines.domain.access import OPERATOR
from tests.contracts.ledger_scene import Scene
from tests.fakes.slack_faults import Fault
from tests.fakes.slack_people import Person
from tests.unit.slack.office import Office, office_in
from tests.unit.slack.pressing import TWELVE
from tests.unit.slack.reading_blocks import shown


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as opened:
        yield opened


def home(office: Office, person: Person) -> str:
    """Return what the Home tab says."""
    view = person.home(office.bot)
    return shown(view.content["blocks"]) if view else ""


def handbook(office: Office) -> Scene:
    """Return a base for members with a document for all of them and one for anna."""
    records = office.footnote.records
    scene = Scene(records)
    records.access.set_readers(scene.kb, ["everyone"], OPERATOR)
    alone = records.access.rule(scene.kb, ["user:anna@acme.example"])
    scene.publish(scene.draft("Leave policy", "one"), scene.draft("Salaries", "two", rule=alone))
    return scene


def prompts(office: Office, person: Person) -> list[str]:
    """Return the prompts that a person is suggested."""
    found = office.slack.world.prompts.get((person.direct(office.bot).id, ""))
    return [one["message"] for one in found.prompts] if found else []


def test_the_home_tab_is_of_its_reader(office: Office) -> None:
    """It shows their questions and not those of others, the bases that they can read, and no numbers of documents."""
    handbook(office)
    Scene(office.footnote.records, "secret")
    office.answers(office.ben, TWELVE, question="How long is leave?")
    office.answers(office.anna, TWELVE, question="What does ben earn?")
    office.ben.opens_home(office.bot)
    office.rests()
    assert "How long is leave?" in home(office, office.ben)
    assert "ben earn" not in home(office, office.ben)
    assert "handbook: as of 20" in home(office, office.ben)
    assert "secret" not in home(office, office.ben)
    assert "2" not in home(office, office.ben).partition("handbook:")[2].removeprefix(" as of 2026-")[5:]


def test_an_admin_sees_how_each_base_is(office: Office) -> None:
    """A line a base, in the words of the terminal."""
    handbook(office)
    Scene(office.footnote.records, "secret")
    office.anna.opens_home(office.bot)
    office.rests()
    assert "State of the knowledge bases" in home(office, office.anna)
    assert "secret · " in home(office, office.anna)


def test_a_guest_is_shown_no_base_of_members(office: Office) -> None:
    """Whoever is no member reads what is public."""
    handbook(office)
    office.gus.opens_home(office.bot)
    office.rests()
    assert "There is no knowledge base that you can read." in home(office, office.gus)


def test_a_tab_that_slack_refuses_is_not_tried_for_ever(office: Office) -> None:
    """Whoever misses it opens it again; what Slack cannot take now is tried again by itself."""
    office.slack.script("views.publish", Fault("error", error="not_enabled"))
    office.ben.opens_home(office.bot)
    office.rests()
    assert home(office, office.ben) == ""
    office.slack.script("views.publish", Fault("error", error="internal_error"))
    office.ben.opens_home(office.bot)
    office.rests()
    assert "My questions" in home(office, office.ben)


def test_a_question_is_deleted_by_who_asked_it(office: Office) -> None:
    """Its button deletes it and shows the tab anew; one that names another's question deletes nothing."""
    own = office.number(office.answers(office.ben, TWELVE, question="How long is leave?"))
    kept = office.number(office.answers(office.ben, TWELVE, question="And in France?"))
    others = office.number(office.answers(office.anna, TWELVE, question="What does ben earn?"))
    office.ben.opens_home(office.bot)
    office.rests()
    view = office.ben.home(office.bot)
    assert view is not None
    office.ben.clicks(view, f"{Action.FORGET}:{own}").wait()
    office.rests()
    assert "How long" not in home(office, office.ben)
    assert "And in France?" in home(office, office.ben)
    view.content["blocks"] = [
        {**one, "accessory": {**one["accessory"], "value": f"{others}:0:"}} if "accessory" in one else one
        for one in view.content["blocks"]
    ]
    office.ben.clicks(view, f"{Action.FORGET}:{kept}").wait()
    office.rests()
    assert office.footnote.records.answers.get(others).question == "What does ben earn?"
    assert office.footnote.records.answers.get(kept).question == "And in France?"


def test_all_questions_are_deleted_by_who_asked_them(office: Office) -> None:
    """And by nobody else."""
    for question in ("One?", "Two?"):
        office.answers(office.ben, TWELVE, question=question)
    others = office.number(office.answers(office.anna, TWELVE, question="Three?"))
    office.ben.opens_home(office.bot)
    office.rests()
    view = office.ben.home(office.bot)
    assert view is not None
    office.ben.clicks(view, Action.FORGET_ALL).wait()
    office.rests()
    assert "You have not asked anything yet." in home(office, office.ben)
    assert office.footnote.records.answers.get(others).question == "Three?"


def test_prompts_are_about_what_their_reader_may_read(office: Office) -> None:
    """A title that somebody may not read is suggested to nobody but those who may."""
    handbook(office)
    office.ben.opens_messages(office.bot)
    office.anna.opens_messages(office.bot)
    office.rests()
    assert prompts(office, office.ben) == ["What does “Leave policy” say?"]
    assert sorted(prompts(office, office.anna)) == ["What does “Leave policy” say?", "What does “Salaries” say?"]


def test_prompts_come_in_the_persons_language(office: Office) -> None:
    """And when they look elsewhere, too."""
    handbook(office)
    office.ben.user.locale = "de-DE"
    office.ben.looks_at(office.general, office.bot)
    office.rests()
    assert prompts(office, office.ben) == ["Was steht in „Leave policy“?"]


def test_prompts_go_with_the_right_to_read(office: Office) -> None:
    """Whoever may read nothing any more finds no title, but how to ask what we are for."""
    scene = handbook(office)
    office.ben.opens_messages(office.bot)
    office.rests()
    assert prompts(office, office.ben) == ["What does “Leave policy” say?"]
    office.footnote.records.access.set_readers(scene.kb, ["user:anna@acme.example"], OPERATOR)
    office.ben.opens_messages(office.bot)
    office.gus.opens_messages(office.bot)
    office.rests()
    assert prompts(office, office.ben) == prompts(office, office.gus) == ["What can I ask you?"]


def test_looking_around_repeats_no_prompt(office: Office) -> None:
    """Where the prompts stay the same Slack is told once; where they change, at the next look."""
    scene = handbook(office)
    for _ in range(3):
        office.ben.looks_at(office.general, office.bot)
        office.rests()
    assert len(office.slack.calls_of("assistant.threads.setSuggestedPrompts")) == 1
    office.footnote.records.access.set_readers(scene.kb, ["user:anna@acme.example"], OPERATOR)
    office.ben.looks_at(office.general, office.bot)
    office.rests()
    assert prompts(office, office.ben) == ["What can I ask you?"]


def test_who_opens_us_first_is_welcomed_once(office: Office) -> None:
    """In their language, where nothing was said yet."""
    office.ben.user.locale = "de-DE"
    for _ in range(2):
        office.ben.opens_messages(office.bot)
        office.rests()
    assert [one[:6] for one in office.told(office.ben)] == ["Hallo!"]
    office.anna.tells(office.bot, "How long is leave?")
    office.anna.opens_messages(office.bot)
    office.rests()
    assert office.told(office.anna) == []
