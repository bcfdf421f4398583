"""A tuned model whose calls threads of this process make over real records, as workers do in theirs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.operation.calling import ModelCaller
from pipelines.ports.model import ChatModel
from pipelines.ports.records import Records


ELSEWHERE = "another-host:1:1"
PAUSE_S = 0.01


def caller_of(
    records: Records,
    model: ChatModel,
    *,
    stopping: Callable[[], bool] = lambda: False,
    told: Callable[[int], None] = lambda _: None,
) -> ModelCaller:
    """Return what makes calls of one model, whatever name is asked for."""
    return ModelCaller(records.model_calls, lambda _: model, worker=ELSEWHERE, stopping=stopping, told=told)


@contextmanager
def calling(records: Records, model: ChatModel, *, workers: int = 1) -> Iterator[None]:
    """Make calls on threads while the block lasts."""
    ended = threading.Event()

    def work() -> None:
        caller = caller_of(records, model, stopping=ended.is_set)
        while not ended.wait(PAUSE_S):
            caller.work()

    threads = [threading.Thread(target=work, name="model-server", daemon=True) for _ in range(workers)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        ended.set()
        for one in threads:
            one.join()
