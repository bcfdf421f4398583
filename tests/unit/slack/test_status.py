"""What the thread shows while a question is worked on is true, is little, and never stays behind the outcome."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Notice
from bot.slack import status
from bot.slack.outbox import SlackOutbox
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from tests.fakes import slack_faults as faults
from tests.fakes.answers import answer, citation
from tests.unit.slack.outbox_scene import Stage, stage


LINE, SESSION, STOP = "assistant.threads.setStatus", "agents.sessions.setStatus", "chat.stopStream"
SEARCHING, READING = "is searching the knowledge bases…", "is reading 6 passages of handbook…"
A_WHILE_S = 0.5
WEEKS = "Every parent gets 24 weeks. [1]"
LEAVE = replace(answer(WEEKS, citation(1)), id=7)
RULES = ClosestDocument("handbook", "Leave rules", "leave.md", "https://kb.example.com/leave")
OLD = ClosestDocument("handbook", "Old rules", "old.md", "file:///srv/old.md")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Stage]:
    """Open a stage."""
    with stage(tmp_path) as opened:
        yield opened


def lines(here: Stage) -> list[str]:
    """Return the lines that were sent, an empty one where it was taken away."""
    return [one.arguments.get("status", "unheeded") for one in here.town.slack.calls_of(LINE)]


async def tell(
    outbox: SlackOutbox,
    documents: Sequence[ClosestDocument] = (RULES, OLD),
    *,
    reads_s: float = A_WHILE_S,
    writes_s: float = 0.1,
) -> None:
    """Show an answer of six passages that a model reads, and writes, for so long."""
    await outbox.begin()
    await asyncio.sleep(0.1)
    await outbox.reads(6, documents)
    await asyncio.sleep(reads_s)
    await outbox.say(WEEKS)
    await asyncio.sleep(writes_s)
    await outbox.answer(LEAVE)


def plan_of(here: Stage) -> dict[str, Any]:
    """Return the steps of the plan above the answer, by their ids."""
    return {one["task_id"]: one for one in here.town.slack.blocks(here.shown[0])[0]["tasks"]}


def test_the_status_says_what_is_done(here: Stage) -> None:
    """First that it searches, then what it reads: two calls, and none is left when the answer is there."""
    here.show(tell)
    assert lines(here) == [SEARCHING, READING]
    assert here.town.slack.status(here.asked) == ""


def test_the_status_speaks_the_askers_language(here: Stage) -> None:
    """Of several bases it tells how many they are."""
    here.language = "de"
    here.show(lambda outbox: tell(outbox, (RULES, replace(RULES, kb="it"))))
    assert lines(here) == ["durchsucht die Wissensbasen …", "liest 6 Textstellen aus 2 Wissensbasen …"]


def test_the_name_of_a_base_takes_no_effect(here: Stage) -> None:
    """It is a name, whatever it looks like, and only its beginning if it is long."""
    here.show(lambda outbox: tell(outbox, (replace(RULES, kb="www.evil.example {number} " + "x" * 99),)))
    told = lines(here)[1]
    assert "www.evil" not in told
    assert "{number}" in told
    assert len(told) < 100


def test_the_plan_tells_what_was_read(here: Stage) -> None:
    """How many passages, and those of their documents that can be opened; it needs no call of its own."""
    here.show(tell)
    step = plan_of(here)["read"]
    assert (step["title"], step["status"]) == ("Read 6 passages", "complete")
    assert step["sources"] == [{"type": "url", "url": RULES.url, "text": "Leave rules"}]
    methods = [one.method for one in here.town.slack.calls_of("chat.startStream", "chat.appendStream", STOP)]
    assert methods == ["chat.startStream", STOP]


def test_an_answer_within_a_moment_needs_no_other_status(here: Stage) -> None:
    """Nor do its first words."""
    here.show(lambda outbox: tell(outbox, reads_s=0.0, writes_s=A_WHILE_S))
    assert READING not in lines(here)

    async def tells_at_once(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await asyncio.sleep(0.1)
        await outbox.reads(6, (RULES,))
        await outbox.answer(LEAVE)
        await asyncio.sleep(A_WHILE_S)

    here.show(tells_at_once, here.lease_again())
    assert READING not in lines(here)


def test_the_status_changes_once(here: Stage) -> None:
    """However often something is read anew."""

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        for passages in (6, 5, 4):
            await outbox.reads(passages, (RULES,))
            await asyncio.sleep(A_WHILE_S)
        await outbox.answer(LEAVE)

    here.show(act)
    assert lines(here) == [SEARCHING, READING]


def test_whoever_did_not_ask_sees_no_status(here: Stage) -> None:
    """Where we answer by ourselves, and have nothing to say, nobody learns that we looked."""
    here.unasked = True

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await outbox.reads(6, (RULES,))
        await asyncio.sleep(A_WHILE_S)
        await outbox.answer(Answer(Outcome.REFUSAL, "The knowledge bases say nothing about this."))

    here.show(act)
    assert lines(here) == []
    assert here.shown == []


def test_of_files_only_their_number_of_passages_is_told(here: Stage) -> None:
    """They are in no base: the status stays as it is."""
    here.of_files = True
    here.show(lambda outbox: tell(outbox, ()))
    assert lines(here) == ["is reading what you sent…"]
    assert plan_of(here)["read"]["title"] == "Read 6 passages"
    assert "sources" not in plan_of(here)["read"]


@pytest.mark.parametrize("writes_s", [0.1, 1.5], ids=["behind the end", "behind the beginning"])
def test_a_status_that_slack_heeds_late_does_not_stay(here: Stage, writes_s: float) -> None:
    """Under way when the text begins, it may be shown behind it, and the text does not take it away."""
    here.town.slack.script(LINE, None, faults.slow(0.8))
    here.show(lambda outbox: tell(outbox, writes_s=writes_s))
    assert lines(here)[:2] == [SEARCHING, READING]
    assert here.town.slack.status(here.asked) == ""


def test_a_late_status_does_not_stay_behind_a_notice(here: Stage) -> None:
    """Slack may heed it after the message that would have taken it away."""
    here.town.slack.script(LINE, None, faults.slow(3.0))

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await asyncio.sleep(0.1)
        await outbox.reads(6, (RULES,))
        await asyncio.sleep(A_WHILE_S)
        await outbox.tell(Notice.FAILED)

    here.show(act)
    assert lines(here) == [SEARCHING, "unheeded", ""]


def test_a_missing_stop_button_is_logged_once(here: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """In one process, however many questions there are: with what is to be done."""
    status._warn_of_stops.cache_clear()
    caplog.set_level(logging.WARNING)
    here.town.app.events -= {"agent_session_stopped"}
    here.show(tell)
    here.show(tell, here.lease_again())
    told = [one for one in caplog.messages if "footnote manifest slack" in one]
    assert len(told) == 1
    assert "agent_session_stopped" in told[0]
