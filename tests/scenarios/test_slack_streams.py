"""Answers that a model writes for a while: whole and within Slack's rates at twenty a minute."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.fakes.model_server import ModelServer
from tests.fakes.slack_blocks import texts_in
from tests.fakes.slack_state import Message
from tests.scenarios.long_answers import QUESTION, SENTENCES, add_removals, model_settings, writes_for
from tests.scenarios.slack_office import Office, office


MOST_CALLS = 7
EACH_S = 3.0
"""Between two questions: twenty a minute."""
WRITING_S = 10.0

pytestmark = [pytest.mark.engines, pytest.mark.timeout(600)]


@contextmanager
def writing_office(home: Path) -> Iterator[Office]:
    """Open an office with Slack's rate limits whose model writes each answer for a while."""
    with ModelServer() as models:
        models.default = writes_for(WRITING_S)
        with office(home, settings=model_settings(models), rate_limits=True) as acme:
            with acme.installation() as footnote:
                add_removals(footnote, home)
            yield acme


def check_answers_within_rates(home: Path, questions: int) -> None:
    """Ask twenty times a minute; look at each answer and at the calls that showed it."""
    with writing_office(home) as acme:
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
    return "".join(text for one in blocks if one["type"] in ("markdown", "rich_text") for text in texts_in(one))


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
