"""How Celery's workers run: every setting with its unit and its reason. Measured in docs/operator.md's terms."""

from typing import Any

from pipelines.adapters.celery_queue import VISIBILITY_S, queue_settings
from workers.schedule import schedule


SOFT_LIMIT_S = 3600
"""
A task that is still at work is told to end.

Looks end after 200 s, but for three steps that are not cut: listing a source (a large
site or a first fetch takes half an hour), ending the rows of removed documents, and
comparing the index with the records. After a listing, files are kept for 100 s at least.
"""

HARD_LIMIT_S = 3660
"""A task that does not end is killed with its process, before its message is given to another worker (4,000 s)."""

LOOK_S = 200.0
"""How long a task takes jobs before it lets go, so that a worker can be stopped and messages do not age."""


def worker_settings(url: str, *, tick_s: int) -> dict[str, Any]:
    """Return the settings of workers and of beat."""
    visibility = {"visibility_timeout": VISIBILITY_S}
    return queue_settings(url) | {
        # Acknowledged when it is done: a message whose worker was killed is given to another one ...
        "task_acks_late": True,
        # ... also where only the pool's child died, which Celery would otherwise count as done. What kills its
        # worker each time is set aside by the count of starts in the records.
        "task_reject_on_worker_lost": True,
        # Together with the transport's own option: of three places the shortest counts.
        "visibility_timeout": VISIBILITY_S,
        "result_backend_transport_options": visibility,
        # Time limits work in processes only, and a parser's memory goes back with its process.
        "worker_pool": "prefork",
        # A look lasts; a message that a busy process holds beside it would wait.
        "worker_prefetch_multiplier": 1,
        # What leaks somewhere is bounded.
        "worker_max_tasks_per_child": 200,
        "task_soft_time_limit": SOFT_LIMIT_S,
        "task_time_limit": HARD_LIMIT_S,
        # After a second signal: a task has so long to end before its message goes back.
        "worker_soft_shutdown_timeout": 20.0,
        "worker_enable_soft_shutdown_on_idle": False,
        # A lost connection ends no task: leases, not messages, say who works on a job.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        # Redis may be away for days: the workers wait for it.
        "broker_connection_max_retries": None,
        # Our own lines: with job ids, and without texts of documents.
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # No events: nothing listens, and they name arguments.
        "worker_send_task_events": False,
        "task_send_sent_event": False,
        "enable_utc": True,
        "timezone": "UTC",
        "beat_schedule": schedule(tick_s),
        # In memory: what is due stands in the records, and a file would be one more thing to lose.
        "beat_scheduler": "celery.beat:Scheduler",
        # Beat looks at its clock at least so often (seconds), so that it ends soon when it is told to.
        "beat_max_loop_interval": 5,
    }
