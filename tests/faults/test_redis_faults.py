"""Redis gone, silent, resetting, slow, cut short or flushed: every question is answered, and rightly."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
import redis

from pipelines.adapters.redis_comforts import redis_comforts
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.ports.announcements import Announcement
from pipelines.ports.comforts import Comforts
from pipelines.ports.rate_budget import Rate
from tests.fakes.fault_proxy import FaultProxy, Faults, fault_proxy
from tests.remembering import ROOMS, Remembering, told, where_is, write_room
from tests.servers import Server, redis_server
from tests.small_base import SmallBase, open_parts


pytestmark = pytest.mark.engines
THREADS = 4
FAULT_SECONDS = 2.0
BACK_SECONDS = 30.0


@dataclass(frozen=True)
class Scene:
    """A Redis of its own, the way to it, and a process that answers."""

    server: Server
    proxy: FaultProxy
    comforts: Comforts
    asking: Remembering
    base: SmallBase


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A well scene; all rooms were asked for once."""
    (tmp_path / "documents").mkdir()
    with TemporaryDirectory(prefix="footnote-") as folder, open_parts(tmp_path, words_only=True) as parts:
        base = SmallBase(parts, tmp_path / "documents")
        parts.records.access.set_readers(base.kb, ["everyone"], OPERATOR)
        for number, name in enumerate(ROOMS, start=12):
            write_room(base, name, number)
        base.sync()
        server = redis_server(Path(folder))
        server.start()
        with fault_proxy("127.0.0.1", urlsplit(server.url).port or 0) as proxy:
            comforts = redis_comforts(
                f"redis://127.0.0.1:{proxy.port}/0", SystemClock(), installation="faults", timeout_s=0.25, probe_s=1
            )
            asking = Remembering(base, comforts.answers)
            for name in ROOMS:
                asking.ask(where_is(name))
            yield Scene(server, proxy, comforts, asking, base)
            comforts.close()
        server.stop()


def stop(scene: Scene) -> Callable[[], None]:
    """Kill the server; return what brings it back, empty."""
    scene.server.kill()
    return scene.server.start


def silence(scene: Scene) -> Callable[[], None]:
    """Freeze the server; return what thaws it."""
    scene.server.freeze()
    return scene.server.thaw


def through_proxy(faults: Faults) -> Callable[[Scene], Callable[[], None]]:
    """Return what lets the way to the server have faults."""

    def begin(scene: Scene) -> Callable[[], None]:
        scene.proxy.set(faults)
        return lambda: scene.proxy.set(Faults())

    return begin


FAULTS = {
    "stopped": stop,
    "silent": silence,
    "silent way": through_proxy(Faults(silent=True)),
    "resetting": through_proxy(Faults(reset=True)),
    "slow": through_proxy(Faults(latency_s=0.05)),
    "in slices": through_proxy(Faults(slice_bytes=3)),
    "cut short": through_proxy(Faults(cut_after=100)),
}


def answer_under_load(scene: Scene, seconds: float) -> int:
    """Ask from several threads; every answer must be right. Return how many there were."""
    ended = threading.Event()

    def ask_on(first: int) -> int:
        asked = first
        while not ended.is_set():
            at = asked % len(ROOMS)
            (cited,) = scene.asking.ask(where_is(ROOMS[at])).citations
            assert cited.quote == f"The {ROOMS[at]} is in room {12 + at}."
            asked += 1
        return asked - first

    with ThreadPoolExecutor(THREADS) as pool:
        askers = [pool.submit(ask_on, first) for first in range(THREADS)]
        ended.wait(seconds)
        ended.set()
        return sum(one.result() for one in askers)


