"""What Slack says of our token is remembered, and what says nothing of it changes nothing."""

import asyncio
from contextlib import suppress

import pytest

from bot.slack.web import SlackWeb
from pipelines.errors import FootnoteError
from tests.fakes.slack_faults import Fault, error, fails, too_many
from tests.fakes.slack_server import FakeSlack


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive", "token_expired"])
@pytest.mark.parametrize(
    ("after", "locked_out"), [(fails(503), True), (too_many(), True), (error("missing_scope"), False), (None, False)]
)
def test_only_what_slack_says_of_a_token_counts(code: str, after: Fault | None, *, locked_out: bool) -> None:
    """A Slack that is busy or away has not looked at it; a refusal for another reason has."""
    with FakeSlack() as slack:
        bot = slack.install(slack.app("Footnote"), slack.workspace("Acme"))

        async def scene() -> list[bool]:
            async with SlackWeb(bot.bot_token, slack.api_url) as web:
                told = [web.is_locked_out]
                for fault in (error(code), after):
                    slack.script("auth.test", fault)
                    with suppress(FootnoteError):
                        await web.write("auth.test")
                    told.append(web.is_locked_out)
                return told

        assert asyncio.run(scene()) == [False, True, locked_out]
