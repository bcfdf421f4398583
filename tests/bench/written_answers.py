"""
What a written answer costs in CPU of its own, from the question to the recorded answer, beside Haystack's stock graph.

    python tests/bench/written_answers.py [--questions 120] [--set squad2] [--articles 8] [--profile 0]

Both answer the same questions over the same passages and vectors, with the same fake model in a process of its own,
which streams a word every two milliseconds; nothing is remembered. The CPU of the local embedding model is apart: that
of the question, for both, and that of the sentences that our evidence check compares. Of what is left, that of
Haystack's generator with the client `openai` is said beside it, the same on both sides: it grows with the
words of a reply. The peer judges no sentence, confirms no right and records nothing. Exit status 1 if our median
misses the bar of 15 ms.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING


sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question
from pipelines.settings import Settings, switch_off_telemetry
from pipelines.wiring import Footnote
from tests.bench.model_process import model_process, quoting
from tests.bench.written_corpus import SETS, absent, write_documents
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL


if TYPE_CHECKING:
    from tests.bench.client_costs import ClientCosts


BAR_MS = 15.0
PAUSE_S = 0.002
WARMING = 10
BASE = "bench"
OURS, PEER = "footnote", "haystack"


class ApartEmbedder(OnnxEmbedder):
    """
    The local model, with the CPU seconds that it took for questions and for sentences.

    Attributes:
        question: what is asked now; its text alone counts as a question.
        of_questions: seconds for them.
        of_sentences: seconds for all else.

    """

    def __init__(self) -> None:
        super().__init__()
        self.question = ""
        self.of_questions = 0.0
        self.of_sentences = 0.0

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.of_questions + self.of_sentences

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text."""
        began = time.thread_time()
        made = super().embed(texts)
        took = time.thread_time() - began
        if list(texts) == [self.question]:
            self.of_questions += took
        else:
            self.of_sentences += took
        return made


class Measured(Footnote):
    """An installation whose embedder is measured."""

    apart = ApartEmbedder()

    @property
    def embedder(self) -> ApartEmbedder:
        """The measured one."""
        return self.apart


@dataclass(slots=True)
class Costs:
    """Milliseconds of CPU of each question."""

    own: list[float] = field(default_factory=list)
    clients: list[float] = field(default_factory=list)
    questions: list[float] = field(default_factory=list)
    sentences: list[float] = field(default_factory=list)
    written: int = 0

    def take(self, apart: ApartEmbedder, client: "ClientCosts", ask: Callable[[], bool]) -> None:
        """Ask, and note what it took if a model wrote the answer."""
        apart.of_questions = apart.of_sentences = client.seconds = 0.0
        began = time.process_time()
        written = ask()
        took = time.process_time() - began
        if written:
            self.written += 1
            self.own.append((took - apart.seconds) * 1000)
            self.clients.append(client.seconds * 1000)
            self.questions.append(apart.of_questions * 1000)
            self.sentences.append(apart.of_sentences * 1000)

    def line(self, name: str) -> str:
        """Return a row of the table."""
        p95 = sorted(self.own)[int(len(self.own) * 0.95)]
        return (
            f"{name:10} {self.written:7d} {statistics.median(self.own):8.1f} {statistics.fmean(self.own):8.1f}"
            f" {p95:8.1f} {statistics.median(self.clients):9.1f} {statistics.median(self.questions):10.1f}"
            f" {statistics.median(self.sentences):10.1f}"
        )


def settings_of(home: Path, url: str) -> Settings:
    """Return an installation's settings: a model, and nothing remembered."""
    environ = {
        "HOME": str(home), "FOOTNOTE_DATA_DIR": str(home / "data"), "FOOTNOTE_CACHE__ENABLED": "0",
        "OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": MODEL,
        "FOOTNOTE_MODELS__ANSWERS_PER_PERSON": "0",
    }  # fmt: skip
    return Settings.load(environ, env_file=None)


def ours(footnote: Measured) -> Callable[[str], bool]:
    """Return what asks our graph, and says whether the model wrote the answer."""

    def ask(text: str) -> bool:
        footnote.apart.question = text
        answer = footnote.ask(Question(text, OPERATOR))
        return answer.writing is not None and answer.writing.fallback is None and bool(answer.citations)

    return ask


