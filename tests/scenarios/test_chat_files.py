"""A file that comes with a question, over real HTTP: read, answered from, and kept nowhere."""

from collections.abc import Iterator

import pytest

from pipelines.answering.writing.inert import JOINER
from tests.scenarios.chat_office import Ability, ChatOffice, Said, WayIn
from tests.scenarios.offered_file import FILE, HOTEL, WORDS, holds


@pytest.fixture(scope="module")
def acme(way_in: WayIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatOffice]:
    """Open one office for all of these tests."""
    with way_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def told_of(acme: ChatOffice, asked: Said) -> str:
    """Return all that is shown of the outcome of a question, without the signs that keep names from being links."""
    return acme.answered(asked).replace(JOINER, "")


def test_a_file_is_answered_from_and_not_kept(acme: ChatOffice) -> None:
    """Directly: with a number and the file's name, from it alone, and without a button that would need a record."""
    asked = acme.ann.tells(HOTEL, files=[FILE])
    told = told_of(acme, asked)
    assert "275 euros" in told
    assert "[1] offer.md" in told
    assert "140 euros" not in told
    assert "Nothing of them is kept." in told
    assert "Show evidence" not in told
    assert acme.wait_for(lambda: not acme.is_waited_for(asked))
    assert acme.wait_for(acme.is_idle)
    assert holds(acme.home, WORDS) == []
    assert [one.name for one in (acme.home / "data" / "passing").iterdir()] == ["lock"]
    with acme.installation() as footnote:
        assert footnote.records.answers.of(acme.ann.principal, 10) == ()


def test_a_place_sees_what_is_asked_of_its_file(acme: ChatOffice) -> None:
    """The file is there for all who read the answer."""
    acme.needs(Ability.FILES_OPENLY)
    told = told_of(acme, acme.bob.asks(acme.general, HOTEL, files=[FILE, ("photo.png", b"\x89PNG")]))
    assert "275 euros" in told
    assert "Not read: photo.png: '.png' is not a format that can be read" in told


def test_a_guest_asks_about_a_file_alone(acme: ChatOffice) -> None:
    """What comes with the question may be read by who asks it."""
    assert "275 euros" in told_of(acme, acme.gus.tells(HOTEL, files=[FILE]))


def test_a_stranger_asks_about_a_file(acme: ChatOffice) -> None:
    """Where both organisations read along."""
    acme.needs(Ability.STRANGERS, Ability.FILES_OPENLY)
    assert "275 euros" in told_of(acme, acme.eve.asks(acme.joint, HOTEL, files=[FILE]))


def test_a_guest_reads_nothing_that_is_ours_by_a_file(acme: ChatOffice) -> None:
    """What the file does not say is refused."""
    acme.needs(Ability.FILES_OPENLY)
    refused = told_of(acme, acme.gus.asks(acme.lobby, "How many weeks of parental leave are there?", files=[FILE]))
    assert "24 weeks" not in refused
    assert "The files that came with the question do not answer it." in refused


def test_a_file_that_nobody_asks_us_about_is_not_looked_at(acme: ChatOffice) -> None:
    """Without a mention it is a matter of the people in the place."""
    before = acme.files_looked_at()
    asked = acme.ann.writes(acme.general, HOTEL, files=[FILE])
    acme.settle()
    assert acme.wait_for(acme.is_idle)
    assert acme.replies(asked) == []
    assert acme.files_looked_at() == before


def test_a_follow_up_asks_the_knowledge_bases(acme: ChatOffice) -> None:
    """The file is not there any more; the thread is the bot's, and needs no mention."""
    acme.needs(Ability.FILES_OPENLY, Ability.READS_ALONG)
    asked = acme.ann.asks(acme.general, HOTEL, files=[FILE])
    told_of(acme, asked)
    follow = acme.bob.writes(acme.general, "Tell me about the hotel allowance", after=asked)
    assert "140 euros" in told_of(acme, follow)


def test_a_follow_up_with_a_file_is_answered_from_it(acme: ChatOffice) -> None:
    """In a thread that the bot holds, without a mention, too."""
    acme.needs(Ability.FILES_OPENLY, Ability.READS_ALONG)
    asked = acme.ann.asks(acme.general, HOTEL)
    assert "140 euros" in told_of(acme, asked)
    assert "275 euros" in told_of(acme, acme.bob.writes(acme.general, HOTEL, after=asked, files=[FILE]))


def test_a_file_without_a_question_is_asked_for_again(acme: ChatOffice) -> None:
    """Who sends it is told to send both together, since nothing of it is kept."""
    told = told_of(acme, acme.ann.tells("", files=[FILE]))
    assert "send the files once more" in told


def test_an_edited_question_is_answered_anew_from_its_file(acme: ChatOffice) -> None:
    """In the place of its older answer; with the question its answer goes."""
    acme.needs(Ability.FILES_OPENLY)
    asked = acme.ann.asks(acme.general, "What is the train allowance?", files=[FILE])
    told_of(acme, asked)
    acme.ann.edits(asked, HOTEL)
    assert acme.wait_for(lambda: "275 euros" in told_of(acme, asked))
    assert len(acme.final(asked)) == 1
    acme.ann.deletes(asked)
    assert acme.wait_for(lambda: not acme.replies(asked))
