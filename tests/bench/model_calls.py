"""
What one streamed call of a model costs in CPU through the adapter, beside the bare client on the same server.

    python tests/bench/model_calls.py [--calls 200] [--pieces 60]

The server that plays the model is a process of its own, so that its cost is not counted.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random


sys.path.insert(0, str(Path(__file__).parents[2]))

from openai import OpenAI

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.resilient_model import ResilientModel
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.ports.model import ChatModel, Message, Role
from tests.fakes.model_behaviour import says
from tests.fakes.model_server import KEY, MODEL, ModelServer


RULES = "Answer from the sources alone, and mark each sentence."
ASKED = "\n".join(f"[{number}] " + "A passage of forty words or so. " * 8 for number in range(1, 9))


class _Heard:
    def __init__(self) -> None:
        self.pieces = 0

    def hear(self, piece: str) -> None:
        self.pieces += bool(piece)

    def start_over(self) -> bool:
        return True


def through_adapter(model: ChatModel, pieces: int) -> Callable[[], None]:
    """Return one call through the adapter."""
    messages = (Message(Role.SYSTEM, RULES), Message(Role.USER, ASKED))

    def call() -> None:
        heard = _Heard()
        model.write(messages, seconds=30, listener=heard)
        assert heard.pieces == pieces, heard.pieces

    return call


def through_client(client: OpenAI, pieces: int) -> Callable[[], None]:
    """Return one call through the bare client, streamed as its own documentation shows."""
    messages = [{"role": "system", "content": RULES}, {"role": "user", "content": ASKED}]

    def call() -> None:
        chunks = client.chat.completions.create(
            model=MODEL,
            messages=messages,  # type: ignore[arg-type]
            stream=True,
            stream_options={"include_usage": True},
        )
        heard = sum(bool(one.choices and one.choices[0].delta.content) for one in chunks)
        assert heard == pieces, heard

    return call


@contextmanager
def server(pieces: int) -> Iterator[str]:
    """Yield the address of a server in a process of its own."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, pieces), daemon=True)
    child.start()
    yield here.recv()
    here.send(None)
    child.join()


def _serve(to_parent: Connection, pieces: int) -> None:
    with ModelServer(default=says(" ".join(["word"] * pieces))) as one:
        to_parent.send(one.url)
        to_parent.recv()


def main() -> None:
    """Measure in turns, in an order by lot, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--pieces", type=int, default=60)
    given = parser.parse_args()
    chance = Random(1)
    with server(given.pieces) as url:
        adapter = OpenAIModel(OpenAIServer(url, MODEL, KEY))
        guarded = GuardedModel(adapter, Breaker(time.monotonic))
        resilient = ResilientModel(guarded, RetryBudget(time.monotonic), chance=chance)
        client = OpenAI(base_url=url, api_key=KEY, max_retries=0)
        ways = {
            "bare client": through_client(client, given.pieces),
            "adapter": through_adapter(adapter, given.pieces),
            "adapter, breaker, retry": through_adapter(resilient, given.pieces),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(given.calls):
            for name in chance.sample(sorted(ways), len(ways)):
                began = time.process_time()
                ways[name]()
                if number >= min(10, given.calls // 2):
                    taken[name].append((time.process_time() - began) * 1000)
        client.close()
        adapter.close()
    bare = statistics.median(taken["bare client"])
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"{name:24} {middle:6.2f} ms CPU a call of {given.pieces} pieces, {middle / bare:.2f} x the bare client")


if __name__ == "__main__":
    main()
