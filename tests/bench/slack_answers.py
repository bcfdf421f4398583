"""
How soon a question in Slack shows a first sign and its answer, and what it takes of the processor.

    python tests/bench/slack_answers.py [--rate 1] [--seconds 60] [--documents 300]

Questions come at fixed times, by a mention in a channel, each in a thread of its own; the answers are extracts, found
by words among documents of ten sections, and none is remembered. Times are those at which Slack, the fake one in this
process, gets the call that shows it, from the moment at which the question was written there: it is acknowledged in
between. The processor's time is that of the server and its job process, less what both take while nothing is asked.
Exit status 1 if the first sign's bar is missed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.domain.access import OPERATOR
from tests.bench.index import percentile
from tests.bench.processes import cpu_seconds, peak_mb
from tests.bench.workers_corpus import write_documents
from tests.fakes.slack_state import Message
from tests.scenarios.slack_office import Office, office


SIGN_BAR_MS = 1000.0
IDLE_S = 10.0
WARMING = 5
QUESTIONS = (
    "How many weeks of parental leave does a parent get?",
    "What is the hotel allowance?",
    "When does the visitor centre open?",
    "Who books trains?",
)
_SIGNS = ("agents.sessions.setStatus", "assistant.threads.setStatus")
_FORMS = ("chat.postMessage", "chat.update")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one question; milliseconds since it was written."""

    acknowledged: float
    sign: float
    whole: float


def asked(acme: Office, count: int, rate: float) -> list[tuple[Message, float]]:
    """Ask at a steady rate; return each question and when it was written, once all are answered."""
    began = time.monotonic()
    written = []
    for number in range(count):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        at = time.monotonic()
        written.append((acme.ann.mentions(acme.bot, acme.general, QUESTIONS[number % len(QUESTIONS)]), at))
    for question, _ in written:
        acme.answered(question, 60.0)
    acme.slack.wait_for(acme.is_idle)
    return written


def seen(acme: Office, question: Message, at: float) -> Seen:
    """Return what was seen of a question."""
    attempts = [try_ for one in acme.slack.deliveries if one.event.get("ts") == question.ts for try_ in one.attempts]
    acknowledged = min(one.sent_s + one.seconds for one in attempts)
    signs = [one.at_s for one in acme.slack.calls_of(*_SIGNS) if one.arguments["thread_ts"] == question.ts]
    forms = [one.at_s for one in acme.slack.calls_of(*_FORMS) if one.arguments.get("thread_ts") == question.ts]
    first, last = min(signs), max(forms)
    return Seen(*((one - at) * 1000 for one in (acknowledged, first, last)))


def row(name: str, values: Sequence[float]) -> str:
    """Return times as a line."""
    p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
    return f"{name:<14} p50 {p50:6.1f}, p95 {p95:6.1f}, max {max(values):6.1f} ms"


def fill(home: Path, acme: Office, documents: int) -> None:
    """Add a large base that everybody reads."""
    write_documents(home / "large", documents)
    with acme.installation() as footnote:
        base = footnote.add_base("large", home / "large", OPERATOR)
        footnote.records.access.set_readers(base.id, ["everyone"], OPERATOR)
        footnote.sync("large")


def main(arguments: Sequence[str]) -> int:
    """Run, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=1.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--documents", type=int, default=300, help="beside the four that are asked about")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="footnote-") as made:
        home = Path(made)
        with office(home, settings={"FOOTNOTE_CACHE__ENABLED": "0"}) as acme:
            fill(home, acme, wanted.documents)
            asked(acme, WARMING, 1.0)
            pids = [acme.served.pid]
            before = cpu_seconds(pids)
            time.sleep(IDLE_S)
            idle = (cpu_seconds(pids) - before) / IDLE_S
            before, began = cpu_seconds(pids), time.monotonic()
            written = asked(acme, int(wanted.rate * wanted.seconds), wanted.rate)
            took = time.monotonic() - began
            used = cpu_seconds(pids) - before
            found = [seen(acme, *one) for one in written]
            memory = peak_mb(pids)
    each = (used - idle * took) / len(found) * 1000
    print(f"{len(found)} questions at {wanted.rate:g}/s, {wanted.documents} documents; load {os.getloadavg()[0]:.1f}")
    print(row("acknowledged", [one.acknowledged for one in found]))
    print(row("first sign", [one.sign for one in found]))
    print(row("whole answer", [one.whole for one in found]))
    print(f"CPU {each:.0f} ms a question, beside {idle:.1%} of a core while nothing is asked; {memory:.0f} MB")
    worst = percentile([one.sign for one in found], 0.95)
    print(f"first sign p95 {worst:.0f} ms, bar {SIGN_BAR_MS:g} ms: {'met' if worst <= SIGN_BAR_MS else 'MISSED'}")
    return int(worst > SIGN_BAR_MS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
