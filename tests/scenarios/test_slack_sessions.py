"""The agent session that Slack shows beside a thread: what it says while the bot works, and afterwards."""

from pathlib import Path

import pytest

from tests.scenarios.slack_office import office


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_a_session_is_processing_while_the_bot_works(tmp_path: Path, *, socket_mode: bool) -> None:
    """And active once the question is answered, each told once."""
    with office(tmp_path, socket_mode=socket_mode) as acme:
        asked = acme.ann.mentions(acme.bot, acme.general, "How many weeks of parental leave does a parent get?")
        acme.answered(asked)
        session = acme.slack.session(acme.app, asked)
        assert session is not None
        assert acme.slack.wait_for(lambda: session.status == "active")
        assert session.history == ["processing", "active"]
