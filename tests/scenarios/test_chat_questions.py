"""A chat platform, over real HTTP: asked in every place, each question comes to one visible outcome."""

from collections.abc import Iterator

import pytest

from tests.scenarios.chat_office import Ability, ChatOffice, WayIn


LEAVE = "How many weeks of parental leave does a parent get?"
MERGER = "When does the merger with Contoso close?"


@pytest.fixture(scope="module")
def acme(way_in: WayIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatOffice]:
    """Open one office for all of these tests."""
    with way_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def test_a_mention_is_answered_in_its_thread(acme: ChatOffice) -> None:
    """The answer is in the thread, with a number, its source and its base; nobody waits for it afterwards."""
    asked = acme.ann.asks(acme.general, LEAVE)
    told = acme.answered(asked)
    assert "24 weeks" in told
    assert "[1]" in told
    assert "handbook" in told
    assert acme.wait_for(lambda: not acme.is_waited_for(asked))


def test_a_direct_message_is_answered_with_what_this_person_reads(acme: ChatOffice) -> None:
    """The one who reads the board's base gets its answer, and it is told that nobody else sees it."""
    assert "3 March" in acme.answered(acme.bob.tells(MERGER))
    assert "3 March" not in acme.answered(acme.ann.tells(MERGER))


def test_a_place_gets_what_everyone_in_it_may_read(acme: ChatOffice) -> None:
    """Even for the one who reads it alone, the answer in a place tells nothing of a narrower base."""
    told = acme.answered(acme.bob.asks(acme.project, MERGER))
    assert "3 March" not in told
    assert "Bluebird" not in told
    assert "board" not in told
    assert "What everyone here may read does not answer this" in told


def test_guests_get_what_is_public(acme: ChatOffice) -> None:
    """Directly, and in a place that they read along."""
    for asked in (acme.gus.tells(LEAVE), acme.ann.asks(acme.lobby, LEAVE)):
        told = acme.answered(asked)
        assert "24 weeks" not in told
        assert "Parental" not in told


def test_strangers_get_what_is_public(acme: ChatOffice) -> None:
    """So does everybody in a place that they read along."""
    acme.needs(Ability.STRANGERS)
    for asked in (acme.ann.asks(acme.joint, LEAVE), acme.eve.asks(acme.joint, LEAVE)):
        told = acme.answered(asked)
        assert "24 weeks" not in told
        assert "Parental" not in told
    told = acme.answered(acme.eve.asks(acme.joint, "When does the visitor centre open?"))
    assert "9 o'clock" in told


def test_the_bot_speaks_the_askers_language(acme: ChatOffice) -> None:
    """To somebody whose platform is German, a refusal and the words around it are German."""
    acme.ann.speaks("de")
    told = acme.answered(acme.ann.tells("What is the airspeed of a swallow?"))
    acme.ann.speaks("en")
    assert "beantworten das nicht" in told
    assert "Jemanden fragen" in told


def test_a_follow_up_needs_no_mention(acme: ChatOffice) -> None:
    """In a thread that the bot holds; thanks, and what is said to somebody else, are none of its business."""
    acme.needs(Ability.READS_ALONG)
    first = acme.ann.asks(acme.general, LEAVE)
    acme.answered(first)
    acme.bob.writes(acme.general, "thanks!", after=first)
    acme.bob.writes(acme.general, "did you know?", to=acme.ann, after=first)
    follow = acme.bob.writes(acme.general, "And what is the hotel allowance?", after=first)
    assert "140 euros" in acme.answered(follow)
    acme.settle()
    assert len(acme.replies(first)) == 2


def test_a_follow_up_of_a_greeting_needs_no_mention(acme: ChatOffice) -> None:
    """Whatever its form, and whether it has an answer: somebody spoke to the bot in this thread."""
    acme.needs(Ability.READS_ALONG)
    first = acme.ann.asks(acme.general, "hello")
    acme.answered(first)
    told = acme.answered(acme.bob.writes(acme.general, "Tell me about parental leave", after=first))
    assert "24 weeks" in told
    acme.answered(acme.bob.writes(acme.general, "Tell me about the airspeed of a swallow", after=first))


