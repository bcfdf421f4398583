"""Buttons below an answer: what each does, for whom, and that it does it once; over real HTTP, as people press them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.actions import THUMB_DOWN, THUMB_UP, Action, Pressed
from pipelines.domain.access import OPERATOR
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.feedback import Feedback
from pipelines.errors import NotFound
from tests.contracts.ledger_scene import Scene
from tests.fakes.answers import citation
from tests.fakes.slack_faults import Fault
from tests.fakes.slack_state import Message
from tests.unit.slack.office import Office, office_in
from tests.unit.slack.pressing import CHOICES, TWELVE, asked, shared_in
from tests.unit.slack.reading_blocks import nodes, shown


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as opened:
        yield opened


class Handbook:
    """A base with a document for all and one for the people of `hr`."""

    def __init__(self, office: Office) -> None:
        self._records = office.footnote.records
        self.scene = Scene(self._records)
        self._records.access.set_readers(self.scene.kb, ["everyone", "public"], OPERATOR)
        self.hr = self._records.access.rule(self.scene.kb, ["user:ben@acme.example"])
        self.scene.publish(
            self.scene.draft("open.md", "For all."),
            self.scene.draft("other.md", "For all, too."),
            self.scene.draft("closed.md", "For hr.", rule=self.hr),
        )

    def cites(self, number: int, path: str, quote: str) -> Citation:
        """Return a citation of a document as it is now."""
        life = self.scene.life(path)
        return replace(
            citation(number, quote=quote), kb="handbook", document=path, title=path, document_version=life.id
        )

    def both(self) -> Answer:
        """Return an answer that quotes both documents."""
        cited = (self.cites(1, "open.md", "Open words."), self.cites(2, "closed.md", "Closed words."))
        return Answer(Outcome.ANSWER, "Both say so. [1][2]", citations=cited)


def value(office: Office, message: Message, detail: str = "") -> str:
    """Return what a button of an answer carries."""
    number = office.number(message)
    return Pressed(number, number + 1000, detail).as_value()


def answers_left(office: Office, number: int) -> bool:
    """Say whether an answer is still recorded."""
    try:
        office.footnote.records.answers.get(number)
    except NotFound:
        return False
    return True


# --- evidence --------------------------------------------------------------------


def test_evidence_shows_what_its_reader_may_read(office: Office) -> None:
    """In private a person sees the quotes of all documents that they may read."""
    message = office.answers(office.ben, Handbook(office).both())
    office.ben.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert "Open words." in office.dialogue(office.ben)
    assert "Closed words." in office.dialogue(office.ben)


def test_evidence_shows_no_quote_that_may_not_be_read_where_it_stands(office: Office) -> None:
    """In a channel only what everyone there may read is shown, even to who might read more; the rest is counted."""
    message = office.answers(office.ben, Handbook(office).both(), office.general)
    office.ben.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert "Open words." in office.dialogue(office.ben)
    assert "Closed words." not in office.dialogue(office.ben)
    assert "closed.md" not in office.dialogue(office.ben)
    assert "A source of this answer may not be shown here today." in office.dialogue(office.ben)


def test_evidence_is_checked_against_the_rights_of_today(office: Office) -> None:
    """A document that was closed to somebody since shows no quote any more, and neither does one that is gone."""
    handbook = Handbook(office)
    message = office.answers(office.ben, handbook.both())
    handbook.scene.publish(removed=["open.md"])
    office.footnote.records.access.set_readers(handbook.scene.kb, ["user:anna@acme.example"], OPERATOR)
    office.ben.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert "words." not in office.dialogue(office.ben)
    assert "2 sources of this answer may not be shown here today." in office.dialogue(office.ben)


def test_a_document_that_is_gone_or_closed_today_is_not_quoted(office: Office) -> None:
    """Although its base is open, and its reading of then was."""
    handbook = Handbook(office)
    opened = (handbook.cites(1, "open.md", "Open words."), handbook.cites(2, "other.md", "Other words."))
    message = office.answers(office.ben, Answer(Outcome.ANSWER, "So. [1][2]", citations=opened), office.general)
    handbook.scene.publish(
        handbook.scene.draft("other.md", "For hr now.", rule=handbook.hr, continues="other.md"), removed=["open.md"]
    )
    office.anna.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert office.dialogue(office.anna) == "2 sources of this answer may not be shown here today."


def test_a_quote_of_a_reading_that_was_closed_stays_closed(office: Office) -> None:
    """A document that is open today does not open what stood in it when it was not."""
    handbook = Handbook(office)
    quoted = handbook.cites(1, "closed.md", "Closed words.")
    handbook.scene.publish(handbook.scene.draft("closed.md", "Now for all.", continues="closed.md"))
    message = office.answers(office.ben, Answer(Outcome.ANSWER, "So it is. [1]", citations=(quoted,)), office.general)
    office.anna.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert "Closed words." not in office.dialogue(office.anna)


def test_evidence_of_an_answer_that_was_deleted_is_not_there(office: Office) -> None:
    """Who presses is told so, and sees nothing of it."""
    message = office.answers(office.ben, Handbook(office).both())
    office.footnote.records.answers.withdraw(office.number(message))
    office.ben.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert office.dialogue(office.ben) == "This answer is not kept any more."


@pytest.mark.parametrize("action", [Action.SHOW_EVIDENCE, Action.ASK_PERSON, Action.SHARE])
def test_a_private_answer_is_nobody_elses(office: Office, action: Action) -> None:
    """Whoever else comes to press a button of it gets no dialogue with anything of it."""
    message = office.answers(office.ben, Handbook(office).both(), question="a private question")
    office.slack.world.channels[message.channel].members.append(office.anna.id)
    office.anna.clicks(message, action).wait()
    office.rests()
    told = [office.dialogue(office.anna), *(shown(one.blocks) for one in office.slack.world.ephemerals)]
    assert "".join(told) == "That is for the person whom this answer was given to."


def test_a_slow_slack_does_not_lose_a_dialogue(office: Office) -> None:
    """Where it takes too long to know who reads, the dialogue opens in time and is filled afterwards."""
    message = office.answers(office.ben, Handbook(office).both(), office.general)
    office.desk.people.forget_channel(office.general.id)
    office.slack.script("conversations.info", Fault("slow", seconds=2.5))
    delivery = office.ben.clicks(message, Action.SHOW_EVIDENCE).wait()
    assert delivery.attempts[0].seconds < 3
    assert office.dialogue(office.ben) == "One moment…"
    assert office.slack.wait_for(lambda: "Open words." in office.dialogue(office.ben))


# --- thumbs ----------------------------------------------------------------------


def test_a_thumb_up_is_kept_and_thanked_for(office: Office) -> None:
    """Anybody in the channel may judge; the thanks are for that person alone."""
    message = office.answers(office.ben, TWELVE, office.general)
    delivery = office.anna.clicks(message, Action.FEEDBACK, value=value(office, message, THUMB_UP)).wait()
    office.rests()
    kept = office.footnote.records.feedback.of(office.number(message))
    assert kept == (Feedback(office.number(message), office.rights(office.anna).name, good=True),)
    assert office.whispered(office.anna, office.general) == ["Thank you, that is noted."]
    office.again(delivery)
    assert office.whispered(office.anna, office.general) == ["Thank you, that is noted."]


def test_a_thumb_down_asks_why(office: Office) -> None:
    """It counts at once; what is said in the dialogue is kept with it."""
    message = office.answers(office.ben, TWELVE)
    office.ben.clicks(message, Action.FEEDBACK, value=value(office, message, THUMB_DOWN)).wait()
    number, name = office.number(message), office.rights(office.ben).name
    assert office.footnote.records.feedback.of(number) == (Feedback(number, name, good=False),)
    (modal,) = office.ben.modals
    reason, detail = {"selected_option": {"value": "outdated"}}, {"value": "It is sixteen weeks.\n"}
    office.ben.submits(modal, {"reason": {"reason": reason}, "detail": {"detail": detail}}).wait()
    (kept,) = office.footnote.records.feedback.of(number)
    assert kept == Feedback(number, name, good=False, reason="outdated", detail="It is sixteen weeks.")
    assert office.dialogue(office.ben).startswith("Thank you.")


# --- choices and shares ----------------------------------------------------------


def test_a_choice_is_asked_in_its_thread_once(office: Office) -> None:
    """What was picked is asked with the name of who picked it, however often it is pressed or delivered."""
    message = office.answers(office.ben, CHOICES, office.general)
    delivery = office.anna.clicks(message, f"{Action.CHOICE}:2").wait()
    office.rests()
    (request,) = office.asked
    assert (request.text, request.user, request.private) == ("For France?", office.anna.id, False)
    assert (request.channel, request.thread, request.question_ts) == (office.general.id, message.root, message.ts)
    office.again(delivery)
    office.anna.clicks(message, f"{Action.CHOICE}:2").wait()
    office.rests()
    assert office.asked == [request]


def test_a_choice_that_came_to_nothing_is_asked_again(office: Office) -> None:
    """Who stopped it, or was told that it failed, presses the same button once more; one that is answered is not."""
    message = office.answers(office.ben, CHOICES, office.general)
    office.outcome = None
    for number in (1, 2):
        office.anna.clicks(message, f"{Action.CHOICE}:2").wait()
        office.rests()
        assert [one.text for one in office.asked] == ["For France?"] * number
    office.outcome = 1
    for _ in range(2):
        office.anna.clicks(message, f"{Action.CHOICE}:2").wait()
        office.rests()
        assert len(office.asked) == 3


def test_a_choice_of_somebody_elses_private_question_is_refused(office: Office) -> None:
    """It is not asked, and who pressed is told."""
    message = office.answers(office.ben, CHOICES)
    office.slack.world.channels[message.channel].members.append(office.anna.id)
    office.anna.clicks(message, f"{Action.CHOICE}:1").wait()
    office.rests()
    assert office.asked == []


def test_a_private_answer_is_shared_by_asking_again(office: Office) -> None:
    """The question begins a thread in the channel, with the name of who asks, and nothing of the private answer."""
    message = office.answers(office.ben, TWELVE, question="How long is leave?")
    office.ben.clicks(message, Action.SHARE).wait()
    (modal,) = office.ben.modals
    delivery = office.ben.submits(modal, shared_in(office.general.id, "How long is leave?")).wait()
    assert office.dialogue(office.ben) == "I ask it there."
    office.rests()
    (opening,) = [one for one in office.slack.messages(office.general) if one.user == office.bot.bot_user]
    assert {"type": "user", "user_id": office.ben.id} in list(nodes(opening.blocks))
    assert shown(opening.blocks) == " asks:How long is leave?"
    (request,) = office.asked
    assert (request.channel, request.thread, request.private) == (office.general.id, opening.ts, False)
    office.again(delivery)
    assert office.asked == [request]


@pytest.mark.parametrize("action", [Action.SHARE, Action.ASK_PERSON])
def test_a_follow_up_is_offered_as_a_whole_question(office: Office, action: Action) -> None:
    """Whoever reads it elsewhere knows nothing of the conversation."""
    whole = "How much may a hotel in Porto cost?"
    message = office.answers(office.ben, TWELVE, question="And in Porto?", stand_alone=whole)
    office.ben.clicks(message, action).wait()
    assert whole in str(office.ben.modals[0].content)
    assert "And in Porto?" not in str(office.ben.modals[0].content)


def test_a_question_is_shared_only_where_both_are(office: Office) -> None:
    """A channel without us, or without who asks, is refused in the dialogue."""
    elsewhere = office.slack.channel(office.acme, "elsewhere", [office.ben])
    foreign = office.slack.channel(office.acme, "foreign", [office.anna, office.bot])
    message = office.answers(office.ben, TWELVE)
    office.ben.clicks(message, Action.SHARE).wait()
    (modal,) = office.ben.modals
    office.ben.submits(modal, shared_in(elsewhere.id)).wait()
    assert office.ben.errors == {"channel": "I am not in that channel. Invite me there first."}
    office.ben.submits(modal, shared_in(foreign.id)).wait()
    assert office.ben.errors == {"channel": "You are not in that channel."}
    office.ben.submits(modal, shared_in(office.general.id, "  ")).wait()
    assert list(office.ben.errors) == ["question"]
    office.rests()
    assert office.asked == []


def test_a_channel_that_is_lost_meanwhile_is_told(office: Office) -> None:
    """Where we were thrown out before we could ask, who asked reads so in our direct conversation."""
    message = office.answers(office.ben, TWELVE)
    office.ben.clicks(message, Action.SHARE).wait()
    (modal,) = office.ben.modals
    office.slack.script("chat.postMessage", Fault("error", error="not_in_channel"))
    office.ben.submits(modal, shared_in(office.general.id, "Why so?")).wait()
    office.rests()
    assert office.asked == []
    assert office.told(office.ben)[-1].startswith("Your question could not be asked there.")


# --- a person --------------------------------------------------------------------


def test_a_question_for_a_person_reaches_the_admins(office: Office) -> None:
    """They get the question as it was sent and who asks; who asks is told whom it went to, once."""
    message = office.answers(office.ben, Handbook(office).both(), question="Who knows?")
    office.ben.clicks(message, Action.ASK_PERSON).wait()
    (modal,) = office.ben.modals
    assert "Who knows?" in str(modal.content)
    delivery = office.ben.submits(modal, asked("Who knows it?")).wait()
    assert office.dialogue(office.ben).startswith("Your question is passed on.")
    office.rests()
    (told,) = office.slack.messages(office.anna.direct(office.bot))
    assert {"type": "user", "user_id": office.ben.id} in list(nodes(told.blocks))
    assert shown(told.blocks) == (
        " has a question for you:Who knows it?Please reply to them directly: I pass nothing back."
    )
    assert office.told(office.ben)[-1] == "Your question went to anna:Who knows it?"
    office.again(delivery)
    assert len(office.told(office.anna)) == 1
    assert len([one for one in office.told(office.ben) if "went to" in one]) == 1


@pytest.mark.parametrize(
    "admins", [(), ("user:ghost@acme.example", "group:slack:crew", "user:slack:T0:U0"), ("user:gus@acme.example",)]
)
def test_nobody_to_ask_is_said_honestly(tmp_path: Path, admins: tuple[str, ...]) -> None:
    """Without an admin whom Slack knows as a member the question goes nowhere, and who asks is told so."""
    with office_in(tmp_path, admins=admins) as office:
        message = office.answers(office.ben, TWELVE, office.general)
        office.ben.clicks(message, Action.ASK_PERSON).wait()
        office.ben.submits(office.ben.modals[0], asked("Who knows?")).wait()
        office.rests()
        (told,) = office.told(office.ben)
        assert told.startswith("Your question could not be passed on, since I find nobody in Slack")


def test_an_admin_who_asks_does_not_ask_themselves(office: Office) -> None:
    """The only admin asks nobody."""
    message = office.answers(office.anna, TWELVE, office.general)
    office.anna.clicks(message, Action.ASK_PERSON).wait()
    office.anna.submits(office.anna.modals[0], asked("Who knows?")).wait()
    office.rests()
    assert [one[:40] for one in office.told(office.anna)] == ["Your question could not be passed on, si"]


def test_a_guest_passes_nothing_on(office: Office) -> None:
    """The button tells who can; so it does where its dialogue is open already."""
    shared = office.slack.channel(office.acme, "shared", [office.ben, office.gus, office.bot])
    message = office.answers(office.ben, TWELVE, shared)
    office.gus.clicks(message, Action.ASK_PERSON).wait()
    office.rests()
    assert office.gus.modals == []
    assert office.whispered(office.gus, shared) == ["Only members of this organisation can pass questions on."]
    office.ben.clicks(message, Action.ASK_PERSON).wait()
    office.slack.change(office.ben, role="guest")
    office.desk.people.forget_person(office.ben.id)
    office.ben.submits(office.ben.modals[0], asked("Who knows?")).wait()
    office.rests()
    assert office.dialogue(office.ben) == "Only members of this organisation can pass questions on."
    assert office.told(office.anna) == []


def test_a_slow_slack_passes_a_question_on_in_time(office: Office) -> None:
    """Who it is is looked at again before anybody gets it; the dialogue does not wait for that."""
    message = office.answers(office.ben, TWELVE, office.general)
    office.ben.clicks(message, Action.ASK_PERSON).wait()
    office.slack.script("users.info", *[Fault("slow", seconds=2.9)] * 4)
    office.desk.people.forget_person(office.ben.id)
    sent = office.ben.submits(office.ben.modals[-1], asked("Who knows?")).wait()
    assert sent.state == "acknowledged"
    assert sent.attempts[0].seconds < 3
    office.rests()
    assert len(office.told(office.anna)) == 1


def test_one_person_sends_admins_few_questions_an_hour(office: Office) -> None:
    """The sixth has to wait; others' questions do not."""
    message = office.answers(office.ben, TWELVE, office.general)
    for number in range(6):
        office.ben.clicks(message, Action.ASK_PERSON).wait()
        office.ben.submits(office.ben.modals[-1], asked(f"Question {number}?")).wait()
    office.rests()
    assert office.dialogue(office.ben).startswith("You passed on 5 questions within an hour.")
    assert len(office.told(office.anna)) == 5
    cleo = office.slack.person(office.acme, "cleo")
    cleo.joins(office.general)
    cleo.clicks(message, Action.ASK_PERSON).wait()
    cleo.submits(cleo.modals[0], asked("And mine?")).wait()
    office.rests()
    assert len(office.told(office.anna)) == 6


