"""R1: whatever is delivered again, and whichever process is killed, each question has exactly one outcome in Slack."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import extractive
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_state import Message
from tests.scenarios.served import Served
from tests.scenarios.slack_office import Office, is_last, office


LEAVE = "How many weeks of parental leave does a parent get?"
PROCESSES = 3
OUTCOME_S = 60.0


@contextmanager
def offices(home: Path, settings: dict[str, str] | None = None) -> Iterator[tuple[Office, list[Served]]]:
    """Open an office that three processes serve."""
    with office(home, settings=settings) as acme:
        others = [Served(home, acme.served.settings, f"serve{number}") for number in range(1, PROCESSES)]
        try:
            for one in others:
                one.start()
            yield acme, [acme.served, *others]
        finally:
            for one in others:
                one.stop()


def whole(acme: Office, asked: Message) -> list[Message]:
    """Return the messages that end an outcome of a question."""
    return [one for one in acme.final(asked) if is_last(one)]


@pytest.mark.engines
def test_a_thousand_deliveries_of_ten_events_get_ten_answers(tmp_path: Path) -> None:
    """Slack may deliver an event again, to any process: the thread shows one answer all the same."""
    with offices(tmp_path) as (acme, served):
        acme.app.request_url = ""
        asked = [acme.ann.mentions(acme.bot, acme.general, LEAVE) for _ in range(10)]
        assert acme.slack.wait_for(lambda: all(one.done.is_set() for one in acme.slack.deliveries))
        apps = [replace(acme.app, request_url=f"{one.url}/slack/events") for one in served]
        events = [one for one in acme.slack.deliveries if one.event.get("ts") in {message.ts for message in asked}]
        for number in range(1000):
            event = events[number % len(events)]
            acme.slack.repeat(Delivery(event.kind, apps[number % PROCESSES], event.team_id, event.payload))
        acme.slack.settle(60)
        assert all(acme.slack.wait_for(lambda one=one: whole(acme, one), OUTCOME_S) for one in asked)
        assert acme.slack.wait_for(acme.is_idle)
        assert [len(acme.replies(one)) for one in asked] == [1] * 10
        assert {one.state for one in acme.slack.deliveries[len(events) * 2 :]} <= {"acknowledged", "gave_up"}


def killed_run(tmp_path: Path, kills: int, seed: int) -> None:
    """Kill processes at random while questions are asked and answers are streamed; look at what came of each."""
    chance = Random(seed)
    with ModelServer() as models:
        models.default = Behaviour(write=extractive, pause_s=0.08)
        settings = {"OPENAI_BASE_URL": models.url, "OPENAI_API_KEY": KEY or "", "FOOTNOTE_MODEL": MODEL}
        with offices(tmp_path, settings) as (acme, served):
            with _watched(acme) as seconds:
                asked = _asked_while_killed(acme, served, kills, chance)
                acme.slack.settle(60)
                kept = [one for one in asked if _was_acknowledged(acme, one)]
                acme.slack.wait_for(lambda: all(one.ts in seconds for one in kept), OUTCOME_S)
            late = [one for one in kept if seconds.get(one.ts, OUTCOME_S) >= OUTCOME_S]
            assert not late, [one.log[-1500:] for one in served]
            assert acme.slack.wait_for(acme.is_idle)
            doubled = [one for one in asked if len(whole(acme, one)) != 1 and _was_acknowledged(acme, one)]
            assert not doubled
            left_open = [
                reply.ts
                for one in asked
                for reply in acme.replies(one)
                if reply.stream is not None and reply.stream.state == "in_progress"
            ]
            assert not left_open
            answers = sum("24 weeks" in acme.said(whole(acme, one)[0]) for one in kept)
            slowest = max(seconds[one.ts] for one in kept)
            told = (
                f"{kills} kills, {len(kept)} of {len(asked)} kept, {answers} answers, the slowest after {slowest:.1f} s"
            )
            print(f"\n{told}")  # noqa: T201 - told by -s
            assert answers >= len(kept) * 0.8


def _asked_while_killed(acme: Office, served: Sequence[Served], kills: int, chance: Random) -> list[Message]:
    """Ask each half a second; kill a process every three seconds, and start it again."""
    asked: list[Message] = []
    ends = threading.Event()

    def ask() -> None:
        people = [acme.ann, acme.bob, acme.boss]
        while not ends.is_set():
            acme.app.request_url = f"{chance.choice(served).url}/slack/events"
            asked.append(chance.choice(people).mentions(acme.bot, acme.general, LEAVE))
            time.sleep(0.5)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.5, 2.5))
            one = chance.choice(served)
            one.kill()
            one.start()
    finally:
        ends.set()
        asking.join()
    acme.app.request_url = f"{served[0].url}/slack/events"
    return asked


@contextmanager
def _watched(acme: Office) -> Iterator[dict[str, float]]:
    """Note of each mention, while it is asked and answered, how many seconds it had no outcome."""
    seconds: dict[str, float] = {}
    since: dict[str, float] = {}
    ends = threading.Event()

    def look() -> None:
        while not ends.wait(0.2):
            for one in acme.slack.messages(acme.general):
                began = since.setdefault(one.ts, time.monotonic())
                if one.user != acme.bot.bot_user and one.ts not in seconds and whole(acme, one):
                    seconds[one.ts] = time.monotonic() - began

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seconds
    finally:
        ends.set()
        watching.join()


def _was_acknowledged(acme: Office, asked: Message) -> bool:
    """Say whether an event of a message was acknowledged."""
    own = [one for one in list(acme.slack.deliveries) if one.event.get("ts") == asked.ts]
    return any(one.state == "acknowledged" for one in own)


@pytest.mark.engines
def test_a_killed_process_leaves_one_outcome(tmp_path: Path) -> None:
    """Whoever else serves goes on with what it showed: no question is lost, no finished answer doubled."""
    killed_run(tmp_path, kills=2, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_twenty_killed_processes_leave_one_outcome_each(tmp_path: Path) -> None:
    """The same for twenty kills."""
    killed_run(tmp_path, kills=20, seed=2)


@pytest.mark.engines
def test_a_process_that_is_asked_to_end_while_it_streams_loses_nothing(tmp_path: Path) -> None:
    """SIGTERM while answers are written and further questions come: each has one answer in the end."""
    with ModelServer() as models:
        models.default = Behaviour(write=extractive, pause_s=0.5)
        settings = {"OPENAI_BASE_URL": models.url, "OPENAI_API_KEY": KEY or "", "FOOTNOTE_MODEL": MODEL}
        with office(tmp_path, settings=settings) as acme:
            people = (acme.ann, acme.bob, acme.boss)
            asked = [people[number % 3].mentions(acme.bot, acme.general, LEAVE) for number in range(6)]
            assert acme.slack.wait_for(lambda: any(reply.stream for one in asked for reply in acme.replies(one)))
            ending = threading.Thread(target=acme.served.stop)
            ending.start()
            while ending.is_alive():
                asked.append(people[len(asked) % 3].mentions(acme.bot, acme.general, LEAVE))
                ending.join(0.3)
            acme.served.start()
            acme.app.request_url = f"{acme.served.url}/slack/events"
            acme.slack.settle(60)
            kept = [one for one in asked if _was_acknowledged(acme, one)]
            assert len(kept) >= 6
            assert all(acme.slack.wait_for(lambda one=one: whole(acme, one), OUTCOME_S) for one in kept)
            assert acme.slack.wait_for(acme.is_idle)
            assert [len(whole(acme, one)) for one in kept] == [1] * len(kept)


def test_a_process_that_is_asked_to_end_loses_nothing(tmp_path: Path) -> None:
    """SIGTERM when questions came: what was acknowledged is answered, by it or by the one after it."""
    with office(tmp_path) as acme:
        asked = [acme.ann.mentions(acme.bot, acme.general, LEAVE) for _ in range(6)]
        acme.slack.settle()
        assert acme.served.stop() == 0
        acme.served.start()
        for one in asked:
            assert "24 weeks" in acme.answered(one)
        assert [len(acme.replies(one)) for one in asked] == [1] * 6
