"""Files of a message come from Slack as they are, or are told by name with the reason why not."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.file_questions import Fetched
from bot.slack.message_files import MOST_FILES, MessageFiles
from bot.slack.web import SlackWeb
from tests.fakes import slack_faults as faults
from tests.fakes.slack_state import StoredFile
from tests.unit.fakes.slack_scene import Scene, scene


@pytest.fixture
def town() -> Iterator[Scene]:
    """A small world in Slack."""
    with scene() as made:
        yield made


def fetched(town: Scene, *files: str, max_file_mb: int = 1, language: str = "en") -> Fetched:
    """Return what is fetched of files."""

    async def fetch() -> Fetched:
        async with SlackWeb(town.bot.bot_token, town.slack.api_url) as web:
            return await MessageFiles(web, files, max_file_mb, language).fetch()

    return asyncio.run(fetch())


def sent(town: Scene, name: str, content: bytes, *, secretly: bool = False) -> StoredFile:
    """Return a file that Ann sent where the bot is, or where it is not."""
    file = town.ann.uploads(name, content)
    town.ann.writes(town.secret if secretly else town.general, "Look.", files=[file])
    return file


def reasons(outcome: Fetched) -> list[str]:
    """Return why files were not fetched, by name."""
    return [f"{one.name}: {one.reason}" for one in outcome.unread]


def test_files_come_as_they_are(town: Scene) -> None:
    """Name and bytes, in their order."""
    files = [sent(town, "a.md", b"# A"), sent(town, "b.pdf", bytes(range(256)))]
    outcome = fetched(town, *(one.id for one in files))
    assert [(one.name, one.data) for one in outcome.files] == [("a.md", b"# A"), ("b.pdf", bytes(range(256)))]
    assert outcome.unread == ()


def test_what_cannot_be_had_is_told_and_the_rest_comes(town: Scene) -> None:
    """A file of elsewhere, one that the bot cannot see, and one that is gone; in the person's language."""
    elsewhere, secret, gone = (
        sent(town, "drive.md", b"x"),
        sent(town, "secret.md", b"x", secretly=True),
        sent(town, "gone.md", b"x"),
    )
    elsewhere.external, gone.deleted = True, True
    files = [one.id for one in (elsewhere, secret, gone, sent(town, "a.md", b"# A"))]
    outcome = fetched(town, *files)
    assert [one.name for one in outcome.files] == ["a.md"]
    assert reasons(outcome) == [
        "drive.md: it does not lie in Slack but elsewhere, where I cannot look",
        "file 2: Slack does not let me see it",
        "file 3: Slack does not let me see it",
    ]
    assert reasons(fetched(town, secret.id, language="de")) == ["Datei 1: Slack lässt sie mich nicht sehen"]


def test_the_limit_is_one_for_all_files(town: Scene) -> None:
    """What is too large is not even asked for."""
    large, half, small = (
        sent(town, "large.txt", b"x" * (2**20 + 1)),
        sent(town, "half.txt", b"x" * 2**19),
        sent(town, "small.txt", b"x"),
    )
    outcome = fetched(town, large.id, half.id, half.id, half.id, small.id)
    assert [one.name for one in outcome.files] == ["half.txt", "half.txt"]
    limit = "with it the files have more than 1 MB, the limit for one question"
    assert reasons(outcome) == [f"large.txt: {limit}", f"half.txt: {limit}", f"small.txt: {limit}"]
    assert len(town.slack.calls_of("url_private_download")) == 2


def test_a_page_to_sign_in_at_is_no_file(town: Scene) -> None:
    """Slack sends one with 200 where it does not hand a file out."""
    file = sent(town, "page.html", b"<p>The hotel allowance is 140 euros.</p>")
    town.slack.faults.script("url_private_download", faults.Fault("body", body=b"<html>Sign in</html>"))
    assert reasons(fetched(town, file.id)) == ["page.html: Slack does not let me see it"]


@pytest.mark.parametrize(("method", "name"), [("files.info", "file 1"), ("url_private_download", "a.md")])
@pytest.mark.parametrize("fault", [faults.fails(503), faults.too_many(), faults.resets()])
def test_slack_away_is_told_of_one_file(town: Scene, method: str, name: str, fault: faults.Fault) -> None:
    """The person is asked to ask again."""
    file = sent(town, "a.md", b"# A")
    town.slack.faults.always(method, fault)
    assert reasons(fetched(town, file.id)) == [f"{name}: Slack did not send it now: please ask again"]


def test_more_files_than_can_be_attached_are_not_asked_for(town: Scene) -> None:
    """A message may name any number."""
    file = sent(town, "a.md", b"# A")
    outcome = fetched(town, *[file.id] * (MOST_FILES + 2))
    assert len(outcome.files) == MOST_FILES
    assert reasons(outcome) == [f"file {number}: I read 10 files for one question" for number in (11, 12)]


def test_a_bot_without_the_right_sees_none(town: Scene) -> None:
    """An app that was installed before it needed `files:read`."""
    file = sent(town, "a.md", b"# A")
    town.slack.faults.script("files.info", faults.error("missing_scope"))
    assert reasons(fetched(town, file.id)) == ["file 1: Slack does not let me see it"]
