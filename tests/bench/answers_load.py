"""
What written answers take beside their model at a steady load, and how soon the first sentence is there.

    python tests/bench/answers_load.py [--rate 20] [--seconds 30] [--processes 2] [--embedder none] [--articles 8]

Questions come at fixed times, whether or not those before them are answered, to threads of `--processes` processes
over one embedded engine, with nothing remembered. The fake model, one process more, streams each answer in a time that
depends on its words alone. *Overhead* is the wall time from the moment at which a question was due to its recorded
answer, less the time of the model; *first words* is the time from the flush of the first sentence's mark to the moment
at which the sentence is shown. `--embedder local` makes vectors of questions and sentences in the asking processes,
which is more than two cores can do at this rate; with `none` words alone are searched, and embedding is apart. Exit
status 1 if a bar is missed.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import ClosestDocument, Question
from pipelines.settings import Settings, switch_off_telemetry
from pipelines.wiring import Footnote
from tests.bench.index import percentile
from tests.bench.model_process import SentReply, model_process, quoting
from tests.bench.written_corpus import SETS, absent, write_documents
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL


OVERHEAD_BAR_MS = 500.0
FIRST_WORDS_BAR_MS = 150.0
PAUSE_S = 0.01
"""Between two words: an answer of fifty words takes half a second."""
THREADS = 64
WARMING = 10
BASE = "bench"


@dataclass(slots=True)
class Heard:
    """One question as it was asked; a `Watcher`. Times are seconds of the clock that never goes back."""

    question: str
    due: float
    first_at: float | None = None
    ended_at: float = 0.0
    written: bool = False

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Note nothing of it."""

    def said(self, text: str) -> None:  # noqa: ARG002 - only when counts
        """Note when the first sentence was shown."""
        if self.first_at is None:
            self.first_at = time.monotonic()

    def started_over(self) -> None:
        """Forget the first sentence: it was taken back."""
        self.first_at = None

    def stopped(self) -> bool:
        """Say that the answer is wanted."""
        return False


def settings_of(home: Path, url: str, embedder: str) -> Settings:
    """Return an installation's settings: a model, and nothing remembered."""
    environ = {
        "HOME": str(home), "FOOTNOTE_DATA_DIR": str(home / "data"), "FOOTNOTE_CACHE__ENABLED": "0",
        "OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": MODEL,
        "FOOTNOTE_MODELS__ANSWERS_PER_PERSON": "0", "FOOTNOTE_EMBEDDER": embedder,
    }  # fmt: skip
    return Settings.load(environ, env_file=None)


def ask(footnote: Footnote, heard: Heard) -> Heard:
    """Ask, and note when what was there."""
    answer = footnote.answering.ask(Question(heard.question, OPERATOR), heard)
    heard.ended_at = time.monotonic()
    writing = answer.writing
    heard.written = writing is not None and writing.fallback is None and not writing.withheld and bool(answer.citations)
    return heard


def at_times(footnote: Footnote, planned: Sequence[Heard]) -> list[Heard]:
    """Ask each question when it is due, and return all once they are answered."""
    with ThreadPoolExecutor(THREADS) as pool:
        asked = []
        for one in planned:
            time.sleep(max(0.0, one.due - time.monotonic()))
            asked.append(pool.submit(ask, footnote, one))
        return [one.result() for one in asked]


def asking(to_parent: Connection, settings: Settings, warming: Sequence[str]) -> None:
    """Be a process that answers: say that it is ready, ask what it is told, return that and its CPU seconds."""
    with Footnote(settings) as footnote:
        for text in warming:
            footnote.ask(Question(text, OPERATOR))
        to_parent.send("ready")
        planned: list[Heard] = to_parent.recv()
        before = time.process_time()
        asked = at_times(footnote, planned)
        to_parent.send((asked, time.process_time() - before))


