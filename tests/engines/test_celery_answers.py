"""Tuned models through real Celery and Redis: dead, slow, lying, killed in the call; and Redis gone or silent."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Question
from pipelines.domain.model_routes import RoutePlace, RouteRule
from pipelines.wiring import Footnote
from tests.engines.celery_scene import CeleryScene, WorkerProcess, celery_scene, database_of, wait_until
from tests.fakes.model_behaviour import Behaviour, fails, stalls
from tests.fakes.model_server import KEY, Call, ModelServer
from tests.fakes.model_writers import alters_figures, extractive
from tests.servers import Server, redis_server


pytestmark = [pytest.mark.engines, pytest.mark.losses]

ASKED = "How many weeks of parental leave does a parent get?"
LEAVE = "# Parental leave\n\nEvery parent gets 24 weeks of parental leave. The parental leave may be parted in two.\n"
BASE, TUNED = "small-1", "leave-1"
BY_TUNED, INSTEAD = (TUNED, None), (BASE, TUNED)
FAULTS = 3


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Yield a server of both models."""
    with ModelServer(models={BASE: 8192, TUNED: 8192}, default=Behaviour(write=extractive)) as running:
        yield running


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    """Return a Redis that a test may kill and freeze."""
    folder = tmp_path / "redis"
    folder.mkdir()
    started = redis_server(folder)
    started.start()
    yield started
    started.thaw()
    started.kill()


@pytest.fixture
def scene(tmp_path: Path, redis: Server, server: ModelServer) -> Iterator[CeleryScene]:
    """Return an installation over it; a busy machine has more time to take a call than one in use."""
    with celery_scene(
        tmp_path, redis.url, REDIS_URL=database_of(redis.url, 1), OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY,
        FOOTNOTE_MODEL=BASE, FOOTNOTE_CACHE__ENABLED="0", FOOTNOTE_TUNED__LEASE_SECONDS="4",
    ) as made:  # fmt: skip
        yield made


@pytest.fixture
def footnote(scene: CeleryScene) -> Iterator[Footnote]:
    """Return the installation as a bot sees it: one base, whose questions go to the tuned model."""
    folder = scene.home / "documents"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    with scene.footnote() as opened:
        base = opened.add_base("handbook", folder, OPERATOR)
        opened.sync("handbook")
        opened.records.routes.change(RoutePlace(base.id), lambda _: RouteRule(TUNED))
        yield opened


def ask(footnote: Footnote) -> tuple[str | None, str | None]:
    """Return which model answered, and in whose place; the answer is always there, and true."""
    answer: Answer = footnote.ask(Question(ASKED, OPERATOR))
    assert "Every parent gets 24 weeks of parental leave." in answer.text
    assert answer.writing is not None
    return answer.writing.model, answer.writing.instead_of


def warmed(footnote: Footnote, worker: WorkerProcess) -> None:
    """Wait until the tuned model speaks: the first call loads its client."""
    wait_until(lambda: ask(footnote) == BY_TUNED, worker.told)


def tuned_calls(server: ModelServer) -> list[Call]:
    """Return the calls of the tuned model."""
    return [one for one in server.chats if one.body.get("model") == TUNED]


def asking(footnote: Footnote, found: list[tuple[str | None, str | None]]) -> Thread:
    """Ask in a thread."""
    thread = Thread(target=lambda: found.append(ask(footnote)))
    thread.start()
    return thread


def stalled(
    footnote: Footnote, server: ModelServer, meanwhile: Callable[[Call], None]
) -> tuple[str | None, str | None]:
    """Ask a tuned model that is silent, do something once it was called, and return who answered."""
    server.script(stalls(), model=TUNED)
    already, found = len(tuned_calls(server)), list[tuple[str | None, str | None]]()
    thread = asking(footnote, found)
    wait_until(lambda: len(tuned_calls(server)) > already)
    meanwhile(tuned_calls(server)[-1])
    thread.join()
    return found[0]


def test_a_tuned_model_that_is_wrong_is_replaced(scene: CeleryScene, footnote: Footnote, server: ModelServer) -> None:
    """Dead, lying, slow: the base model answers; of a slow one the server sees the worker hang up."""
    warmed(footnote, scene.worker(2))
    for wrong in (fails(500), Behaviour(write=alters_figures)):
        server.script(wrong, model=TUNED)
        assert ask(footnote) == INSTEAD
        assert ask(footnote) == BY_TUNED
    called: list[Call] = []
    assert stalled(footnote, server, called.append) == INSTEAD
    assert server.wait_for(lambda: called[0].abandoned, 30)
    assert ask(footnote) == BY_TUNED


def test_one_that_fails_again_and_again_is_left_alone(
    scene: CeleryScene, footnote: Footnote, server: ModelServer
) -> None:
    """After three faults nobody is told and nobody waits."""
    warmed(footnote, scene.worker(1))
    server.script(*[fails(500)] * FAULTS, model=TUNED)
    for _ in range(FAULTS):
        assert ask(footnote) == INSTEAD
    already = len(tuned_calls(server))
    for _ in range(5):
        assert ask(footnote) == INSTEAD
    assert len(tuned_calls(server)) == already


def test_a_worker_that_is_killed_in_a_call(scene: CeleryScene, footnote: Footnote, server: ModelServer) -> None:
    """Its caller is answered by the base model; another worker makes the next call, and never that one again."""
    first = scene.worker(1)
    warmed(footnote, first)
    assert stalled(footnote, server, lambda _: first.kill()) == INSTEAD
    already = len(tuned_calls(server))
    warmed(footnote, scene.worker(1))
    assert {one.status for one in tuned_calls(server)[already:]} == {200}


@pytest.mark.parametrize("silent", [False, True], ids=["killed", "silent"])
def test_redis_that_is_away_costs_moments(
    scene: CeleryScene, footnote: Footnote, redis: Server, *, silent: bool
) -> None:
    """Killed or frozen between two questions: the base model answers; once it is back, the tuned one does again."""
    worker = scene.worker(1)
    warmed(footnote, worker)
    if silent:
        redis.freeze()
    else:
        redis.kill()
    began = time.monotonic()
    for _ in range(FAULTS + 2):
        assert ask(footnote) == INSTEAD
    assert time.monotonic() - began < 60
    if silent:
        redis.thaw()
    else:
        redis.start()
    warmed(footnote, worker)


def test_without_a_worker_the_base_model_answers(footnote: Footnote, server: ModelServer) -> None:
    """And a worker that comes later finds nothing to do."""
    assert ask(footnote) == INSTEAD
    assert footnote.records.model_calls.take("late") is None
    assert tuned_calls(server) == []
