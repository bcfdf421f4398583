"""
Measures answers by tuned models through the job process and through Celery: in time, whatever is wrong with them.

Run as `python tests/bench/tuned_calls.py [--asks N]`; needs a Redis server for its second half.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread


ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from pipelines.adapters.queued_model import QueuedModel  # noqa: E402 - the path comes first
from pipelines.domain.access import OPERATOR  # noqa: E402
from pipelines.domain.conversation import Question  # noqa: E402
from pipelines.domain.job_kinds import ANSWER  # noqa: E402
from pipelines.domain.model_routes import RoutePlace, RouteRule  # noqa: E402
from pipelines.errors import FootnoteError  # noqa: E402
from pipelines.ports.model import Message, Role  # noqa: E402
from pipelines.settings import Settings  # noqa: E402
from pipelines.wiring import Footnote, open_footnote  # noqa: E402
from tests.engines.celery_scene import celery_scene, database_of  # noqa: E402
from tests.fakes.model_behaviour import Behaviour, fails, stalls  # noqa: E402
from tests.fakes.model_server import KEY, ModelServer  # noqa: E402
from tests.fakes.model_writers import alters_figures, extractive  # noqa: E402
from tests.servers import redis_server  # noqa: E402


BASE, TUNED = "small-1", "leave-1"
ASKED = "How many weeks of parental leave does a parent get?"
LEAVE = "# Parental leave\n\nEvery parent gets 24 weeks of parental leave. The parental leave may be parted in two.\n"
MESSAGES = (Message(Role.SYSTEM, "Only the sources."), Message(Role.USER, ASKED))
BREAKER_FAULTS = 3


class Measuring:
    """An installation as a bot sees it, and its server of models."""

    def __init__(self, footnote: Footnote, server: ModelServer, asks: int) -> None:
        self.footnote = footnote
        self.server = server
        self.asks = asks
        folder = footnote.settings.data_dir.parent / "documents"
        folder.mkdir()
        (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
        self.kb = footnote.add_base("handbook", folder, OPERATOR).id
        footnote.sync("handbook")

    def route(self, rule: RouteRule | None) -> None:
        """Set the route."""
        self.footnote.records.routes.change(RoutePlace(self.kb), lambda _: rule)

    def ask(self) -> tuple[float, str | None, str | None]:
        """Return the seconds of an answer, who spoke, and in whose place."""
        began = time.perf_counter()
        answer = self.footnote.ask(Question(ASKED, OPERATOR))
        assert "24 weeks" in answer.text
        assert answer.writing is not None
        return time.perf_counter() - began, answer.writing.model, answer.writing.instead_of

    def sound(self) -> list[float]:
        """Return the seconds of answers that the tuned model gives."""
        while self.ask()[1] != TUNED:
            pass
        return [seconds for seconds, model, _ in (self.ask() for _ in range(self.asks)) if model == TUNED]

    def wrong(self, how: Behaviour) -> float:
        """Return the seconds of an answer in whose call the tuned model behaves so."""
        self.sound_once()
        self.server.script(how, model=TUNED)
        seconds, *who = self.ask()
        assert who == [BASE, TUNED]
        return seconds

    def sound_once(self) -> None:
        """Let its breaker forget faults."""
        while self.ask()[1] != TUNED:
            pass

    def resting(self) -> list[float]:
        """Return the seconds of answers while the breaker is open."""
        self.sound_once()
        self.server.script(*[fails(500)] * BREAKER_FAULTS, model=TUNED)
        for _ in range(BREAKER_FAULTS):
            assert self.ask()[2] == TUNED
        calls = len(self.tuned_chats())
        found = [self.ask()[0] for _ in range(self.asks)]
        assert len(self.tuned_chats()) == calls
        return found

    def cancelling(self) -> float:
        """Return the seconds from taking a call back until the server sees its worker hang up."""
        self.server.script(stalls(), model=TUNED)
        already, stop = len(self.tuned_chats()), Event()
        queue, records = self.footnote.job_queue, self.footnote.records
        model = QueuedModel(TUNED, records.model_calls, tell=lambda: queue.announce(ANSWER))

        def call() -> None:
            try:
                model.write(MESSAGES, seconds=30, cancelled=stop.is_set)
            except FootnoteError:
                return

        thread = Thread(target=call)
        thread.start()
        assert self.server.wait_for(lambda: len(self.tuned_chats()) > already, 30)
        time.sleep(0.3)
        began = time.perf_counter()
        stop.set()
        assert self.server.wait_for(lambda: self.tuned_chats()[-1].ended, 30)
        seconds = time.perf_counter() - began
        thread.join()
        return seconds

    def tuned_chats(self) -> list[object]:
        """Return the calls of the tuned model."""
        return [one for one in self.server.chats if one.body.get("model") == TUNED]


def main() -> None:
    """Measure both ways."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--asks", type=int, default=30)
    asks = parser.parse_args().asks
    for way, opened in (("job process", job_process), ("Celery over Redis", celery)):
        with (
            ModelServer(models={BASE: 8192, TUNED: 8192}, default=Behaviour(write=extractive)) as server,
            TemporaryDirectory() as folder,
            opened(Path(folder), server) as (footnote, worker),
        ):
            report(way, Measuring(footnote, server, asks), worker)