def through_processes(
    settings: Settings, count: int, warming: Sequence[str], plan: Callable[[], list[Heard]]
) -> tuple[list[Heard], float]:
    """Let processes ask in turns what is planned once all are ready; return it by time, and their CPU seconds."""
    context, pipes = multiprocessing.get_context("spawn"), []
    for _ in range(count):
        here, there = context.Pipe()
        context.Process(target=asking, args=(there, settings, warming), daemon=True).start()
        there.close()
        pipes.append(here)
    for one in pipes:
        one.recv()
    planned = plan()
    for number, one in enumerate(pipes):
        one.send(planned[number::count])
    asked, seconds = list[Heard](), 0.0
    for one in pipes:
        heard, used = one.recv()
        asked, seconds = asked + heard, seconds + used
    return sorted(asked, key=lambda one: one.due), seconds


def with_replies(asked: Sequence[Heard], replies: Sequence[SentReply]) -> list[tuple[Heard, SentReply]]:
    """Return each question that a model answered with its reply; the same question is asked and answered in order."""
    waiting: dict[str, deque[SentReply]] = defaultdict(deque)
    for reply in replies:
        waiting[reply.question].append(reply)
    found = []
    for one in asked:
        if waiting[one.question]:
            reply = waiting[one.question].popleft()
            if one.written:
                found.append((one, reply))
    return found


def row(name: str, values: Sequence[float], bar: float) -> bool:
    """Print a row in milliseconds; say whether the 95th percentile reaches the bar."""
    p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
    reached = p95 <= bar
    sign = "reached" if reached else "MISSED "
    print(f"{sign} {name:12} p50 {p50:7.1f}  p95 {p95:7.1f} <= {bar:g}  max {max(values):7.1f} ms  n={len(values)}")
    return reached


def report(found: Sequence[tuple[Heard, SentReply]]) -> bool:
    """Print both rows; say whether both bars are reached."""
    model = [(reply.ended_at - reply.came_at) * 1000 for _, reply in found]
    print(f"the model itself: p50 {percentile(model, 0.5):.0f}, p95 {percentile(model, 0.95):.0f} ms")
    overhead = [(one.ended_at - one.due) * 1000 - took for (one, _), took in zip(found, model, strict=True)]
    first = [
        (one.first_at - reply.first_sentence_at) * 1000
        for one, reply in found
        if one.first_at is not None and reply.first_sentence_at is not None
    ]
    reached = row("overhead", overhead, OVERHEAD_BAR_MS)
    return row("first words", first, FIRST_WORDS_BAR_MS) and reached


def main() -> int:
    """Run the bench; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description="What written answers take beside their model at a steady load.")
    parser.add_argument("--rate", type=float, default=20.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--set", choices=SETS, default=SETS[0])
    parser.add_argument("--articles", type=int, default=8, help="of squad2, each of about 35 paragraphs")
    parser.add_argument("--processes", type=int, default=2, help="that ask")
    parser.add_argument("--embedder", choices=("none", "local"), default="none")
    options = parser.parse_args()
    if line := absent(options.set):
        print(line)
        return 0
    switch_off_telemetry()
    behaviour = Behaviour(write=quoting, pause_s=PAUSE_S)
    with tempfile.TemporaryDirectory() as made, model_process(MODEL, KEY, behaviour) as server:
        home = Path(made)
        (home / "files").mkdir()
        texts = write_documents(options.set, options.articles, home / "files")
        settings = settings_of(home, server.url, options.embedder)
        with Footnote(settings) as footnote:
            footnote.add_base(BASE, home / "files", OPERATOR)
            footnote.sync(BASE)

        def plan() -> list[Heard]:
            began, count = time.monotonic() + 0.5, int(options.rate * options.seconds)
            some = (texts[WARMING + number % (len(texts) - WARMING)] for number in range(count))
            return [Heard(text, began + number / options.rate) for number, text in enumerate(some)]

        asked, used = through_processes(settings, options.processes, texts[:WARMING], plan)
        replies = [one for one in server.replies() if one.came_at >= asked[0].due]
    found = with_replies(asked, replies)
    took = max(one.ended_at for one in asked) - asked[0].due
    print(
        f"{len(asked)} questions in {took:.1f} s, {len(found)} answers written, {used * 1000 / len(asked):.0f} ms CPU"
        f" each; {os.cpu_count()} cores, {used / took:.2f} used by {options.processes} processes that ask,"
        f" machine load {os.getloadavg()[0]:.1f}"
    )
    return 0 if report(found) else 1


if __name__ == "__main__":
    sys.exit(main())