def peers(footnote: Measured, url: str) -> Callable[[str], bool]:
    """Return what asks Haystack's graph, and says whether it cited something."""
    from tests.bench.stock_graph import ask_stock, documents_of, stock_graph  # noqa: PLC0415 - telemetry is off by now

    graph = stock_graph(documents_of(footnote, BASE), url=url, key=KEY, model=MODEL)

    def ask(text: str) -> bool:
        footnote.apart.question = text
        vector = footnote.apart.embed([text])[0].tolist()
        heard: list[str] = []
        answer = ask_stock(graph, text, vector, heard.append)
        return bool(heard) and bool(answer.documents)

    return ask


def compare(footnote: Measured, url: str, texts: Sequence[str]) -> dict[str, Costs]:
    """Ask both every question, in an order by lot, and return what each took."""
    from tests.bench.client_costs import ClientCosts  # noqa: PLC0415 - telemetry is off by now

    asks = {OURS: ours(footnote), PEER: peers(footnote, url)}
    costs, chance, client = {name: Costs() for name in asks}, Random(1), ClientCosts()
    for ask in asks.values():
        for text in texts[:WARMING]:
            ask(text)
    with client.counted():
        for text in texts[WARMING:]:
            for name in chance.sample(sorted(asks), len(asks)):
                costs[name].take(footnote.apart, client, lambda: asks[name](text))  # noqa: B023 - called at once
    return costs


def profile(footnote: Measured, texts: Sequence[str], lines: int) -> None:
    """Print where our side spends its CPU, by a profiler that slows it down."""
    ask = ours(footnote)
    for text in texts[:WARMING]:
        ask(text)
    profiler = cProfile.Profile(time.thread_time)
    profiler.enable()
    for text in texts[WARMING:]:
        ask(text)
    profiler.disable()
    print(f"seconds of {len(texts) - WARMING} questions")
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(lines)


def report(costs: dict[str, Costs]) -> bool:
    """Print the table; say whether the bar is reached."""
    print("           written   own CPU ms                 of which      embedding apart, medians")
    print("                     median     mean      p95  client       question  sentences")
    for name, one in costs.items():
        print(one.line(name))
    mine, theirs = (statistics.median(costs[name].own) for name in (OURS, PEER))
    reached = mine <= BAR_MS
    sign = "reached" if reached else "MISSED "
    print(f"{sign} own CPU of a written answer, median {mine:.1f} <= {BAR_MS:g} ms; {mine / theirs:.2f} x the peer's")
    return reached


def main() -> int:
    """Run the bench; 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description="What a written answer costs in CPU.")
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--set", choices=SETS, default=SETS[0])
    parser.add_argument("--articles", type=int, default=8, help="of squad2, each of about 35 paragraphs")
    parser.add_argument("--profile", type=int, default=0, help="lines of a profile of our side, in place of figures")
    options = parser.parse_args()
    if line := absent(options.set):
        print(line)
        return 0
    switch_off_telemetry()
    behaviour = Behaviour(write=quoting, pause_s=PAUSE_S)
    with tempfile.TemporaryDirectory() as made, model_process(MODEL, KEY, behaviour) as server:
        home = Path(made)
        (home / "files").mkdir()
        texts = write_documents(options.set, options.articles, home / "files")[: options.questions + WARMING]
        with Measured(settings_of(home, server.url)) as footnote:
            footnote.add_base(BASE, home / "files", OPERATOR)
            chunks = footnote.sync(BASE).chunks_added
            print(f"{options.set}: {chunks} passages, {len(texts) - WARMING} questions; load {os.getloadavg()[0]:.1f}")
            if options.profile:
                profile(footnote, texts, options.profile)
                return 0
            costs = compare(footnote, server.url, texts)
        pieces = statistics.fmean(one.pieces for one in server.replies())
    print(f"replies of {pieces:.0f} words; load {os.getloadavg()[0]:.1f}")
    return 0 if report(costs) else 1


if __name__ == "__main__":
    sys.exit(main())