# --- the icon --------------------------------------------------------------------


def test_who_asked_takes_an_answer_away(office: Office) -> None:
    """All its messages go, and its record; those of others stay."""
    message = office.answers(office.ben, TWELVE, office.general)
    other = office.answers(office.ben, TWELVE, office.general)
    number = office.number(message)
    delivery = office.ben.clicks(message, Action.REMOVE).wait()
    office.rests()
    assert message.deleted
    assert not other.deleted
    assert not answers_left(office, number)
    assert answers_left(office, office.number(other))
    office.again(delivery)


def test_all_messages_of_an_answer_go(office: Office) -> None:
    """However many it has."""
    long = Answer(Outcome.ANSWER, "\n\n".join(f"{'word ' * 300}{n}." for n in range(12)))
    message = office.answers(office.ben, long, office.general)
    assert len(office.slack.thread(message)) > 1
    office.ben.clicks(message, Action.REMOVE).wait()
    office.rests()
    assert office.slack.thread(message) == []


def test_an_admin_takes_an_answer_away_and_others_do_not(office: Office) -> None:
    """Whom the icon is not shown to may still send a press of it: it counts for admins alone."""
    for who, gone in ((office.gus, False), (office.anna, True)):
        message = office.answers(office.ben, TWELVE, office.general)
        delivery = office.ben.clicks(message, Action.ASK_PERSON).wait()
        pressed = {**delivery.payload["actions"][0], "action_id": str(Action.REMOVE)}
        user = {**delivery.payload["user"], "id": who.id}
        forged = {**delivery.payload, "actions": [pressed], "user": user, "trigger_id": f"of {who.id}"}
        office.slack.repeat(replace(delivery, payload=forged)).wait()
        office.rests()
        assert message.deleted is gone


