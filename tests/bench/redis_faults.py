"""
What Redis costs a question: well, gone, silent, resetting, and when it is back.

    python tests/bench/redis_faults.py [SECONDS]

Four threads ask for SECONDS (5) while each fault lasts; every answer must be right. The time of a
question is that which it spends on Redis: reading, taking the right, writing, giving it back. At last
the server is stopped and started again, after waits by lot, while one person asks on: the bar is five
seconds from its start to the next answer from memory. Exit status 1 if that is missed.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.adapters.redis_answer_cache import RedisAnswerCache
from pipelines.adapters.redis_link import RedisLink
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.ports.answer_cache import AnswerCache, AnswerSlot
from tests.fakes.fault_proxy import FaultProxy, Faults, fault_proxy
from tests.remembering import ROOMS, Remembering, where_is, write_room
from tests.servers import Server, redis_server
from tests.small_base import SmallBase, open_parts


THREADS = 4
TIMEOUT_S = 0.25
PROBE_S = 2.0
RETURNS = 8
RETURN_BAR_S = 5.0
FRESH = iter(range(1, 10**9))
_here = threading.local()


@dataclass
class TimedSlot:
    """A slot whose calls are timed."""

    slot: AnswerSlot

    @property
    def key(self) -> str:
        """Its key."""
        return self.slot.key

    def get(self) -> bytes | None:
        """Time it."""
        with timed():
            return self.slot.get()

    def put(self, data: bytes, seconds: float) -> None:
        """Time it."""
        with timed():
            self.slot.put(data, seconds)

    def take(self, seconds: float) -> bool:
        """Time it."""
        with timed():
            return self.slot.take(seconds)

    def taken(self) -> bool:
        """Time it."""
        with timed():
            return self.slot.taken()

    def release(self) -> None:
        """Time it."""
        with timed():
            self.slot.release()


@dataclass
class TimedCache:
    """A cache whose calls are timed."""

    cache: AnswerCache

    def slot(self, key: str) -> TimedSlot:
        """Return a slot."""
        return TimedSlot(self.cache.slot(key))

    def close(self) -> None:
        """Close it."""
        self.cache.close()


@dataclass
class Seen:
    """Milliseconds on Redis of questions that began while the breaker was closed, and while it was open."""

    closed: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)


@dataclass
class Scene:
    """What is measured."""

    link: RedisLink
    asking: Remembering

    def ask(self, number: int, seen: Seen) -> None:
        """Ask one question, check its answer, and note its time."""
        at = number % len(ROOMS)
        away, _here.ms = self.link.away, 0.0
        (cited,) = self.asking.ask(where_is(ROOMS[at]) + marks(number)).citations
        if cited.quote != f"The {ROOMS[at]} is in room {12 + at}.":
            sys.exit(f"a wrong answer: {cited.quote}")
        (seen.opened if away else seen.closed).append(_here.ms)


def marks(number: int) -> str:
    """Return an ending that makes a question another one and asks the same."""
    return format(number, "b").replace("0", "?").replace("1", "!")


@contextmanager
def timed() -> Iterator[None]:
    """Add the milliseconds of a block to this thread's question."""
    began = time.perf_counter()
    yield
    _here.ms += (time.perf_counter() - began) * 1000


def ask_for(scene: Scene, seconds: float, numbers: Callable[[int], int]) -> Seen:
    """Ask from all threads for so long; `numbers` makes questions new or old."""
    seen, ended = Seen(), threading.Event()

    def ask_on(first: int) -> None:
        number = first
        while not ended.is_set():
            scene.ask(numbers(number), seen)
            number += THREADS

    with ThreadPoolExecutor(THREADS) as pool:
        askers = [pool.submit(ask_on, first) for first in range(THREADS)]
        ended.wait(seconds)
        ended.set()
        for one in askers:
            one.result()
    return seen


def line(name: str, times: list[float]) -> str:
    """Return count, median, 99th percentile and maximum."""
    if not times:
        return f"{name:<34} {0:>6}"
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{name:<34} {len(times):>6} {statistics.median(times):>8.2f} {late:>8.2f} {ordered[-1]:>8.2f}"


