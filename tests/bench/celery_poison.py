"""
R5: what a poison job costs two hundred others.

    python tests/bench/celery_poison.py [ROUNDS]

Two worker processes over a Redis and a SQLite of their own, warm; from the first job's beginning to the
last one's end. Each of ROUNDS (3) rounds measures once without and once with the poison job, in turns.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.domain.jobs import JobState
from tests.engines.celery_scene import CeleryScene, celery_scene, wait_until
from tests.servers import redis_server


JOBS = 200


def measured(*, poison: bool) -> float:
    """Return the seconds that two hundred jobs take."""
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        home = Path(folder)
        (home / "redis").mkdir()
        server = redis_server(home / "redis")
        server.start()
        try:
            with celery_scene(home, server.url) as scene:
                return seconds_for_all(scene, poison=poison)
        finally:
            server.kill()


def seconds_for_all(scene: CeleryScene, *, poison: bool) -> float:
    """Return the seconds that the jobs take in an installation whose worker waits for some."""
    with scene.footnote() as footnote:
        jobs = footnote.records.jobs
        worker = scene.worker(2, "celery_jobs")
        scene.beat()
        wait_until(lambda: "tidy kb=0 done" in settled(worker.told()), worker.told)
        # The oldest is taken first, so that all others meet it.
        if poison:
            jobs.submit("poison", JOBS + 1, {})
        ids = [jobs.submit("nap", kb, {}).id for kb in range(1, JOBS + 1)]
        begun = [scene.home / "data" / kind for kind in ("nap", "poison")]
        wait_until(lambda: any(file.exists() for file in begun), worker.told)
        began = time.monotonic()
        wait_until(lambda: all(jobs.state(one)[0] is JobState.DONE for one in ids[::-1]), worker.told)
        took = time.monotonic() - began
        if poison:
            wait_until(lambda: jobs.quarantined("poison", JOBS + 1) is not None, worker.told)
        return took


def settled(told: str) -> str:
    """Return a log without the figures that stand between a job and its end."""
    return " ".join(word for word in told.split() if not word.startswith("seconds="))


def main(rounds: int) -> None:
    """Print each round, and the median of their ratios."""
    ratios = []
    for _ in range(rounds):
        alone, beside = measured(poison=False), measured(poison=True)
        ratios.append(alone / beside)
        print(f"{JOBS} jobs of 0.1 s: {alone:.1f} s alone, {beside:.1f} s beside a poison job, {ratios[-1]:.0%}")
    print(f"median {statistics.median(ratios):.0%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
