"""Whoever makes calls of models for others: each once, broken off when nobody waits, and never behind anything."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.process_queue import ProcessQueue
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import SYNC
from pipelines.domain.jobs import JobState, Lease
from pipelines.errors import TransientError
from pipelines.operation.calling import CallingThreads, ModelCaller
from pipelines.operation.job_process import JobProcess
from pipelines.operation.ticking import Ticker
from pipelines.operation.working import Worker
from pipelines.ports.model import ModelAway, ModelBusy, ModelReply
from pipelines.ports.model_calls import CallState, LeasedCall
from tests.calling import ELSEWHERE, caller_of
from tests.contracts.chat_model import ASKED
from tests.fakes import model_behaviour as how
from tests.fakes.model_behaviour import ANSWER, Behaviour
from tests.fakes.scripted_model import ScriptedModel
from tests.small_base import open_records


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    opened = open_records(tmp_path, SystemClock())
    yield opened
    opened.close()


def test_every_call_that_waits_is_made_once(records: SqlRecords) -> None:
    """In their order; whoever waits is told, and finds what came of it."""
    numbers = [records.model_calls.ask("leave-1", ASKED, 6.0) for _ in range(3)]
    told: list[int] = []
    model = ScriptedModel(how.SOUND, how.too_many("3"), how.SOUND, name="leave-1")
    assert caller_of(records, model, told=told.append).work() == 3
    assert told == numbers
    first, second, third = (records.model_calls.look(one).outcome for one in numbers)
    assert isinstance(first, ModelReply)
    assert isinstance(third, ModelReply)
    assert (first.text, first.model) == (ANSWER, "leave-1")
    assert isinstance(second, ModelBusy)
    assert model.calls == [ASKED] * 3


def test_an_unexpected_fault_ends_its_call_alone(records: SqlRecords) -> None:
    """Its caller goes on without it, and the next call is made."""

    def broken(_: object) -> str:
        raise ZeroDivisionError

    numbers = [records.model_calls.ask("leave-1", ASKED, 6.0) for _ in range(2)]
    caller_of(records, ScriptedModel(Behaviour(write=broken), how.SOUND)).work()
    first, second = (records.model_calls.look(one).outcome for one in numbers)
    assert isinstance(first, ModelAway)
    assert isinstance(second, ModelReply)


def test_a_call_that_nobody_waits_for_is_broken_off(records: SqlRecords) -> None:
    """In the midst of it; what came of it is dropped, and nobody is told."""
    told: list[int] = []
    number = records.model_calls.ask("leave-1", ASKED, 600.0)
    heard = threading.Event()

    def leave(_: object) -> str:
        records.model_calls.leave(number)
        heard.set()
        return "word " * 10_000

    caller_of(records, ScriptedModel(Behaviour(write=leave, pause_s=0.05)), told=told.append).work()
    assert heard.is_set()
    assert told == []
    assert not isinstance(records.model_calls.look(number).outcome, ModelReply)


def test_a_process_that_ends_lets_go_of_its_call(records: SqlRecords) -> None:
    """Its caller is told at once, and it takes no other."""
    numbers = [records.model_calls.ask("leave-1", ASKED, 600.0) for _ in range(2)]
    looks = iter([False, False])
    caller_of(records, ScriptedModel(how.stalls()), stopping=lambda: next(looks, True)).work()
    assert isinstance(records.model_calls.look(numbers[0]).outcome, ModelAway)
    assert records.model_calls.look(numbers[1]).state is CallState.WAITING


def test_records_that_are_away_for_a_moment_end_no_call(records: SqlRecords) -> None:
    """Whether its caller still waits is asked again."""

    class Shaky:
        looks = 0

        def is_wanted(self, call: LeasedCall) -> bool:
            self.looks += 1
            if self.looks < 3:
                raise TransientError("away")
            return records.model_calls.is_wanted(call)

        def __getattr__(self, name: str) -> object:
            return getattr(records.model_calls, name)

    number, shaky = records.model_calls.ask("leave-1", ASKED, 600.0), Shaky()
    model = ScriptedModel(how.trickles(0.001))
    ModelCaller(shaky, lambda _: model, worker=ELSEWHERE, stopping=lambda: False).work()  # type: ignore[arg-type]
    assert shaky.looks > 3
    assert isinstance(records.model_calls.look(number).outcome, ModelReply)


def test_threads_make_several_calls_at_once(records: SqlRecords) -> None:
    """Three that wait for each other are under way together; a fourth is not taken while nobody is free."""
    meeting = threading.Barrier(3, timeout=60)

    def meet(_: object) -> str:
        meeting.wait()
        return ANSWER

    before = set(threading.enumerate())
    with CallingThreads(caller_of(records, ScriptedModel(default=Behaviour(write=meet))), callers=3, look_s=0.01):
        numbers = [records.model_calls.ask("leave-1", ASKED, 600.0) for _ in range(6)]
        outcomes = [until_over(records, one) for one in numbers]
    assert all(isinstance(one, ModelReply) for one in outcomes)
    assert set(threading.enumerate()) <= before


def test_threads_outlive_records_that_are_away(records: SqlRecords) -> None:
    """They look again; what was asked meanwhile is made."""

    class Back:
        takes = 0

        def take(self, worker: str) -> LeasedCall | None:
            self.takes += 1
            if self.takes == 1:
                raise TransientError("away")
            return records.model_calls.take(worker)

        def __getattr__(self, name: str) -> object:
            return getattr(records.model_calls, name)

    caller = ModelCaller(Back(), lambda _: ScriptedModel(), worker=ELSEWHERE, stopping=lambda: False)  # type: ignore[arg-type]
    number = records.model_calls.ask("leave-1", ASKED, 600.0)
    with CallingThreads(caller, look_s=0.01, again_s=0.01):
        assert isinstance(until_over(records, number), ModelReply)


def test_a_call_never_waits_for_a_job(records: SqlRecords) -> None:
    """Beside a job that lasts until the call was made, the call is made."""
    made, clock = threading.Event(), SystemClock()
    records.bases.add("handbook", "folder", "/", OPERATOR)
    job = records.jobs.submit(SYNC, 1, {})
    number = records.model_calls.ask("leave-1", ASKED, 600.0)

    def sync(lease: Lease, _seconds: float) -> bool:
        assert made.wait(60)
        records.jobs.finish(lease)
        return True

    worker = Worker(records.jobs, {SYNC: sync}, name=ELSEWHERE, clock=clock, stopping=lambda: False)
    caller = caller_of(records, ScriptedModel(name="leave-1"), told=lambda _: made.set())
    JobProcess(
        worker,
        Ticker(records, ProcessQueue(), clock),
        clock,
        tick_s=600,
        poll_s=0.01,
        wait=lambda _: None,
        stopping=lambda: records.jobs.state(job.id)[0] is JobState.DONE,
        beside=lambda: CallingThreads(caller, look_s=0.01),
    ).run()
    assert isinstance(records.model_calls.look(number).outcome, ModelReply)


def until_over(records: SqlRecords, number: int) -> object:
    """Return what came of a call."""
    pause = threading.Event()
    while (progress := records.model_calls.look(number)).state is not CallState.OVER:
        pause.wait(0.01)
    return progress.outcome
