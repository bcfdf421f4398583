"""What only Slack has: the session that it shows beside a thread, and files that it shows and does not keep."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipelines.answering.writing.inert import JOINER
from tests.scenarios.offered_file import HOTEL, OFFER
from tests.scenarios.slack_office import Office, office


LEAVE = "How many weeks of parental leave does a parent get?"
TRAINS = "Who books trains?"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open one office for all of these tests."""
    with office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def test_a_session_is_processing_while_the_bot_works(acme: Office) -> None:
    """And active once the question is answered, each told once."""
    asked = acme.ann.mentions(acme.bot, acme.general, "How many weeks of parental leave does a parent get?")
    acme.answered(asked)
    session = acme.slack.session(acme.app, asked)
    assert session is not None
    assert acme.slack.wait_for(lambda: session.status == "active")
    assert session.history == ["processing", "active"]


def test_a_file_that_is_not_in_slack_is_told(acme: Office) -> None:
    """In one sentence, in the place of an answer."""
    drive = acme.ann.uploads("drive.md", OFFER)
    drive.external = True
    asked = acme.ann.writes(acme.ann.direct(acme.bot), HOTEL, files=[drive])
    told = acme.answered(asked).replace(JOINER, "")
    assert "None of the attached files could be read." in told
    assert "drive.md: it does not lie in Slack but elsewhere" in told


@contextmanager
def unheard(acme: Office) -> Iterator[None]:
    """Let what happens meanwhile be told only when Slack repeats it, after what happens next."""
    heard, acme.app.request_url = acme.app.request_url, "http://127.0.0.1:9/nobody"
    before = len(acme.slack.deliveries)
    yield
    told = acme.slack.deliveries[before:]
    assert told
    assert acme.slack.wait_for(lambda: all(len(one.attempts) > 1 for one in told))
    acme.app.request_url = heard


def settled(acme: Office) -> None:
    """Wait until all is told and worked on."""
    acme.slack.settle()
    assert acme.slack.wait_for(acme.is_idle)


def test_a_question_that_is_told_after_its_edit_is_answered_once(acme: Office) -> None:
    """As it was asked last."""
    with unheard(acme):
        asked = acme.ann.writes(acme.ann.direct(acme.bot), LEAVE)
    acme.ann.edits(asked, HOTEL)
    settled(acme)
    assert "140 euros" in acme.answered(asked)
    assert len(acme.replies(asked)) == 1


@pytest.mark.parametrize("edited", [False, True])
def test_a_question_that_is_told_after_its_deletion_is_not_answered(acme: Office, *, edited: bool) -> None:
    """Nor an edit of it: nothing stands in the channel."""
    with unheard(acme):
        asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
        if edited:
            acme.ann.edits(asked, f"<@{acme.bot.bot_user}> {HOTEL}")
    acme.ann.deletes(asked)
    settled(acme)
    assert acme.replies(asked) == []


def test_an_edit_that_is_told_after_a_deletion_is_not_answered(acme: Office) -> None:
    """Its older answer is gone, and none takes its place."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.answered(asked)
    with unheard(acme):
        acme.ann.edits(asked, f"<@{acme.bot.bot_user}> {HOTEL}")
    acme.ann.deletes(asked)
    settled(acme)
    assert acme.replies(asked) == []


def test_an_edit_that_is_told_after_a_later_one_brings_no_older_wording_back(acme: Office) -> None:
    """The answer to the last wording stays."""
    asked = acme.ann.writes(acme.ann.direct(acme.bot), LEAVE)
    acme.answered(asked)
    with unheard(acme):
        acme.ann.edits(asked, HOTEL)
    acme.ann.edits(asked, TRAINS)
    settled(acme)
    assert "travel desk" in acme.answered(asked)
    assert len(acme.replies(asked)) == 1


def test_a_mention_that_was_taken_out_before_it_was_told_is_not_answered(acme: Office) -> None:
    """People talk to each other again."""
    with unheard(acme):
        asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.ann.edits(asked, "never mind")
    settled(acme)
    assert acme.replies(asked) == []


def test_a_reaction_an_edit_and_a_deletion_of_one_message_are_each_heeded(acme: Office) -> None:
    """Each is told twice, as Slack does: the reaction changes nothing, the edit the answer, the deletion takes it."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.answered(asked)
    for happens, shown in (
        (lambda: acme.bob.reacts(asked, "eyes"), "24 weeks"),
        (lambda: acme.ann.edits(asked, f"<@{acme.bot.bot_user}> {HOTEL}"), "140"),
        (lambda: acme.ann.deletes(asked), ""),
    ):
        before = len(acme.slack.deliveries)
        happens()
        for one in acme.slack.deliveries[before:]:
            acme.slack.repeat(one)
        settled(acme)
        told = [acme.said(one) for one in acme.replies(asked)]
        assert len(told) == (1 if shown else 0)
        assert all(shown in one for one in told)
