"""Answers that a model writes for a while: whole and within Slack's rates at twenty a minute, and stopped at once."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from bot import slack_texts
from pipelines.domain.access import OPERATOR
from tests.fakes.model_behaviour import Behaviour, stalls
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import Prompt
from tests.fakes.slack_state import Message
from tests.scenarios.served import Served
from tests.scenarios.slack_office import Office, office, texts_of


MOST_CALLS = 7
EACH_S = 3.0
"""Between two questions: twenty a minute."""
SENTENCES = (
    "Whoever moves house gets two days off for the removal",
    "The company pays a lorry of up to seven and a half tons",
    "Boxes are delivered to the old flat a week before the day of the removal",
    "Broken furniture is replaced at its value of that day, if it was packed by the removal firm",
    "A second removal within three years is paid by half",
    "Flats abroad are looked for by an agency that the personnel department pays",
    "The new address is told to the personnel department within five days",
    "Keys of the old flat are handed over together with the firm, and what it notes there is signed by both",
    "Parking bans in both streets are ordered by the firm two weeks before",
    "Pets and plants travel with their owner and never in the lorry",
)
QUESTION = "What does the company do when I move house, and what about the removal?"
WRITING_S = 10.0
STOP_BAR_S = 3.0
"""That a stop may take on a busy machine; on a quiet one it is less than a second."""

pytestmark = [pytest.mark.engines, pytest.mark.timeout(600)]


def tells_all(prompt: Prompt) -> str:
    """Write each sentence about removals, with its mark."""
    number = next(number for number, text in prompt.sources.items() if SENTENCES[0] in text)
    return " ".join(f"{one}. [{number}]" for one in SENTENCES)


WORDS = len(tells_all(Prompt("", "", {1: SENTENCES[0]})).split())


@contextmanager
def writing_office(home: Path, *, seconds: float = WRITING_S) -> Iterator[tuple[Office, ModelServer]]:
    """Open an office with Slack's rate limits whose model writes each answer for so long."""
    with ModelServer() as models:
        models.default = Behaviour(write=tells_all, pause_s=seconds / WORDS)
        settings = {
            "OPENAI_BASE_URL": models.url, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": MODEL,
            "FOOTNOTE_MODELS__ANSWERS_PER_PERSON": "0", "FOOTNOTE_CACHE__ENABLED": "0",
        }  # fmt: skip
        with office(home, settings=settings, rate_limits=True) as acme:
            folder = home / "removals"
            folder.mkdir()
            (folder / "removals.md").write_text(f"# Removals\n\n{'. '.join(SENTENCES)}.\n")
            with acme.installation() as footnote:
                base = footnote.add_base("removals", folder, OPERATOR)
                footnote.records.access.set_readers(base.id, ["everyone"], OPERATOR)
                footnote.sync("removals")
            yield acme, models


def check_answers_within_rates(home: Path, questions: int) -> None:
    """Ask twenty times a minute; look at each answer and at the calls that showed it."""
    with writing_office(home) as (acme, _):
        asked = []
        began = time.monotonic()
        for number in range(questions):
            time.sleep(max(0.0, began + number * EACH_S - time.monotonic()))
            asked.append(acme.ann.mentions(acme.bot, acme.general, QUESTION))
        for one in asked:
            acme.answered(one, 60.0)
        assert acme.slack.wait_for(acme.is_idle)
        lacking = {
            one.ts: sentence for one in asked for sentence in SENTENCES if text_of(acme, one).count(sentence) != 1
        }
        assert lacking == {}
        calls = [stream_calls(acme, one) for one in asked]
        refused = Counter(one.method for one in acme.slack.calls if one.status == HTTPStatus.TOO_MANY_REQUESTS)
        streamed = sum(any(reply.stream for reply in acme.replies(one)) for one in asked)
        figures = f"{questions} answers, {streamed} streamed, by calls each {calls}; refused {dict(refused)}"
        print(f"\n{figures}")  # noqa: T201 - told by -s
        assert max(calls) <= MOST_CALLS, figures
        assert streamed >= questions * 0.8, figures


