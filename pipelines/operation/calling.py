"""Makes the calls of models that other processes ask for: in a Celery task, or beside the jobs of the job process."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from pipelines.errors import FootnoteError
from pipelines.ports.model import CallCancelled, ChatModel, ModelAway, ModelReply
from pipelines.ports.model_calls import LeasedCall, ModelCallRecords


CALLERS = 4
"""Calls that a job process makes at once; a call waits for its model, and costs next to no time of the processor."""

LOOK_S = 0.25
"""How often a job process looks for calls: their callers wait a second."""

AGAIN_S = 5.0
"""Pause after the records did not answer."""

_log = logging.getLogger(__name__)


class ModelCaller:
    """
    Takes calls and makes them, each once. A fault of one call is its outcome and nothing else.

    A call that nobody waits for any more is broken off within a second; what came of it is dropped.
    """

    def __init__(
        self,
        calls: ModelCallRecords,
        model: Callable[[str], ChatModel],
        *,
        worker: str,
        stopping: Callable[[], bool],
        told: Callable[[int], None] = lambda _: None,
    ) -> None:
        """
        Take what calls are made with.

        Args:
            calls: the rows.
            model: the name of a model -> what calls it.
            worker: name under which calls are held.
            stopping: says whether this process was asked to end.
            told: hears which call is over; quick, and never raises.

        """
        self._calls = calls
        self._model = model
        self._worker = worker
        self._stopping = stopping
        self._told = told

    def take(self) -> LeasedCall | None:
        """Take a call that waits; None without any, or where this process is to end."""
        return None if self._stopping() else self._calls.take(self._worker)

    def make(self, call: LeasedCall) -> None:
        """
        Make a call, and hand over what came of it.

        Raises:
            FootnoteError: the records do not answer.

        """
        outcome = self._outcome(call)
        if self._calls.finish(call, outcome):
            self._told(call.id)
            return
        _log.info("call %d of the model %s was dropped: nobody waits for it any more", call.id, call.model)

    def work(self) -> int:
        """
        Make calls until none waits; return how many.

        Raises:
            FootnoteError: the records do not answer.

        """
        made = 0
        while (call := self.take()) is not None:
            self.make(call)
            made += 1
        return made

    def _outcome(self, call: LeasedCall) -> ModelReply | FootnoteError:
        try:
            return self._model(call.model).write(
                call.messages, seconds=call.seconds, cancelled=lambda: self._is_over(call)
            )
        except CallCancelled:
            return ModelAway("the worker that made the call ends")
        except FootnoteError as fault:
            return fault
        except Exception:  # noqa: BLE001 - the edge around one call: its caller is told, and the others do not suffer
            _log.exception("call %d of the model %s failed by an unexpected fault", call.id, call.model)
            return ModelAway("the worker that made the call met an unexpected fault")

    def _is_over(self, call: LeasedCall) -> bool:
        """Say whether the caller has left, or this process is to end; records that are away end nothing."""
        try:
            return self._stopping() or not self._calls.is_wanted(call)
        except FootnoteError:
            return False


class CallingThreads:
    """Makes calls on threads of their own while a `with` block lasts, whatever else the process does."""

    def __init__(
        self, caller: ModelCaller, *, callers: int = CALLERS, look_s: float = LOOK_S, again_s: float = AGAIN_S
    ) -> None:
        """
        Take who makes calls; the threads begin with the block.

        Args:
            caller: it.
            callers: calls at once.
            look_s: seconds between two looks while none waits.
            again_s: seconds until the next look after the records did not answer.

        """
        self._caller = caller
        self._free = threading.Semaphore(callers)
        self._pool = ThreadPoolExecutor(callers, thread_name_prefix="model-call")
        self._look_s = look_s
        self._again_s = again_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model-calls", daemon=True)

    def __enter__(self) -> Self:
        """Begin to look for calls."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more calls, and wait for those at hand."""
        self._ended.set()
        self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        while not self._ended.is_set():
            pause = 0.0 if self._looked() else self._look_s
            self._ended.wait(pause)

    def _looked(self) -> bool:
        """Take a call if there is somebody to make it; say whether there may be more."""
        if not self._free.acquire(timeout=self._look_s):
            return False
        call = None
        try:
            call = self._caller.take()
        except FootnoteError as fault:
            _log.warning("could not look for calls of models: %s", fault)
            self._ended.wait(self._again_s)
        finally:
            if call is None:
                self._free.release()
        if call is not None:
            self._pool.submit(self._make, call)
        return call is not None

    def _make(self, call: LeasedCall) -> None:
        try:
            self._caller.make(call)
        except FootnoteError as fault:
            _log.warning("the outcome of call %d could not be written: %s", call.id, fault)
        finally:
            self._free.release()
