"""What only Slack has: the session that it shows beside a thread, and files that it shows and does not keep."""

from collections.abc import Iterator

import pytest

from pipelines.answering.writing.inert import JOINER
from tests.scenarios.offered_file import HOTEL, OFFER
from tests.scenarios.slack_office import Office, office


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
