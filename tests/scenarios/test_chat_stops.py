"""An answer is stopped while it is written, or before its model says a word: it is left at once, and that is told."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.fakes.model_behaviour import Behaviour, stalls
from tests.fakes.model_server import ModelServer
from tests.scenarios.chat_office import Ability, ChatOffice, Said, WayIn
from tests.scenarios.long_answers import QUESTION, add_removals, model_settings, writes_for
from tests.scenarios.served import Served


STOP_BAR_S = 3.0
"""That a stop may take on a busy machine; on a quiet one it is less than a second."""
STOPS = 5
MOST_STOPS = 20
"""Within which each process has answered."""
PROCESSES = 2


@contextmanager
def writing_office(way_in: WayIn, home: Path) -> Iterator[tuple[ChatOffice, ModelServer]]:
    """Open an office with a model."""
    with ModelServer() as models, way_in(home, settings=model_settings(models), rate_limits=True) as acme:
        with acme.installation() as footnote:
            add_removals(footnote, home)
        yield acme, models


@pytest.fixture(scope="module")
def writing(costly_way_in: WayIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ChatOffice, ModelServer]]:
    """Open one office for what needs one process alone."""
    with writing_office(costly_way_in, tmp_path_factory.mktemp("office")) as opened:
        yield opened


def written(*, silent: bool) -> Behaviour:
    """Return a model that writes for half a minute, or says nothing at all."""
    return stalls() if silent else writes_for(30.0)


def begun(acme: ChatOffice, models: ModelServer, asked: Said, calls: int) -> None:
    """Wait until a model was called for a question, and its text is seen if it writes one."""

    def is_begun() -> bool:
        return len(models.chats) > calls and (models.default.stall_at == 0 or bool(acme.being_written(asked)))

    assert acme.wait_for(is_begun, 20.0), acme.log[-2000:]
    acme.settle()
    # People stop what they see, and the platform shows the way to do so a moment after the question came.
    time.sleep(1.5)


def stopped(acme: ChatOffice, models: ModelServer, asked: Said, calls: int) -> tuple[float, float]:
    """Stop a question's answer; return seconds until the model was left, and until that was told."""
    acme.ann.stops(asked)
    began = time.monotonic()
    assert acme.wait_for(lambda: all(one.ended for one in models.chats[calls:]), 20.0)
    model = time.monotonic() - began
    assert models.chats[-1].abandoned
    assert acme.wait_for(lambda: acme.is_stopped(asked), 20.0)
    shown = time.monotonic() - began
    assert len(acme.replies(asked)) == 1
    return model, shown


@pytest.mark.parametrize("silent", [False, True], ids=["writing", "silent"])
def test_a_stop_ends_the_answer(writing: tuple[ChatOffice, ModelServer], *, silent: bool) -> None:
    """Directly: that it was stopped is told and stays, nothing more comes, and the next question is answered."""
    acme, models = writing
    models.default, calls = written(silent=silent), len(models.chats)
    asked = acme.ann.tells(QUESTION)
    begun(acme, models, asked, calls)
    stopped(acme, models, asked, calls)
    assert acme.wait_for(acme.is_idle)
    assert acme.wait_for(lambda: not acme.is_waited_for(asked))
    models.default = writes_for(0.0)
    assert "a lorry of up to seven and a half tons" in acme.answered(acme.ann.tells(QUESTION))
    assert acme.is_stopped(asked)


def test_a_follow_up_of_a_stopped_answer_needs_no_mention(writing: tuple[ChatOffice, ModelServer]) -> None:
    """In a place: what is stopped is one answer, and not the conversation."""
    acme, models = writing
    acme.needs(Ability.STOPS_OPENLY, Ability.READS_ALONG)
    models.default, calls = written(silent=False), len(models.chats)
    asked = acme.ann.asks(acme.general, QUESTION)
    begun(acme, models, asked, calls)
    stopped(acme, models, asked, calls)
    assert acme.wait_for(acme.is_idle)
    models.default = writes_for(0.0)
    acme.answered(acme.bob.writes(acme.general, "Tell me about the airspeed of a swallow", after=asked))
    follow = acme.bob.writes(acme.general, QUESTION, after=asked)
    assert "a lorry of up to seven and a half tons" in acme.answered(follow)


@pytest.mark.engines
@pytest.mark.timeout(600)
@pytest.mark.parametrize("silent", [False, True], ids=["writing", "silent"])
def test_a_stop_takes_effect_whichever_process_answers(way_in: WayIn, tmp_path: Path, *, silent: bool) -> None:
    """The stop reaches one, the other's model writes, or says nothing yet: it is left, and the thread says so."""
    with writing_office(way_in, tmp_path) as (acme, models):
        models.default = written(silent=silent)
        acme.needs(Ability.STEERED, Ability.STOPS_OPENLY)
        other = Served(tmp_path, acme.served.settings, "other")
        try:
            other.start()
            took, answered = stops_between(acme, models, [acme.served, other])
        finally:
            other.stop()
        model, shown = (sorted(times) for times in zip(*took, strict=True))
        figures = f"the model was left after {told(model)} s, the thread said so after {told(shown)} s"
        print(f"\n{figures}")  # noqa: T201 - told by -s
        assert len(answered) == PROCESSES
        assert model[-1] <= STOP_BAR_S, figures
        assert shown[-1] <= STOP_BAR_S, figures


def stops_between(
    acme: ChatOffice, models: ModelServer, served: list[Served]
) -> tuple[list[tuple[float, float]], set[int]]:
    """
    Let another process hear of each stop than the one that answers, until each of them has answered.

    Which one answers is drawn: each looks for what waits, and whoever sees it first takes it.
    """
    took: list[tuple[float, float]] = []
    answered: set[int] = set()
    while len(took) < STOPS or (len(answered) < len(served) and len(took) < MOST_STOPS):
        acme.is_heard_by(served[len(took) % len(served)])
        calls = len(models.chats)
        asked = acme.ann.asks(acme.general, QUESTION)
        begun(acme, models, asked, calls)
        worker = worker_of(acme)
        answered.add(worker)
        acme.is_heard_by(next(one for one in served if one.pid != worker))
        took.append(stopped(acme, models, asked, calls))
        assert acme.wait_for(acme.is_idle)
    return took, answered


def worker_of(acme: ChatOffice) -> int:
    """Return the process that works on the one question that is not answered yet."""
    with closing(sqlite3.connect(acme.home / "data" / "records.db")) as database:
        found = database.execute("SELECT worker FROM deliveries WHERE state <> 'done' AND kind = 'new'").fetchall()
    ((worker,),) = found
    return int(worker.split(":")[1])


def told(seconds: list[float]) -> str:
    """Return some times for people to read."""
    return ", ".join(f"{one:.2f}" for one in seconds)
