"""What begins a thread, or is passed on to people, is posted once, though Slack's answer is lost or a process dies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.actions import Action
from bot.slack.blocks.openings import own_question
from bot.slack.commands import COMMAND
from bot.slack.direct import direct_channel
from bot.slack.posting import post_once
from pipelines.domain.deliveries import Delivery, DeliveryKind, LeasedDelivery
from tests.fakes import slack_faults as faults
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel
from tests.unit.slack.office import Office, office_in
from tests.unit.slack.pressing import TWELVE, asked, shared_in


ADMINS = ("user:anna@acme.example", "user:carl@acme.example")
LOOKS = ("conversations.history", "conversations.replies")
POST = "chat.postMessage"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path, admins=ADMINS) as opened:
        yield opened


@pytest.fixture
def carl(office: Office) -> Person:
    return office.slack.person(office.acme, "carl")


def pass_on(office: Office, channel: Channel | None, *misfortunes: faults.Fault | None) -> None:
    """Let Ben pass a question on that was answered in a channel or in private, while Slack has misfortunes."""
    message = office.answers(office.ben, TWELVE, channel)
    office.ben.clicks(message, Action.ASK_PERSON).wait()
    office.slack.script(POST, *misfortunes)
    office.ben.submits(office.ben.modals[0], asked("Who knows?")).wait()
    office.rests()


def went_to(office: Office) -> list[str]:
    """Return what Ben was told of where his question went."""
    return [one for one in office.told(office.ben) if "went to" in one]


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_question_is_opened_once(office: Office, *, is_lost: bool) -> None:
    """Slack posted it and its answer was lost: it is found again and asked there; else nobody looks for it."""
    office.slack.script(POST, *[faults.loses_answer()] * is_lost)
    office.ben.commands(office.bot, COMMAND, "ask How long?", office.general).wait()
    office.rests()
    (opening,) = office.slack.messages(office.ben.direct(office.bot))
    assert [(one.channel, one.thread) for one in office.asked] == [(opening.channel, opening.ts)]
    assert len(office.slack.calls_of(*LOOKS)) == is_lost


def test_it_is_looked_for_until_slack_says_what_there_is(office: Office) -> None:
    """A look that fails leaves it open whether the question stands there: nothing is posted."""
    office.slack.script(POST, faults.loses_answer())
    office.slack.script(LOOKS[0], faults.fails(), faults.fails())
    office.ben.commands(office.bot, COMMAND, "ask How long?", office.general).wait()
    office.rests()
    assert office.told(office.ben) == ["You asked:How long?"]
    assert len(office.asked) == 1


def test_each_question_is_opened(office: Office) -> None:
    """The same words asked again are another question, whose message is another one."""
    for _ in range(2):
        office.slack.script(POST, faults.loses_answer())
        office.ben.commands(office.bot, COMMAND, "ask How long?", office.general).wait()
        office.rests()
    openings = office.slack.messages(office.ben.direct(office.bot))
    assert [one.ts for one in openings] == [one.thread for one in office.asked]
    assert len(openings) == 2


def test_a_question_of_a_channel_is_opened_once(office: Office) -> None:
    """So it is where others read and write."""
    message = office.answers(office.ben, TWELVE)
    office.ben.clicks(message, Action.SHARE).wait()
    office.slack.script(POST, faults.loses_answer())
    office.ben.submits(office.ben.modals[0], shared_in(office.general.id)).wait()
    office.rests()
    (opening,) = office.slack.messages(office.general)
    assert [(one.channel, one.thread) for one in office.asked] == [(opening.channel, opening.ts)]


def test_a_question_is_asked_where_slack_does_not_let_us_look(office: Office) -> None:
    """Without the scope it is posted again: rather twice than never."""
    message = office.answers(office.ben, TWELVE)
    office.ben.clicks(message, Action.SHARE).wait()
    office.slack.script(POST, faults.loses_answer())
    office.slack.script(LOOKS[0], faults.error("missing_scope"))
    office.ben.submits(office.ben.modals[0], shared_in(office.general.id)).wait()
    office.rests()
    assert [one.thread for one in office.asked] == [office.slack.messages(office.general)[-1].ts]


def test_it_is_told_once_that_a_question_was_not_asked(office: Office) -> None:
    """What is looked for is this sentence, and not any message of the delivery."""
    refused = faults.error("restricted_action")
    office.slack.script(POST, refused, faults.loses_answer(), refused)
    office.ben.commands(office.bot, COMMAND, "ask How long?", office.general).wait()
    office.rests()
    (told,) = office.told(office.ben)
    assert told.startswith("Your question could not be asked there.")
    assert office.asked == []


async def opened(office: Office, lease: LeasedDelivery) -> str:
    """Let Ben's question be shown for a lease; return the time of the message."""
    web = office.desk.web
    channel = await direct_channel(web, office.ben.id)
    return await post_once(web, office.bot.bot_user, lease, channel, own_question("How long?", "en"), says="opening")


@pytest.mark.parametrize("lost", [None, 0, 1, 2])
@pytest.mark.parametrize("private", [False, True])
def test_a_question_is_passed_on_once(office: Office, carl: Person, lost: int | None, *, private: bool) -> None:
    """Whichever of the answers is lost: each admin gets it once, and who asks reads once whom it went to."""
    before = len(office.slack.calls_of(*LOOKS))
    misfortunes = [] if lost is None else [*[None] * lost, faults.loses_answer()]
    pass_on(office, None if private else office.general, *misfortunes)
    assert [len(office.told(one)) for one in (office.anna, carl)] == [1, 1]
    assert went_to(office) == ["Your question went to anna, carl:Who knows?"]
    assert len(office.slack.calls_of(*LOOKS)) - before == (0 if lost is None else 3 - lost)


def test_it_is_found_again_after_an_orderly_end(office: Office) -> None:
    """A process that is told to end puts back what it began, as if it had not; another one finds its message."""
    deliveries = office.footnote.records.deliveries
    deliveries.accept([Delivery("one", "elsewhere", DeliveryKind.ACTION, "", "{}")])
    first = deliveries.take("elsewhere", "one-host:1:1", 60.0)
    assert first is not None
    posted = office._do(opened(office, first))
    deliveries.put_back(first)
    second = deliveries.take("elsewhere", "one-host:2:2", 60.0)
    assert second is not None
    assert second.attempts == 1
    assert office._do(opened(office, second)) == posted
    assert len(office.told(office.ben)) == 1
