"""Slack, over real HTTP and Socket Mode: asked in every place, each question comes to one visible outcome."""

from collections.abc import Iterator

import pytest

from tests.scenarios.slack_office import Office, office, payload


LEAVE = "How many weeks of parental leave does a parent get?"


@pytest.fixture(scope="module", params=[False, True], ids=["http", "socket"])
def acme(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open one office for all of these tests."""
    with office(tmp_path_factory.mktemp("office"), socket_mode=request.param) as opened:
        yield opened


def test_a_mention_is_answered_in_its_thread(acme: Office) -> None:
    """The answer is in the thread, with a number, its source and its base; nobody waits for a status afterwards."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    told = acme.answered(asked)
    assert "24 weeks" in told
    assert "[1]" in told
    assert "handbook" in told
    session = acme.slack.session(acme.app, asked)
    assert session is not None
    assert acme.slack.wait_for(lambda: session.status == "active")
    assert session.history == ["processing", "active"]


def test_a_direct_message_is_answered_with_what_this_person_reads(acme: Office) -> None:
    """The one who reads the board's base gets its answer, and it is told that nobody else sees it."""
    question = "When does the merger with Contoso close?"
    assert "3 March" in acme.answered(acme.bob.tells(acme.bot, question))
    assert "3 March" not in acme.answered(acme.ann.tells(acme.bot, question))


def test_a_channel_gets_what_everyone_in_it_may_read(acme: Office) -> None:
    """Even for the one who reads it alone, a channel's answer tells nothing of a narrower base."""
    told = acme.answered(acme.bob.mentions(acme.bot, acme.project, "When does the merger with Contoso close?"))
    assert "3 March" not in told
    assert "Bluebird" not in told
    assert "board" not in told


def test_guests_and_strangers_get_what_is_public(acme: Office) -> None:
    """Directly, and in a channel that they read along."""
    for asked in (
        acme.gus.tells(acme.bot, LEAVE),
        acme.ann.mentions(acme.bot, acme.lobby, LEAVE),
        acme.ann.mentions(acme.bot, acme.joint, LEAVE),
        acme.eve.mentions(acme.bot, acme.joint, LEAVE),
    ):
        told = acme.answered(asked)
        assert "24 weeks" not in told
        assert "Parental" not in told
    told = acme.answered(acme.eve.mentions(acme.bot, acme.joint, "When does the visitor centre open?"))
    assert "9 o'clock" in told


def test_the_bot_speaks_the_askers_language(acme: Office) -> None:
    """To somebody whose Slack is German, a refusal and the words around it are German."""
    acme.ann.user.locale = "de-DE"
    acme.slack.change(acme.ann)
    acme.slack.settle()
    told = acme.answered(acme.ann.tells(acme.bot, "What is the airspeed of a swallow?"))
    acme.ann.user.locale = "en-US"
    acme.slack.change(acme.ann)
    assert "beantworten das nicht" in told
    assert "Jemanden fragen" in told


def test_a_follow_up_needs_no_mention(acme: Office) -> None:
    """In a thread that the bot holds; thanks, and what is said to somebody else, are none of its business."""
    first = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.answered(first)
    acme.bob.writes(acme.general, "thanks!", thread=first)
    acme.bob.writes(acme.general, f"<@{acme.ann.id}> did you know?", thread=first)
    follow = acme.bob.writes(acme.general, "And what is the hotel allowance?", thread=first)
    assert "140 euros" in acme.answered(follow)
    acme.slack.settle()
    assert len(acme.replies(first)) == 2


def test_a_channel_is_answered_by_itself_where_an_admin_wants_it(acme: Office) -> None:
    """A question that has an answer gets it; one that has none, and what is no question, get silence."""
    with acme.installation() as footnote:
        footnote.records.channels.set_auto_answer(f"slack:{acme.team.id}:{acme.project.id}", on=True)
    assert acme.slack.wait_for(lambda: False, 5.5) is False
    asked = acme.ann.writes(acme.project, LEAVE)
    unknown = acme.ann.writes(acme.project, "What is the airspeed of a swallow?")
    said = acme.ann.writes(acme.project, "The coffee is ready.")
    assert "24 weeks" in acme.answered(asked)
    acme.slack.settle()
    assert acme.slack.wait_for(acme.is_idle)
    assert acme.replies(unknown) == acme.replies(said) == []


def test_an_edit_is_answered_in_the_place_of_the_older_answer(acme: Office) -> None:
    """One answer stays, and it is that to the new wording."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.answered(asked)
    before = [one.ts for one in acme.final(asked)]
    acme.ann.edits(asked, f"<@{acme.bot.bot_user}> What is the hotel allowance?")
    assert acme.slack.wait_for(lambda: "140 euros" in acme.answered(asked))
    assert [one.ts for one in acme.final(asked)] == before
    assert "24 weeks" not in acme.answered(asked)


def test_a_deleted_question_takes_its_answer_along(acme: Office) -> None:
    """Nothing of it stays in the thread."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.answered(asked)
    acme.ann.deletes(asked)
    assert acme.slack.wait_for(lambda: not acme.replies(asked))


def test_a_private_answer_is_shared_by_asking_again(acme: Office) -> None:
    """In the channel the same question is answered from what everyone there may read."""
    asked = acme.bob.tells(acme.bot, "When does the merger with Contoso close?")
    assert "3 March" in acme.answered(asked)
    acme.bob.clicks(acme.final(asked)[-1], "share").wait()
    assert acme.slack.wait_for(lambda: bool(acme.bob.modals))
    modal = acme.bob.modals[-1]
    question = {"question": {"value": "When does the merger with Contoso close?"}}
    chosen = {"channel": {"channel": {"selected_conversation": acme.project.id}}, "question": question}
    acme.bob.submits(modal, chosen).wait()
    assert acme.slack.wait_for(lambda: bool(acme.begun(acme.project)))
    assert "3 March" not in acme.answered(acme.begun(acme.project)[-1])


def test_the_command_asks_privately(acme: Office) -> None:
    """`/kb ask` in a channel is answered in the direct conversation, with what this person reads."""
    told = acme.bob.commands(acme.bot, "/kb", "ask When does the merger with Contoso close?", acme.general).wait()
    assert told.state == "acknowledged"
    direct = acme.bob.direct(acme.bot)
    assert acme.slack.wait_for(
        lambda: any("3 March" in acme.said(one) for one in acme.slack.messages(direct) if one.thread_ts), 20
    )
    assert all("3 March" not in acme.said(one) for one in acme.slack.messages(acme.general))


def test_an_admin_governs_by_the_command(acme: Office) -> None:
    """Who is no admin learns nothing; who is one binds a base to the channel, which then answers from it."""
    assert "board" not in acme.commanded(acme.ann, "list", acme.project)
    assert "Only an admin" in acme.commanded(acme.ann, "bind board", acme.project)
    acme.boss.joins(acme.project)
    assert "board" in acme.commanded(acme.boss, "bind board", acme.project)
    asked = acme.ann.mentions(acme.bot, acme.project, "When does the merger with Contoso close?")
    assert "3 March" in acme.answered(asked)


def test_a_thumb_on_an_answer_counts(acme: Office) -> None:
    """Feedback by a reaction is kept with the answer."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    acme.answered(asked)
    number = payload(acme.final(asked)[-1])["answer"]
    acme.bob.reacts(acme.final(asked)[-1], "+1")
    with acme.installation() as footnote:
        assert acme.slack.wait_for(lambda: bool(footnote.records.feedback.of(number)))
        assert footnote.records.feedback.of(number)[0].good
