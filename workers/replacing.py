"""How soon a process of the pool that died is replaced. Knows nothing of what killed it."""

from typing import TYPE_CHECKING, Any

from celery import bootsteps


if TYPE_CHECKING:
    from celery import Celery
    from celery.apps.worker import Worker as WorkController

LOOK_AFTER_S = 0.25
"""
Seconds between two looks at the pool's processes.

The pool is told of a death when the dead one's pipe closes, which the kernel does before the
process can be waited for: a pool that looks in between finds it alive, and looks again after
5 s only. Until then the message of the dead one is held back, and its place stays empty.
"""


class Replacing(bootsteps.StartStopStep):  # type: ignore[misc] # Celery has no types
    """A step of the worker: a dead process is replaced, and its message given to another, within moments."""

    requires = ("celery.worker.components:Pool",)

    def register_with_event_loop(self, worker: "WorkController", hub: Any) -> None:  # noqa: ANN401 - Celery has no types
        """Look after the pool as long as this event loop lasts."""
        hub.call_repeatedly(LOOK_AFTER_S, worker.pool.maintain_pool)


def replace_soon(app: "Celery") -> None:
    """Let the workers of an application look after their pools."""
    app.steps["worker"].add(Replacing)
