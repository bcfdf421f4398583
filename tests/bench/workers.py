"""
What an ingestion by several worker processes costs: documents a second, CPU, memory, disk.

    python tests/bench/workers.py [--documents 1000] [--processes 1 2 4] [--engines celery work]

`celery`: one worker with so many processes over Redis, PostgreSQL and Weaviate of their
own; `work`: so many `footnote work` over SQLite. Documents have ten sections of a
thousand characters, and the embedder's cache knows all their vectors: what the model
costs is told by tests/bench/embedding.py. More processes than cores gain nothing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.domain.access import OPERATOR
from pipelines.domain.jobs import JobState
from pipelines.settings import Settings
from pipelines.wiring import open_footnote
from tests.bench.processes import cpu_seconds, folder_mb, peak_mb
from tests.bench.workers_corpus import SECTIONS, fill_cache, write_documents
from tests.engines.celery_scene import celery_scene
from tests.engines.weaviate_scene import server_at
from tests.servers import Server, postgres_server, redis_server, weaviate_server


_LOOK_S = 0.5
_MODEL = {"FOOTNOTE_EMBEDDER": "minilm"}


@dataclass
class Scene:
    """
    An installation under measurement.

    Attributes:
        environ: its settings.
        roots: name of a part -> its first processes.
        disk: name of a store -> its size in MB, asked for at the end.

    """

    environ: Mapping[str, str]
    roots: dict[str, list[int]] = field(default_factory=dict)
    disk: dict[str, Path | str] = field(default_factory=dict)

    def sizes(self) -> dict[str, float]:
        """Return the size of each store in MB."""
        return {name: _size(place) for name, place in self.disk.items()}


@contextmanager
def celery(home: Path, processes: int, prepare: "Prepare") -> Iterator[Scene]:
    """Start three servers, one worker with so many processes, and beat."""
    with ExitStack() as opened:
        servers = {name: _started(make, home / name, opened) for name, make in _SERVERS.items()}
        weaviate = server_at(servers["weaviate"].url)
        more = {
            **_MODEL,
            "DATABASE_URL": servers["postgres"].url,
            "WEAVIATE_URL": weaviate.url,
            "FOOTNOTE_WEAVIATE__GRPC_PORT": str(weaviate.grpc_port),
        }
        made = opened.enter_context(celery_scene(home, servers["redis"].url, **more))
        prepare(made.environ)
        worker, beat = made.worker(processes), made.beat()
        scene = Scene(made.environ, {name: [_pid(one)] for name, one in servers.items()})
        scene.roots |= {"worker": [worker.process.pid], "beat": [beat.process.pid]}
        scene.disk = {"PostgreSQL": servers["postgres"].url, "Weaviate": home / "weaviate"}
        scene.disk["blobs"] = home / "data" / "blobs"
        yield scene


@contextmanager
def work(home: Path, processes: int, prepare: "Prepare") -> Iterator[Scene]:
    """Start so many job processes over SQLite."""
    environ = {"FOOTNOTE_DATA_DIR": str(home / "data"), **_MODEL}
    prepare(environ)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {"PYTHONPATH": sys.path[0], "OMP_NUM_THREADS": "1", "HOME": str(home)}
    with ExitStack() as opened, (home / "work.log").open("wb") as log:
        started = []
        for _ in range(processes):
            one = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "work"],
                env={**kept, **own, **environ}, cwd=home, stdout=log, stderr=log,
            )  # fmt: skip
            opened.callback(one.wait)
            opened.callback(one.terminate)
            started.append(one.pid)
        scene = Scene(environ, {"worker": started})
        scene.disk = {name: home / "data" / name for name in ("records.db", "index.db", "blobs")}
        yield scene


class Prepare:
    """Adds the base to an installation, and fills its cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.chunks = 0

    def __call__(self, environ: Mapping[str, str]) -> None:
        """Do so."""
        with open_footnote(Settings.load(environ, env_file=None)) as footnote:
            self.chunks = fill_cache(footnote.records.vectors, OnnxEmbedder().name, self._folder)
            footnote.add_base("bench", self._folder, OPERATOR)


def measured(engine: str, processes: int, folder: Path) -> None:
    """Sync a folder once, and print what that cost."""
    count = sum(1 for _ in folder.iterdir())
    prepare = Prepare(folder)
    with tempfile.TemporaryDirectory(prefix="footnote-") as made, ExitStack() as opened:
        home = Path(made)
        home.chmod(0o755)
        scene = opened.enter_context(_ENGINES[engine](home, processes, prepare))
        before = {name: cpu_seconds(pids) for name, pids in scene.roots.items()}
        sizes = scene.sizes()
        seconds, peaks = _synced(scene)
        used = {name: cpu_seconds(pids) - before[name] for name, pids in scene.roots.items()}
        grown = {name: size - sizes[name] for name, size in scene.sizes().items()}
    print(f"{engine}, {processes} processes: {count} documents, {prepare.chunks} chunks in {seconds:.0f} s")
    print(f"  {count / seconds:.1f} documents/s, {count / used['worker']:.1f} per CPU second of the workers,", end=" ")
    print(f"{count / sum(used.values()):.1f} per CPU second of all; load {os.getloadavg()[0]:.1f}")
    print("  CPU ms a document:", ", ".join(f"{name} {value / count * 1000:.1f}" for name, value in used.items()))
    print("  peak MB of the largest process:", ", ".join(f"{name} {value:.0f}" for name, value in peaks.items()))
    print("  disk MB added:", ", ".join(f"{name} {value:.1f}" for name, value in grown.items()), flush=True)


def _synced(scene: Scene) -> tuple[float, dict[str, float]]:
    """Let the workers sync; return the seconds, and the largest process of each part in MB."""
    peaks = dict.fromkeys(scene.roots, 0.0)
    with open_footnote(Settings.load(scene.environ, env_file=None)) as footnote:
        began = time.monotonic()
        job = footnote.jobs.submit_sync("bench")
        while (state := footnote.records.jobs.state(job.id))[0] is not JobState.DONE:
            if state[0] is JobState.FAILED:
                sys.exit(f"the sync failed: {state[1]}")
            for name, pids in scene.roots.items():
                peaks[name] = max(peaks[name], peak_mb(pids))
            time.sleep(_LOOK_S)
        return time.monotonic() - began, peaks


def _started(make: Callable[[Path], Server], home: Path, opened: ExitStack) -> Server:
    home.mkdir()
    server = make(home)
    server.start()
    opened.callback(server.kill)
    return server


def _pid(server: Server) -> int:
    return server._process.pid if server._process else 0


def _size(place: Path | str) -> float:
    if isinstance(place, str):
        with psycopg.connect(place) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return float(found[0]) / 1e6 if found else 0.0
    if place.is_dir():
        return folder_mb(place)
    return sum(one.stat().st_size for one in place.parent.glob(f"{place.name}*")) / 1e6


_SERVERS: dict[str, Callable[[Path], Server]] = {
    "redis": redis_server,
    "postgres": postgres_server,
    "weaviate": weaviate_server,
}
_ENGINES = {"celery": celery, "work": work}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What an ingestion by several worker processes costs.")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--engines", nargs="+", choices=list(_ENGINES), default=list(_ENGINES))
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "documents"
        write_documents(folder, options.documents)
        print(f"{options.documents} documents of {SECTIONS} sections, {os.cpu_count()} cores", flush=True)
        for engine in options.engines:
            for processes in options.processes:
                measured(engine, processes, folder)


if __name__ == "__main__":
    main()
