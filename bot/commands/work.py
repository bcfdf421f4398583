"""The job process as a command: take jobs, do what is due."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot.commands.authority import require_admin
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class WorkDone(Value):
    """What a job process did: jobs that ended well, that failed, and that were put back for later."""

    done: int
    failed: int
    put_back: int

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return asdict(self)


def work(
    footnote: Footnote,
    principal: Principal,
    *,
    once: bool,
    wait: Callable[[float], None],
    stopping: Callable[[], bool],
) -> WorkDone:
    """
    Take jobs and do them, until the process is asked to end, or, with `once`, until none is left.

    Args:
        footnote: the installation.
        principal: an admin.
        once: do what is due and what waits now, and no more.
        wait: waits so many seconds, or until the process is asked to end.
        stopping: says whether it was.

    """
    require_admin(principal)
    process = footnote.jobs.process(wait, stopping)
    worked = process.once() if once else process.run()
    return WorkDone(worked.done, worked.failed, worked.put_back)