def report(way: str, it: Measuring, worker: Callable[[], Callable[[], None]]) -> None:
    """Print what one way takes."""
    # The first one loads what answers are made with.
    it.ask()
    base = [it.ask()[0] for _ in range(it.asks)]
    show(way, "base model, no route", base)
    it.route(RouteRule(TUNED))
    show(way, "nobody there: base model", [it.ask()[0]])
    end = worker()
    try:
        show(way, "tuned model", it.sound())
        show(way, "tuned model dead (500): base model", [it.wrong(fails(500)) for _ in range(3)])
        show(way, "tuned model lies: base model", [it.wrong(Behaviour(write=alters_figures)) for _ in range(3)])
        show(way, "tuned model silent: base model", [it.wrong(stalls()) for _ in range(2)])
        show(way, "call taken back -> server sees it", [it.cancelling() for _ in range(10)])
        it.sound_once()
        resting = it.resting()
        show(way, "breaker open: base model", resting)
        more = (statistics.median(resting) - statistics.median(base)) * 1000
        print(f"{way:18} {'  more than without a route':36} {more:8.1f} ms")
    finally:
        end()


def show(way: str, what: str, seconds: list[float]) -> None:
    """Print a row."""
    ordered = sorted(seconds)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(
        f"{way:18} {what:36} p50 {statistics.median(ordered) * 1000:8.1f}  p95 {high * 1000:8.1f} ms  n={len(ordered)}"
    )


def settings_of(folder: Path, server: ModelServer) -> dict[str, str]:
    """Return what both ways set."""
    return {
        "HOME": str(folder), "FOOTNOTE_DATA_DIR": str(folder / "data"), "FOOTNOTE_EMBEDDER": "none",
        "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": BASE, "FOOTNOTE_CACHE__ENABLED": "0",
    }  # fmt: skip


@contextmanager
def job_process(folder: Path, server: ModelServer) -> Iterator[tuple[Footnote, Callable[[], Callable[[], None]]]]:
    """Yield an installation, and what starts a job process."""
    environ = settings_of(folder, server)

    def start() -> Callable[[], None]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "work"],
            cwd=folder, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **environ},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

        def end() -> None:
            process.terminate()
            process.wait()

        return end

    with open_footnote(Settings.load(environ, env_file=None)) as footnote:
        yield footnote, start


@contextmanager
def celery(folder: Path, server: ModelServer) -> Iterator[tuple[Footnote, Callable[[], Callable[[], None]]]]:
    """Yield an installation over a Redis, and what starts a Celery worker."""
    (folder / "redis").mkdir()
    redis = redis_server(folder / "redis")
    redis.start()
    try:
        more = settings_of(folder, server) | {"REDIS_URL": database_of(redis.url, 1)}
        with celery_scene(folder, redis.url, **more) as scene, scene.footnote() as footnote:

            def start() -> Callable[[], None]:
                worker = scene.worker(1)
                return worker.kill

            yield footnote, start
    finally:
        redis.kill()


if __name__ == "__main__":
    main()
