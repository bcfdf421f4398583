"""What only Slack does with a file: it shows one that lies elsewhere."""

from pathlib import Path

from pipelines.answering.writing.inert import JOINER
from tests.scenarios.offered_file import HOTEL, OFFER
from tests.scenarios.slack_office import office


def test_a_file_that_is_not_in_slack_is_told(tmp_path: Path) -> None:
    """In one sentence, in the place of an answer."""
    with office(tmp_path) as acme:
        drive = acme.ann.uploads("drive.md", OFFER)
        drive.external = True
        asked = acme.ann.writes(acme.ann.direct(acme.bot), HOTEL, files=[drive])
        told = acme.answered(asked).replace(JOINER, "")
        assert "None of the attached files could be read." in told
        assert "drive.md: it does not lie in Slack but elsewhere" in told
