"""What a Celery worker does at its start about the Weaviate that holds the index: refuse it, warn of it, or use it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from pipelines.adapters.weaviate_index.schema import collection_form, collection_name
from pipelines.domain.index_identity import IndexIdentity
from pipelines.domain.jobs import JobState
from pipelines.retrieval.terms import ANALYSER_VERSION
from tests.engines.celery_scene import ROOT, CeleryScene, celery_scene, wait_until
from tests.engines.weaviate_scene import server_at
from tests.servers import Server, redis_server, weaviate_server


pytestmark = [pytest.mark.engines, pytest.mark.timeout(300)]

KEY = "a-key-that-nobody-may-see"
WARNING = "syncs fail until the index answers: Weaviate"


@pytest.fixture
def weaviate() -> Iterator[Server]:
    """Return a Weaviate of the test's own, which asks for a key."""
    users = {"AUTHENTICATION_APIKEY_ALLOWED_KEYS": KEY, "AUTHENTICATION_APIKEY_USERS": "footnote"}
    flags = {"AUTHENTICATION_APIKEY_ENABLED": "true", "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false"}
    with TemporaryDirectory(prefix="footnote-") as folder:
        own = weaviate_server(Path(folder), **users, **flags)
        own.start()
        yield own
        own.thaw()
        own.kill()


@pytest.fixture
def environ(weaviate: Server) -> dict[str, str]:
    """Return the settings that name it."""
    server = server_at(weaviate.url)
    return {
        "WEAVIATE_URL": server.url,
        "WEAVIATE_API_KEY": KEY,
        "FOOTNOTE_WEAVIATE__GRPC_PORT": str(server.grpc_port),
    }


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """Return the address of a Redis of the test's own."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = redis_server(folder)
    server.start()
    yield server.url
    server.kill()


@pytest.fixture
def scene(tmp_path: Path, redis: str, environ: dict[str, str]) -> Iterator[CeleryScene]:
    """Return an installation whose index is in it."""
    with celery_scene(tmp_path, redis, **environ) as made:
        yield made


def refusal(scene: CeleryScene) -> str:
    """Return the one line with which a worker does not start."""
    worker = scene.command("worker", "-c", "1")
    assert worker.process.wait(60) != 0
    (line,) = [one for one in worker.told().splitlines() if "Weaviate" in one]
    assert "Traceback" not in worker.told()
    assert KEY not in worker.told()
    return line


def make(scene: CeleryScene, weaviate: Server, told: dict[str, Any], tokenization: str) -> str:
    """Make the installation's collection as somebody else would, and return its name."""
    with scene.footnote() as footnote:
        who = IndexIdentity(footnote.records.installation, str(ANALYSER_VERSION))
    server = server_at(weaviate.url)
    form = collection_form(collection_name(who), who, server)
    form["description"] = json.dumps(json.loads(form["description"]) | told)
    for one in form["properties"]:
        if one["name"] == "scope":
            one["tokenization"] = tokenization
    headers = {"authorization": f"Bearer {KEY}"}
    httpx.post(
        f"{server.rest_address}/v1/schema", json=form, headers=headers, trust_env=False, timeout=30
    ).raise_for_status()
    return str(form["class"])


@pytest.mark.parametrize(
    ("told", "tokenization", "said"),
    [
        ({"installation": "there"}, "field", "it belongs to another installation than the records"),
        ({"footnote": 2}, "field", "its form has version 2, which another release wrote; this one knows 1"),
        ({}, "word", "its property scope is not what was made: tokenization is word"),
    ],
    ids=["installation", "release", "form"],
)
def test_a_collection_that_is_not_ours_is_refused_at_the_start(
    scene: CeleryScene, weaviate: Server, told: dict[str, Any], tokenization: str, said: str
) -> None:
    """No job is taken that could only fail: the worker ends, and one line names the collection and the way out."""
    name = make(scene, weaviate, told, tokenization)
    line = refusal(scene)
    assert f"the collection {name} of Weaviate at {server_at(weaviate.url).place} (WEAVIATE_URL)" in line
    assert f"({said}): delete it there" in line


def test_a_key_that_does_not_open_is_refused_at_the_start(scene: CeleryScene) -> None:
    """The worker ends, and one line names the setting."""
    wrong = CeleryScene(scene.home, {**scene.environ, "WEAVIATE_API_KEY": "wrong"})
    with wrong.opened:
        assert "(WEAVIATE_URL) refuses the key: check WEAVIATE_API_KEY" in refusal(wrong)


@pytest.mark.parametrize("away", ["killed", "frozen"])
def test_a_server_that_is_away_is_told_in_one_line(scene: CeleryScene, weaviate: Server, away: str) -> None:
    """The worker starts all the same, and syncs as soon as the server is there."""
    if away == "killed":
        weaviate.kill()
    else:
        weaviate.freeze()
    worker = scene.worker()
    (line,) = [one for one in worker.told().splitlines() if WARNING in one]
    assert " WARNING workers.process " in line
    if away == "killed":
        weaviate.start()
    else:
        weaviate.thaw()
    synced(scene, worker.told)


def test_a_worker_looks_and_its_processes_sync(scene: CeleryScene) -> None:
    """What was asked before the fork harms no connection after it, and nothing is told."""
    worker = scene.worker(2)
    assert "Weaviate" not in worker.told()
    synced(scene, worker.told)


def synced(scene: CeleryScene, told: Callable[[], str]) -> None:
    """Leave a sync to the worker, and see its rows in Weaviate."""
    with scene.footnote() as footnote:
        kb = scene.add_base(footnote, "handbook", 5)
        job = footnote.jobs.submit_sync("handbook")
        wait_until(lambda: footnote.records.jobs.state(job.id)[0] is JobState.DONE, told)
        assert footnote.index.count(kb) == 5


CHILD = """
import os, sys
from pipelines.domain.index_places import Engine
from pipelines.settings import Settings
from pipelines.wiring import open_footnote
with open_footnote(Settings.load(env_file=None)) as footnote:
    assert footnote.embedder is not None
    footnote.check_index_server()
    index = footnote.indexes.open(Engine.WEAVIATE)
    index.look()
    print(len(os.listdir("/proc/self/task")), "grpc" in sys.modules)
    index.close()
"""


def test_a_look_begins_no_thread(tmp_path: Path, environ: dict[str, str]) -> None:
    """Threads of gRPC or of the model's runtime would not follow a fork; their modules may be there, unused."""
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "FOOTNOTE_DATA_DIR": str(tmp_path / "data")}
    told = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=tmp_path,
        env=own | single | environ,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.split() == ["1", "True"]