def wait_for_hits(scene: Scene) -> None:
    """Ask until an answer comes from memory again."""
    deadline = time.monotonic() + BACK_SECONDS
    while time.monotonic() < deadline:
        before = len(scene.asking.runs)
        scene.asking.ask(where_is("scanner"))
        if len(scene.asking.runs) == before:
            return
        time.sleep(0.05)
    pytest.fail("no answer comes from memory")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_question_is_answered(scene: Scene, fault: str) -> None:
    """While Redis is away or broken each question is answered rightly; after it, from memory again."""
    mend = FAULTS[fault](scene)
    try:
        assert answer_under_load(scene, FAULT_SECONDS) > 0
    finally:
        mend()
    wait_for_hits(scene)
    assert answer_under_load(scene, 0.2) > 0


def test_a_flushed_redis_loses_nothing(scene: Scene) -> None:
    """Twenty FLUSHALL under load: all answers stay right, and each asking is recorded."""
    client = redis.Redis.from_url(scene.server.url)
    flushed = threading.Event()

    def flush() -> None:
        for _ in range(20):
            client.flushall()
            time.sleep(0.05)
        flushed.set()

    flusher = threading.Thread(target=flush)
    flusher.start()
    answered = 0
    while not flushed.is_set():
        answered += answer_under_load(scene, 0.1)
    flusher.join()
    client.close()
    assert answered > 0
    assert scene.asking.ask(where_is("scanner")).id == len(ROOMS) + answered + 1


def test_behind_an_open_breaker_nothing_waits_for_redis(scene: Scene) -> None:
    """Once five calls failed no question opens a connection; a thread of its own looks whether the server is back."""
    scene.proxy.set(Faults(reset=True))
    for _ in range(5):
        scene.asking.ask(where_is("scanner"))
    made = scene.proxy.connections
    for _ in range(50):
        scene.asking.ask(where_is("scanner"))
    assert scene.proxy.connections - made < 50
    scene.proxy.set(Faults())
    wait_for_hits(scene)


def test_one_question_waits_for_a_silent_server_once(scene: Scene) -> None:
    """After its first fault a slot asks no more, so that reading, taking and writing do not wait one after another."""
    scene.server.freeze()
    try:
        slot = scene.comforts.answers.slot("some-key")
        assert slot.get() is None
        made = scene.proxy.connections
        assert slot.take(1)
        slot.put(b"x", 60)
        assert not slot.taken()
        slot.release()
        assert scene.proxy.connections == made
    finally:
        scene.server.thaw()


def test_budgets_are_counted_here_while_redis_is_away(scene: Scene) -> None:
    """A take that Redis does not answer is given by this process's own bucket, which has a bound as well."""
    rate = Rate(per_second=0.001, burst=3)
    budgets = scene.comforts.budgets
    assert [budgets.take("model", rate) for _ in range(3)] == [0.0] * 3
    assert budgets.take("model", rate) > 0
    scene.proxy.set(Faults(reset=True))
    assert [budgets.take("model", rate) for _ in range(3)] == [0.0] * 3
    assert budgets.take("model", rate) > 0


@pytest.mark.parametrize("fault", ["stopped", "resetting"])
def test_announcements_come_again(scene: Scene, fault: str) -> None:
    """What is said while Redis is away is lost without a fault; a listener hears what is said afterwards."""
    listener = scene.comforts.announcements.subscribe()
    mend = FAULTS[fault](scene)
    news = Announcement("job", 1, 1, 1, 2)
    scene.comforts.announcements.publish(news)
    assert listener.next(0.2) is None
    mend()
    deadline = time.monotonic() + BACK_SECONDS
    heard = None
    while heard is None and time.monotonic() < deadline:
        scene.comforts.announcements.publish(news)
        heard = listener.next(0.3)
    assert heard == news
    listener.close()


def test_a_fresh_process_begins_while_redis_is_away(scene: Scene) -> None:
    """A process that starts now answers; nothing of Redis is needed to begin."""
    scene.server.kill()
    comforts = redis_comforts(scene.server.url, SystemClock(), installation="faults", timeout_s=0.25, probe_s=1)
    fresh = Remembering(scene.base, comforts.answers)
    assert told(fresh.ask(where_is("garden"))) == told(scene.asking.anew(where_is("garden")))
    listener = comforts.announcements.subscribe()
    assert listener.next(0) is None
    listener.close()
    comforts.close()