# --- what is none of ours --------------------------------------------------------


def test_what_no_button_of_ours_carries_is_ignored(office: Office) -> None:
    """It is acknowledged, and nothing is asked, kept, opened or told."""
    message = office.answers(office.ben, TWELVE)
    payload = office.ben.clicks(message, Action.ASK_PERSON).wait().payload
    office.rests()
    calls = len(office.slack.calls)
    action, odd = payload["actions"][0], [{"user": "x"}, {"user": {}}, {"trigger_id": ""}]
    odd += [{"actions": [{**action, "value": one}]} for one in ("", "x", "1", "1:x:", "-1:2:", f"{2**80}:1:", None)]
    odd += [{"actions": [{**action, "action_id": one}]} for one in ("other", "ask", "ask_person_2")]
    odd += [{"actions": [{**action, "action_id": Action.FEEDBACK, "value": f"{office.number(message)}:1:sideways"}]}]
    for number, told in enumerate(odd):
        body = {**payload, "trigger_id": f"{number}.x", **told}
        again = office.slack.repeat(replace(office.slack.deliveries[-1], payload=body))
        assert [one.status for one in again.wait().attempts] == [200]
    office.rests()
    assert len(office.slack.calls) == calls
    assert office.asked == []
    assert office.footnote.records.feedback.of(office.number(message)) == ()
