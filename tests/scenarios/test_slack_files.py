"""A file that comes with a question, over real HTTP: read, answered from, and kept nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.answering.writing.inert import JOINER
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel, Message
from tests.scenarios.slack_office import Office, office


HOTEL = "What is the hotel allowance?"
OFFER = b"# Zanzibar offer\n\nThe hotel allowance is 275 euros a night.\n"
WORDS = b"275 euros"
"""Of the file, and of no question: whatever is kept of it would hold them."""


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open one office for all of these tests."""
    with office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def asks(
    acme: Office, who: Person, where: Channel, *files: tuple[str, bytes], text: str = HOTEL, mention: bool = True
) -> Message:
    """Let somebody ask about files."""
    uploaded = [who.uploads(name, content) for name, content in files]
    return who.writes(where, f"<@{acme.bot.bot_user}> {text}" if mention else text, files=uploaded)


def told_of(acme: Office, asked: Message) -> str:
    """Return all that is shown of the outcome of a question, without the signs that keep names from being links."""
    return acme.answered(asked).replace(JOINER, "")


def holds(folder: Path, words: bytes) -> list[str]:
    """Return the files of a folder that hold some words."""
    return [str(one) for one in folder.rglob("*") if one.is_file() and words in one.read_bytes()]


def test_a_file_is_answered_from_and_not_kept(acme: Office) -> None:
    """Directly: with a number and the file's name, from it alone, and without a button that would need a record."""
    asked = asks(acme, acme.ann, acme.ann.direct(acme.bot), ("offer.md", OFFER), mention=False)
    told = told_of(acme, asked)
    assert "275 euros" in told
    assert "[1] offer.md" in told
    assert "140 euros" not in told
    assert "Nothing of them is kept." in told
    assert "Show evidence" not in told
    session = acme.slack.session(acme.app, asked)
    assert session is not None
    assert acme.slack.wait_for(lambda: session.status == "active")
    assert acme.slack.wait_for(acme.is_idle)
    assert holds(acme.served.home, WORDS) == []
    assert [one.name for one in (acme.served.home / "data" / "passing").iterdir()] == ["lock"]
    with acme.installation() as footnote:
        assert footnote.records.answers.of(f"user:slack:{acme.team.id}:{acme.ann.id}", 10) == ()


def test_a_channel_sees_what_is_asked_of_its_file(acme: Office) -> None:
    """The file is there for all who read the answer."""
    told = told_of(acme, asks(acme, acme.bob, acme.general, ("offer.md", OFFER), ("photo.png", b"\x89PNG")))
    assert "275 euros" in told
    assert "Not read: photo.png: '.png' is not a format that can be read" in told


def test_guests_and_strangers_ask_about_their_own_files(acme: Office) -> None:
    """They read nothing that is ours by it."""
    guest = asks(acme, acme.gus, acme.gus.direct(acme.bot), ("offer.md", OFFER), mention=False)
    stranger = asks(acme, acme.eve, acme.joint, ("offer.md", OFFER))
    other = asks(acme, acme.gus, acme.lobby, ("offer.md", OFFER), text="How many weeks of parental leave are there?")
    assert "275 euros" in told_of(acme, guest)
    assert "275 euros" in told_of(acme, stranger)
    refused = told_of(acme, other)
    assert "24 weeks" not in refused
    assert "The files that came with the question do not answer it." in refused


def test_a_file_that_is_not_in_slack_is_told(acme: Office) -> None:
    """In one sentence, in the place of an answer."""
    drive = acme.ann.uploads("drive.md", OFFER)
    drive.external = True
    told = told_of(acme, acme.ann.writes(acme.ann.direct(acme.bot), HOTEL, files=[drive]))
    assert "None of the attached files could be read." in told
    assert "drive.md: it does not lie in Slack but elsewhere" in told


def test_a_file_that_nobody_asks_us_about_is_not_looked_at(acme: Office) -> None:
    """Without a mention it is a matter of the people in the channel."""
    before = len(acme.slack.calls_of("files.info"))
    asked = asks(acme, acme.ann, acme.general, ("offer.md", OFFER), mention=False)
    acme.slack.settle()
    assert acme.slack.wait_for(acme.is_idle)
    assert acme.replies(asked) == []
    assert len(acme.slack.calls_of("files.info")) == before


def test_a_follow_up_asks_the_knowledge_bases(acme: Office) -> None:
    """The file is not there any more."""
    asked = asks(acme, acme.ann, acme.general, ("offer.md", OFFER))
    told_of(acme, asked)
    assert "140 euros" in told_of(acme, acme.ann.mentions(acme.bot, acme.general, HOTEL, thread=asked))


def test_an_edited_question_is_answered_anew_from_its_file(acme: Office) -> None:
    """In the place of its older answer; with the question its answer goes."""
    asked = asks(acme, acme.ann, acme.general, ("offer.md", OFFER), text="What is the train allowance?")
    told_of(acme, asked)
    acme.ann.edits(asked, f"<@{acme.bot.bot_user}> {HOTEL}")
    assert acme.slack.wait_for(lambda: "275 euros" in told_of(acme, asked))
    assert len(acme.final(asked)) == 1
    acme.ann.deletes(asked)
    assert acme.slack.wait_for(lambda: not acme.replies(asked))