def test_a_place_is_answered_by_itself_where_an_admin_wants_it(acme: ChatOffice) -> None:
    """A question that has an answer gets it; one that has none, and what is no question, get silence."""
    acme.needs(Ability.READS_ALONG)
    with acme.installation() as footnote:
        footnote.records.channels.set_auto_answer(acme.project.key, on=True)
    assert acme.wait_for(lambda: False, 5.5) is False
    asked = acme.ann.writes(acme.project, LEAVE)
    unknown = acme.ann.writes(acme.project, "What is the airspeed of a swallow?")
    said = acme.ann.writes(acme.project, "The coffee is ready.")
    assert "24 weeks" in acme.answered(asked)
    acme.settle()
    assert acme.wait_for(acme.is_idle)
    acme.bob.writes(acme.project, "That depends on the swallow", after=unknown)
    acme.bob.writes(acme.project, "Is it an African swallow?", after=unknown)
    acme.settle()
    assert acme.wait_for(acme.is_idle)
    assert acme.replies(unknown) == acme.replies(said) == []


def test_an_edit_is_answered_in_the_place_of_the_older_answer(acme: ChatOffice) -> None:
    """One answer stays, and it is that to the new wording."""
    asked = acme.ann.asks(acme.general, LEAVE)
    acme.answered(asked)
    before = [one.key for one in acme.final(asked)]
    acme.ann.edits(asked, "What is the hotel allowance?")
    assert acme.wait_for(lambda: "140 euros" in acme.answered(asked))
    assert [one.key for one in acme.final(asked)] == before
    assert "24 weeks" not in acme.answered(asked)


def test_a_deleted_question_takes_its_answer_along(acme: ChatOffice) -> None:
    """Nothing of it stays in the thread."""
    asked = acme.ann.asks(acme.general, LEAVE)
    acme.answered(asked)
    acme.ann.deletes(asked)
    assert acme.wait_for(lambda: not acme.replies(asked))


def test_a_private_answer_is_shared_by_asking_again(acme: ChatOffice) -> None:
    """In the place the same question is answered from what everyone there may read."""
    asked = acme.bob.tells(MERGER)
    assert "3 March" in acme.answered(asked)
    shared = acme.bob.shares(asked, acme.project, MERGER)
    assert "3 March" not in acme.answered(shared)


def test_the_command_asks_privately(acme: ChatOffice) -> None:
    """Asked by a command in a place, it is answered in the direct conversation, with what this person reads."""
    before = len(acme.privately(acme.bob))
    acme.bob.asks_by_command(MERGER, acme.general)
    assert acme.wait_for(lambda: any("3 March" in one for one in acme.privately(acme.bob)[before:]), 20)
    assert all("3 March" not in one for one in acme.openly(acme.general))


def test_an_admin_governs_by_the_command(acme: ChatOffice) -> None:
    """Who is no admin learns nothing; who is one binds a base to the place, which then answers from it."""
    assert "board" not in acme.ann.commands("list", acme.project)
    assert "Only an admin" in acme.ann.commands("bind board", acme.project)
    acme.boss.joins(acme.project)
    assert "board" in acme.boss.commands("bind board", acme.project)
    assert "3 March" in acme.answered(acme.ann.asks(acme.project, MERGER))


def test_a_thumb_on_an_answer_counts(acme: ChatOffice) -> None:
    """Feedback is kept with the answer."""
    asked = acme.ann.asks(acme.general, LEAVE)
    acme.answered(asked)
    number = acme.final(asked)[-1].answer
    acme.bob.thumbs_up(asked)
    with acme.installation() as footnote:
        assert acme.wait_for(lambda: bool(footnote.records.feedback.of(number)))
        assert footnote.records.feedback.of(number)[0].good
