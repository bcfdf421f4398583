"""The slash command: answered at once, to one person alone; a question is asked in private, a job is followed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.commands import COMMAND
from pipelines.domain.access import OPERATOR
from pipelines.domain.knowledge import SyncResult
from pipelines.errors import TransientError
from tests.contracts.ledger_scene import ELSEWHERE
from tests.fakes.slack_faults import Fault
from tests.unit.slack.office import Office, office_in


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as opened:
        yield opened


def test_a_command_is_answered_to_who_typed_it(office: Office) -> None:
    """The reply comes with the acknowledgement, and nobody else sees it."""
    office.footnote.records.bases.add("handbook", "folder", "/x", OPERATOR)
    delivery = office.anna.commands(office.bot, COMMAND, "list", office.general).wait()
    office.rests()
    assert delivery.wrong == ""
    (told,) = office.whispered(office.anna, office.general)
    assert "handbook" in told
    assert office.whispered(office.ben, office.general) == []
    assert office.slack.messages(office.general) == []


def test_a_member_manages_nothing(office: Office) -> None:
    """What admins may do is refused to others, in words that reveal nothing."""
    office.ben.commands(office.bot, COMMAND, "status handbook", office.general).wait()
    office.rests()
    assert office.whispered(office.ben, office.general) == ["Only an admin may do this."]


def test_a_channel_is_bound_by_the_place_where_that_is_typed(office: Office) -> None:
    """The reader is the channel; in the direct conversation there is none."""
    base = office.footnote.records.bases.add("handbook", "folder", "/x", OPERATOR)
    office.anna.commands(office.bot, COMMAND, "bind handbook", office.general).wait()
    office.anna.commands(office.bot, COMMAND, "bind handbook", office.anna.direct(office.bot)).wait()
    office.rests()
    assert office.footnote.records.access.readers(base.id) == (f"channel:slack:{office.acme.id}:{office.general.id}",)


def test_a_question_is_asked_in_the_direct_conversation(office: Office) -> None:
    """The reply says so; the question stands there, and is asked once, for that person alone."""
    office.ben.commands(office.bot, COMMAND, "ask How long is <leave> & why?", office.general).wait()
    office.rests()
    (request,) = office.asked
    (opening,) = office.slack.messages(office.ben.direct(office.bot))
    assert (request.text, request.user, request.private) == ("How long is <leave> & why?", office.ben.id, True)
    assert (request.channel, request.thread) == (opening.channel, opening.ts)
    assert office.told(office.ben) == ["You asked:How long is <leave> & why?"]
    assert office.whispered(office.ben, office.general) == ["I answer in our direct messages."]


def test_a_repeated_command_is_done_once(office: Office) -> None:
    """Slack delivers it again: nothing is asked or told twice."""
    delivery = office.ben.commands(office.bot, COMMAND, "ask How long?", office.general).wait()
    office.rests()
    office.again(delivery)
    assert len(office.asked) == 1
    assert len(office.told(office.ben)) == 1


def test_a_slow_command_is_answered_later(office: Office) -> None:
    """Slack is acknowledged in time, and the reply comes when it is there."""
    office.slack.script("users.info", Fault("slow", seconds=2.5))
    delivery = office.ben.commands(office.bot, COMMAND, "help", office.general).wait()
    assert delivery.attempts[0].seconds < 3
    assert office.whispered(office.ben, office.general) == []
    assert office.slack.wait_for(lambda: bool(office.whispered(office.ben, office.general)))


def test_a_question_is_kept_before_it_is_acknowledged(office: Office) -> None:
    """However long Slack takes to say who asks: what dies behind the acknowledgement loses nothing."""
    office.slack.script("users.info", *[Fault("slow", seconds=2.5)] * 3)
    office.ben.commands(office.bot, COMMAND, "ask How long?", office.general).wait()
    assert office._count("SELECT count(*) FROM deliveries WHERE kind = 'action' AND asker = 'slack:U0000000002'") == 1
    office.rests()
    assert [one.text for one in office.asked] == ["How long?"]


def test_a_failing_slack_is_told_from_a_failing_command(office: Office) -> None:
    """Where Slack does not say who asks, nothing is done, and who typed is told to try again."""
    office.slack.script("users.info", *[Fault("error", error="internal_error")] * 6)
    office.ben.commands(office.bot, COMMAND, "help", office.general).wait()
    office.rests()
    assert office.whispered(office.ben, office.general) == ["That did not work. Please try it again."]


def test_somebody_unknown_gets_nothing(office: Office) -> None:
    """A deactivated person is told that we do not know them."""
    office.slack.change(office.ben, deleted=True)
    office.ben.commands(office.bot, COMMAND, "list", office.general).wait()
    office.rests()
    (told,) = office.whispered(office.ben, office.general)
    assert told.startswith("I can answer members of this organisation alone")


def test_long_replies_are_cut_and_say_so(office: Office) -> None:
    """Slack takes few answers: the last one tells that there is more."""
    for number in range(99):
        office.footnote.records.bases.add(f"{number} {'x' * 50}", "folder", f"/{'y' * 400}", OPERATOR)
    office.anna.commands(office.bot, COMMAND, "list", office.general).wait()
    office.rests()
    told = office.whispered(office.anna, office.general)
    assert len(told) == 4
    assert told[-1] == "There is more than I can show here."


@pytest.mark.parametrize("error", [None, "the source is away"])
def test_the_end_of_a_sync_is_told(tmp_path: Path, error: str | None) -> None:
    """Who asked for a sync hears how it ended, without asking again."""
    with office_in(tmp_path, look_s=0.05) as office:
        records = office.footnote.records
        base = records.bases.add("handbook", "folder", "/x", OPERATOR)
        office.anna.commands(office.bot, COMMAND, "sync handbook", office.general).wait()
        lease = records.jobs.take(["sync"], ELSEWHERE, 60)
        assert lease is not None
        if error:
            records.ledger.fail(lease, error)
        else:
            version = records.ledger.begin(lease)
            records.ledger.finish(lease, version, SyncResult(version, added=3), promote=True)
        records.jobs.finish(lease, error)
        office.rests()
        ended = f"Job {lease.job.id} failed: {error}" if error else f"Job {lease.job.id} is done: 3 documents added"
        assert office.whispered(office.anna, office.general)[-1].startswith(ended)
        assert base.name in office.whispered(office.anna, office.general)[0]


def test_a_job_that_takes_too_long_is_not_watched_for_ever(tmp_path: Path) -> None:
    """Before Slack takes no answers any more, who asked is told that it still goes on."""
    with office_in(tmp_path, look_s=0.05, watched_s=0.1) as office:
        office.footnote.records.bases.add("handbook", "folder", "/x", OPERATOR)
        office.anna.commands(office.bot, COMMAND, "sync handbook", office.general).wait()
        office.rests()
        assert "still goes on" in office.whispered(office.anna, office.general)[-1]


@pytest.mark.parametrize(("who", "told"), [("ben", "That did not work."), ("anna", "db.internal:5432")])
def test_where_our_servers_stand_is_told_to_admins_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch, who: str, told: str
) -> None:
    """A fault of ours names places, accounts and settings; whoever cannot mend it reads that it did not work."""

    def away(*_: object, **__: object) -> None:
        raise TransientError("PostgreSQL at db.internal:5432 cannot be reached: start it, or correct DATABASE_URL")

    for reads in ("bot.commands.kb.list_all", "bot.commands.readable.readable"):
        monkeypatch.setattr(reads, away)
    person = {"ben": office.ben, "anna": office.anna}[who]
    person.commands(office.bot, COMMAND, "list", office.general).wait()
    office.rests()
    (said,) = office.whispered(person, office.general)
    assert told in said
    assert ("db.internal" in said) == (who == "anna")
