"""
Workers that know four more kinds of jobs: `celery -A celery_jobs worker`, with this folder on the path.

`quick` ends at once, `nap` after a tenth of a second; `slow` waits until a file `go` lies in the data
folder; `poison` kills its process. Each writes one line into a file named after it when it begins.
"""

import os
import signal
import time
from collections.abc import Callable

from pipelines.domain.jobs import Lease
from pipelines.operation.working import Worker, end_job
from pipelines.wiring import Footnote
from workers.application import make_app
from workers.process import Pool


PAUSE_S, NAP_S = 0.02, 0.1


def worker(footnote: Footnote, stopping: Callable[[], bool]) -> Worker:
    """Return what does these kinds beside our own."""
    folder = footnote.settings.data_dir

    def begin(lease: Lease) -> None:
        with (folder / lease.job.kind).open("a", encoding="ascii") as file:
            file.write(f"{lease.job.id} {os.getpid()}\n")

    def quick(lease: Lease, _seconds: float) -> bool:
        return end_job(footnote.records.jobs, lease, begin)

    def nap(lease: Lease, _seconds: float) -> bool:
        time.sleep(NAP_S)
        return end_job(footnote.records.jobs, lease, begin)

    def slow(lease: Lease, _seconds: float) -> bool:
        begin(lease)
        while not (folder / "go").exists():
            if stopping():
                footnote.records.jobs.put_back(lease)
                return False
            time.sleep(PAUSE_S)
        footnote.records.jobs.finish(lease)
        return True

    def poison(lease: Lease, _seconds: float) -> bool:
        begin(lease)
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    return footnote.jobs.worker(stopping, {"quick": quick, "nap": nap, "slow": slow, "poison": poison})


app = make_app(Pool(make_worker=worker))