def text_of(acme: Office, question: Message) -> str:
    """Return the text of an answer, streamed or posted, without its evidence."""
    blocks = [block for one in acme.final(question) for block in acme.slack.blocks(one)]
    return "".join(text for one in blocks if one["type"] in ("markdown", "rich_text") for text in texts_of(one))


def stream_calls(acme: Office, question: Message) -> int:
    """Return how many calls the streams of a question's answer took, those that Slack refused among them."""
    times = {one.ts for one in acme.replies(question)}
    begun = [one for one in acme.slack.calls_of("chat.startStream") if one.arguments.get("thread_ts") == question.ts]
    more = acme.slack.calls_of("chat.appendStream", "chat.stopStream")
    return len(begun) + sum(one.arguments.get("ts") in times for one in more)


def test_answers_at_twenty_a_minute_are_whole_and_within_slacks_rates(tmp_path: Path) -> None:
    """At most seven calls of a stream for each, and all of its sentences once; Slack's limits are on."""
    check_answers_within_rates(tmp_path, 12)


@pytest.mark.soak
def test_answers_at_twenty_a_minute_for_three_minutes(tmp_path: Path) -> None:
    """The same for sixty answers, so that each minute's budget is used up."""
    check_answers_within_rates(tmp_path, 60)


@pytest.mark.parametrize("silent", [False, True], ids=["writing", "silent"])
def test_a_stop_takes_effect_whichever_process_answers(tmp_path: Path, *, silent: bool) -> None:
    """The event reaches one, the other's model writes, or says nothing yet: it is left, and the thread says so."""
    with writing_office(tmp_path, seconds=30.0) as (acme, models):
        models.default = stalls() if silent else models.default
        other = Served(tmp_path, acme.served.settings, "other")
        try:
            other.start()
            took = [stopped(acme, models, acme.served, other) for _ in range(5)]
        finally:
            other.stop()
        model, shown = (sorted(times) for times in zip(*took, strict=True))
        figures = f"the model was left after {told(model)} s, the thread said so after {told(shown)} s"
        print(f"\n{figures}")  # noqa: T201 - told by -s
        assert model[-1] <= STOP_BAR_S, figures
        assert shown[-1] <= STOP_BAR_S, figures


def told(seconds: list[float]) -> str:
    """Return some times for people to read."""
    return ", ".join(f"{one:.2f}" for one in seconds)


def stopped(acme: Office, models: ModelServer, answers: Served, hears: Served) -> tuple[float, float]:
    """Ask one process, press stop with the other; return seconds until the model was left, and until that was shown."""
    acme.app.request_url = f"{answers.url}/slack/events"
    calls = len(models.chats)
    asked = acme.ann.mentions(acme.bot, acme.general, QUESTION)
    assert acme.slack.wait_for(lambda: is_begun(acme, models, calls, asked), 20.0), answers.log[-2000:]
    acme.slack.settle()
    assert worker_of(acme, asked).split(":")[1] == str(answers.pid), "the other process took it"
    time.sleep(1.5)
    acme.app.request_url = f"{hears.url}/slack/events"
    acme.ann.stops(acme.bot, asked)
    began = time.monotonic()
    assert acme.slack.wait_for(lambda: all(one.ended for one in models.chats[calls:]), 20.0)
    model = time.monotonic() - began
    assert models.chats[-1].abandoned
    word = slack_texts.stopped("")
    assert acme.slack.wait_for(lambda: any(word in acme.said(one) for one in acme.replies(asked)), 20.0)
    shown = time.monotonic() - began
    assert len(acme.replies(asked)) == 1
    return model, shown


def is_begun(acme: Office, models: ModelServer, calls: int, asked: Message) -> bool:
    """Say whether a question's model was called, and its text is streamed if that model writes one."""
    streams = any(one.stream for one in acme.replies(asked))
    return len(models.chats) > calls and (streams or models.default.stall_at == 0)


def worker_of(acme: Office, asked: Message) -> str:
    """Return who works on a question."""
    with closing(sqlite3.connect(acme.served.home / "data" / "records.db")) as database:
        found = database.execute(
            "SELECT worker FROM deliveries WHERE state <> 'done' AND \"key\" LIKE ?", (f"%{asked.ts}:new",)
        ).fetchone()
    return str(found[0])