def seconds_to_a_hit(scene: Scene) -> float:
    """Return how long it takes until a question is answered from memory again."""
    began = time.monotonic()
    while True:
        before = len(scene.asking.runs)
        scene.asking.ask(where_is("scanner"))
        if len(scene.asking.runs) == before:
            return time.monotonic() - began
        time.sleep(0.02)


def measure_well(scene: Scene, seconds: float) -> None:
    """Print what Redis costs while all is well."""
    print(f"{'milliseconds on Redis':<34} {'n':>6} {'p50':>8} {'p99':>8} {'max':>8}")
    print(line("well, made anew", ask_for(scene, seconds, lambda _: next(FRESH)).closed))
    print(line("well, from memory", ask_for(scene, seconds, lambda number: number % 20).closed))


def measure_fault(scene: Scene, seconds: float, name: str, begin: Callable[[], None], mend: Callable[[], None]) -> None:
    """Print what one fault costs."""
    begin()
    seen = ask_for(scene, seconds, lambda _: next(FRESH))
    mend()
    back = seconds_to_a_hit(scene)
    print(line(f"{name}, breaker closed", seen.closed))
    print(line(f"{name}, breaker open", seen.opened))
    print(f"{name + ', from memory again after':<34} {back:>6.1f} s")


def measure_returns(scene: Scene, server: Server) -> bool:
    """Print how long it takes until the next hit after the server is back, at worst; say whether the bar is reached."""
    chance, taken = Random(5), list[float]()
    for _ in range(RETURNS):
        server.kill()
        ends = time.monotonic() + chance.uniform(0.5, 0.5 + PROBE_S)
        while time.monotonic() < ends:
            scene.ask(next(FRESH), Seen())
        server.start()
        taken.append(seconds_to_a_hit(scene))
    sign = "reached" if max(taken) <= RETURN_BAR_S else "MISSED "
    print(
        f"{sign} stopped {RETURNS} times, a hit again after p50 {statistics.median(taken):.1f}, max {max(taken):.1f} s"
    )
    return max(taken) <= RETURN_BAR_S


def scene_over(port: int, base: SmallBase) -> Scene:
    """Return a process that answers and remembers in the Redis at a port."""
    link = RedisLink(f"redis://127.0.0.1:{port}/0", SystemClock(), timeout_s=TIMEOUT_S, probe_s=PROBE_S)
    cache = TimedCache(RedisAnswerCache(link, installation="bench"))
    return Scene(link, Remembering(base, cache))


def measure(server: Server, proxy: FaultProxy, base: SmallBase, seconds: float) -> bool:
    """Print all figures; only the last fault needs the way through the proxy, which costs time of its own."""
    _here.ms = 0.0
    scene, through = scene_over(urlsplit(server.url).port or 0, base), scene_over(proxy.port, base)
    measure_well(scene, seconds)
    measure_fault(scene, seconds, "stopped", server.kill, server.start)
    measure_fault(scene, seconds, "silent (SIGSTOP)", server.freeze, server.thaw)
    broken, whole = partial(proxy.set, Faults(reset=True)), partial(proxy.set, Faults())
    measure_fault(through, seconds, "resetting", broken, whole)
    reached = measure_returns(scene, server)
    scene.link.close()
    through.link.close()
    return reached


def main(seconds: float) -> int:
    """Make a scene and measure it; 1 if the bar is missed."""
    with TemporaryDirectory(prefix="footnote-") as place, open_parts(Path(place), words_only=True) as parts:
        (Path(place) / "documents").mkdir()
        base = SmallBase(parts, Path(place) / "documents")
        parts.records.access.set_readers(base.kb, ["everyone"], OPERATOR)
        for number, name in enumerate(ROOMS, start=12):
            write_room(base, name, number)
        base.sync()
        server = redis_server(Path(place))
        server.start()
        with fault_proxy("127.0.0.1", urlsplit(server.url).port or 0) as proxy:
            reached = measure(server, proxy, base, seconds)
        server.stop()
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0))
