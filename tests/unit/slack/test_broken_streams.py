"""Whatever becomes of a stream in Slack, the thread shows the answer whole and once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.outbox import SlackOutbox
from tests.fakes import slack_faults as faults
from tests.unit.slack.outbox_scene import LEAVE, SENTENCES, STREAM, Stage, check_whole, stage


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Stage]:
    """Open a stage."""
    with stage(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "fault",
    [faults.expires(), faults.too_many(1), faults.too_long(), faults.fails(), faults.loses_answer(), faults.resets()],
    ids=["expired", "429", "too long", "500", "answer lost", "reset"],
)
@pytest.mark.parametrize("method", STREAM)
def test_a_stream_that_goes_wrong_is_recovered(here: Stage, method: str, fault: faults.Fault) -> None:
    """Whichever call it is, and whatever became of it, the thread shows the answer once."""
    here.town.slack.script(method, fault)

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await outbox.say(SENTENCES[0])
        await asyncio.sleep(0.1)
        await outbox.say(SENTENCES[1])
        await asyncio.sleep(1.4)
        await outbox.answer(LEAVE)

    here.show(act)
    check_whole(here)
