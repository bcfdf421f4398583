"""Remembered answers over a real Redis: shared by all processes, and worked on once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from pipelines.adapters.redis_comforts import redis_comforts
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.ports.comforts import Comforts
from tests.remembering import BEN, ROOMS, Remembering, told, where_is, write_room
from tests.small_base import SmallBase, open_parts


pytestmark = pytest.mark.engines
ROOT = Path(__file__).parents[2]


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """A synced base of one document for each room, open to everyone."""
    (tmp_path / "documents").mkdir()
    with open_parts(tmp_path, words_only=True) as parts:
        made = SmallBase(parts, tmp_path / "documents")
        parts.records.access.set_readers(made.kb, ["everyone"], OPERATOR)
        for number, name in enumerate(ROOMS, start=12):
            write_room(made, name, number)
        made.sync()
        yield made


def processes(url: str, base: SmallBase, count: int) -> Iterator[tuple[Comforts, Remembering]]:
    """Yield what answers in so many processes: nothing is shared between them but Redis and the records."""
    for _ in range(count):
        comforts = redis_comforts(url, SystemClock(), installation=base.records.installation, timeout_s=10, probe_s=1)
        yield comforts, Remembering(base, comforts.answers)


def test_two_hundred_equal_questions_in_four_processes_are_one_search(redis_url: str, base: SmallBase) -> None:
    """The lease lets one process work; all others show its answer, and each asking is recorded."""
    made = list(processes(redis_url, base, 4))
    asking = [one for _, one in made]
    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(lambda number: asking[number % 4].ask(where_is("garden")), range(200)))
    assert sum(len(one.runs) for one in asking) == 1
    assert len({repr(told(one)) for one in answers}) == 1
    assert len({one.id for one in answers}) == 200
    for comforts, _ in made:
        comforts.close()


def test_what_one_process_answered_another_remembers(redis_url: str, base: SmallBase) -> None:
    """An answer and a refusal go over; a new version is seen by both."""
    (one_comforts, one), (other_comforts, other) = processes(redis_url, base, 2)
    for question in (where_is("scanner"), "Which volcano erupted in Iceland?"):
        assert told(one.ask(question)) == told(other.ask(question))
    assert (len(one.runs), len(other.runs)) == (2, 0)
    write_room(base, "scanner", 88)
    base.sync()
    assert [asking.ask(where_is("scanner")).citations[0].version for asking in (one, other)] == [2, 2]
    one_comforts.close()
    other_comforts.close()


def test_all_that_is_kept_ends_by_itself(redis_url: str, base: SmallBase) -> None:
    """Every key belongs to the installation, holds no word of a question and has a time to live."""
    ((comforts, asking),) = processes(redis_url, base, 1)
    assert asking.ask(where_is("printer")).outcome is Outcome.ANSWER
    client = redis.Redis.from_url(redis_url)
    keys = [key.decode() for key in client.scan_iter(f"footnote:{base.records.installation}:*")]
    assert keys
    assert all("printer" not in key and 0 < client.pttl(key) <= 3_600_000 for key in keys)
    client.close()
    comforts.close()


def test_a_dead_process_is_waited_for_no_longer_than_its_right_lasts(redis_url: str, base: SmallBase) -> None:
    """Where whoever works on an answer never ends, the others answer on their own."""
    comforts = redis_comforts(redis_url, SystemClock(), installation=base.records.installation, timeout_s=10, probe_s=1)
    asking = Remembering(base, comforts.answers, wait_seconds=1)
    question = where_is("canteen")
    key = asking.memory._asked(Question(question, BEN)).key
    assert comforts.answers.slot(key).take(3600)
    assert asking.ask(question).outcome is Outcome.ANSWER
    assert len(asking.runs) == 1
    comforts.close()


def test_an_entry_that_somebody_damaged_is_a_miss(redis_url: str, base: SmallBase) -> None:
    """Bytes that we did not write are replaced by an answer made anew; so is a value of another kind."""
    ((comforts, asking),) = processes(redis_url, base, 1)
    asking.ask(where_is("library"))
    client = redis.Redis.from_url(redis_url)
    (key,) = client.scan_iter(f"footnote:{base.records.installation}:answer:*")
    client.set(key, b'{"codec":1,"outcome":"answer","text":"nonsense"}', ex=60)
    assert asking.ask(where_is("library")).citations
    client.delete(key)
    client.lpush(key, "a list")
    assert asking.ask(where_is("library")).citations
    assert len(asking.runs) == 3
    client.delete(key)
    client.close()
    comforts.close()


def test_a_forked_process_has_its_own_connection(redis_url: str) -> None:
    """A child that was forked after its parent used Redis uses it too, and neither gets the other's replies."""
    program = """
import os, sys
from pipelines.adapters.redis_comforts import redis_comforts
from pipelines.adapters.system_clock import SystemClock

comforts = redis_comforts(sys.argv[1], SystemClock(), installation="fork", timeout_s=10, probe_s=1)
comforts.answers.slot("of-the-parent").put(b"parent", 60)
children = []
for number in range(4):
    child = os.fork()
    if child == 0:
        for turn in range(200):
            slot = comforts.answers.slot(f"of-child-{number}")
            slot.put(b"%d %d" % (number, turn), 60)
            if slot.get() != b"%d %d" % (number, turn):
                os._exit(1)
        os._exit(0)
    children.append(child)
for turn in range(200):
    if comforts.answers.slot("of-the-parent").get() != b"parent":
        sys.exit("the parent got something else")
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program, redis_url], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
