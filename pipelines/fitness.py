"""Whether this machine can do jobs as it is set up: when a process begins, and before each job. Mends nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipelines.domain.job_kinds import SYNC
from pipelines.errors import PermanentError, TransientError, Unfit


if TYPE_CHECKING:
    from pipelines.wiring import Footnote


def check_before_work(footnote: "Footnote") -> tuple[str, ...]:
    """
    Look whether jobs can be done here; nothing is written, and this process may fork afterwards.

    Returns:
        what is away for now, a sentence each: it comes back by itself.

    Raises:
        BadSettings: the clock, the folder of the index or of the stored files, a key or an address is wrong.
        StorageDamaged: the index is another program's, release's or installation's.
        TransientError: the records do not answer.

    """
    footnote.records.require_same_time()
    looks = {**_folders(footnote), "the index answers": footnote.check_index_server}
    return tuple(f"syncs fail until {until}: {fault}" for until, fault in _away(looks))


def require_fit(footnote: "Footnote", kind: str) -> None:
    """
    Look whether a job of this kind can be begun here; what is away for now is left to the job, which ends with it.

    Raises:
        Unfit: no job can be.

    """
    looks = _folders(footnote)
    if kind == SYNC:
        # They are made once.
        looks["what a sync needs is there"] = lambda: footnote.sync_parts
    try:
        _away(looks)
    except PermanentError as fault:
        raise Unfit(str(fault)) from fault


def _folders(footnote: "Footnote") -> dict[str, Callable[[], object]]:
    return {
        "the data folder can be read": footnote.indexes.check_folder,
        "the stored files can be reached": footnote.check_stored_files,
    }


def _away(looks: dict[str, Callable[[], object]]) -> list[tuple[str, TransientError]]:
    """Look at everything, and return what is away."""
    found = []
    for until, look in looks.items():
        try:
            look()
        except TransientError as fault:
            found.append((until, fault))
    return found
