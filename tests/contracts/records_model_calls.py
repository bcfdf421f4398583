"""What records promise of calls of models that another process makes."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.domain.job_kinds import TIDY, WHOLE
from pipelines.errors import BadSettings, FootnoteError, TransientError
from pipelines.ports.model import (
    Finish,
    Message,
    ModelAway,
    ModelBusy,
    ModelRefused,
    ModelReply,
    ModelTooSlow,
    PromptTooLong,
    Role,
    Usage,
)
from pipelines.ports.model_calls import CallProgress, CallState
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE
from tests.fakes.manual_clock import ManualClock


ASKED = (Message(Role.SYSTEM, "Only the sources."), Message(Role.USER, '\x00 \u202e Größe 👩‍👩‍👧 \\n "x" \ud83d'))
REPLY = ModelReply("Twelve weeks. [1] \x00 \ud83d", Finish.LENGTH, "leave-1", "other", Usage(7, 3))
FAULTS = (
    ModelAway("away"),
    ModelBusy("full", 3.5),
    ModelBusy("full", None),
    ModelTooSlow("slow", stalled=True),
    ModelTooSlow("slow", stalled=False),
    ModelRefused("no"),
    PromptTooLong("long", 8192),
    BadSettings("the key is wrong"),
)


class ModelCallRecordsContract:
    """The promises of `pipelines.ports.model_calls.ModelCallRecords`."""

    def test_a_call_is_asked_for_made_and_over(self, records: Records) -> None:
        """Its worker reads what was asked, whatever characters it holds; its caller reads what came of it."""
        calls = records.model_calls
        number = calls.ask("leave-1", ASKED, 6.0)
        assert calls.look(number) == CallProgress(CallState.WAITING)
        call = calls.take(ELSEWHERE)
        assert call is not None
        assert (call.id, call.model, call.messages, call.seconds) == (number, "leave-1", ASKED, 6.0)
        assert calls.look(number) == CallProgress(CallState.RUNNING)
        assert calls.is_wanted(call)
        assert calls.finish(call, REPLY)
        assert calls.look(number) == CallProgress(CallState.OVER, REPLY)
        assert not calls.is_wanted(call)

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda one: type(one).__name__)
    def test_a_fault_reaches_the_caller_as_it_is(self, records: Records, fault: FootnoteError) -> None:
        """Its kind, its sentence, and what it tells besides."""
        found = self.outcome(records, fault)
        assert type(found) is type(fault)
        assert str(found) == str(fault)
        for name in ("retry_after_s", "stalled", "limit"):
            assert getattr(found, name, None) == getattr(fault, name, None)

    def test_any_other_fault_is_a_model_that_is_away(self, records: Records) -> None:
        """The caller goes on without it."""
        assert isinstance(self.outcome(records, TransientError("the disk is full")), ModelAway)

    def outcome(self, records: Records, given: ModelReply | FootnoteError) -> ModelReply | FootnoteError | None:
        """Return what a caller gets of what a worker hands over."""
        number = records.model_calls.ask("leave-1", ASKED, 6.0)
        call = records.model_calls.take(ELSEWHERE)
        assert call is not None
        assert records.model_calls.finish(call, given)
        return records.model_calls.look(number).outcome

    def test_the_oldest_is_taken_first_and_each_once(self, records: Records) -> None:
        """However many look at once."""
        numbers = [records.model_calls.ask("leave-1", ASKED, 6.0) for _ in range(20)]
        first = records.model_calls.take(ELSEWHERE)
        assert first is not None
        assert first.id == numbers[0]
        with ThreadPoolExecutor(5) as pool:
            taken = [one.id for one in pool.map(records.model_calls.take, [ELSEWHERE] * 30) if one]
        assert sorted(taken) == numbers[1:]
        assert records.model_calls.take(ELSEWHERE) is None

    def test_a_late_result_is_dropped(self, records: Records) -> None:
        """Once its caller has left, the worker learns that nobody waits, and nothing is left of the call."""
        calls = records.model_calls
        number = calls.ask("leave-1", ASKED, 6.0)
        call = calls.take(ELSEWHERE)
        assert call is not None
        calls.leave(number)
        assert not calls.is_wanted(call)
        assert not calls.finish(call, REPLY)
        assert calls.look(number).state is CallState.OVER
        assert not isinstance(calls.look(number).outcome, ModelReply)

    @pytest.mark.parametrize("done", [False, True])
    def test_a_call_that_was_left_is_gone(self, records: Records, *, done: bool) -> None:
        """One that nobody took is taken by nobody; of one that is over nothing is kept."""
        number = records.model_calls.ask("leave-1", ASKED, 6.0)
        call = records.model_calls.take(ELSEWHERE) if done else None
        if call is not None:
            records.model_calls.finish(call, REPLY)
        records.model_calls.leave(number)
        records.model_calls.leave(number)
        assert records.model_calls.take(ELSEWHERE) is None
        assert records.model_calls.look(number) != CallProgress(CallState.OVER, REPLY)

    def test_a_dead_workers_call_is_over(self, records: Records) -> None:
        """Where its process can be looked at and is gone; one that lives is waited for."""
        for worker, state in ((worker_name(), CallState.RUNNING), (gone(), CallState.OVER)):
            number = records.model_calls.ask("leave-1", ASKED, 6.0)
            records.model_calls.take(worker)
            assert records.model_calls.look(number).state is state

    def test_what_a_dead_caller_asked_is_not_begun(self, records: Records, clock: ManualClock) -> None:
        """A minute after its time, since two clocks may be so far apart; the chores delete it."""
        dead = records.model_calls.ask("leave-1", ASKED, 6.0)
        clock.advance(60)
        living = records.model_calls.ask("leave-1", ASKED, 6.0)
        call = records.model_calls.take(ELSEWHERE)
        assert call is not None
        assert call.id == dead
        second = records.model_calls.ask("leave-1", ASKED, 6.0)
        clock.advance(67)
        assert records.model_calls.take(ELSEWHERE) is None
        for seconds, kept in ((0, True), (3600, False)):
            clock.advance(seconds)
            lease = records.jobs.lease(records.jobs.submit(TIDY, WHOLE, {}).id, ELSEWHERE, 600)
            records.retention.forget_runs(lease, 30)
            records.jobs.finish(lease)
            assert [records.model_calls.look(one).state is CallState.WAITING for one in (living, second)] == [kept] * 2


def gone() -> str:
    """Return the name of a worker of this host whose process is gone."""
    place, _, started = worker_name().rpartition(":")
    host = place.rpartition(":")[0]
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return f"{host}:{child}:{started}"
