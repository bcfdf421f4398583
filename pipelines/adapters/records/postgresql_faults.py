"""
What PostgreSQL's faults mean, as one sentence with the setting that mends it.

A fault while connecting has no code, only words, and these may be in the server's
language: what is not recognised is told as it came.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import URL

from pipelines.adapters.records.backend import Locked, Waits
from pipelines.errors import BadInput, BadSettings, FootnoteError, StorageDamaged, TransientError


_ADDRESS = "(DATABASE_URL)"


@dataclass(frozen=True, slots=True)
class _Case:
    """What a sentence may speak of: the server, its address, our limits and the server's own words."""

    server: str
    url: URL
    waits: Waits
    reason: str


_Sentence = Callable[[_Case], FootnoteError]


def told(server: str, url: URL, waits: Waits, state: str | None, reason: str, *, lost: bool) -> FootnoteError:
    """
    Return a fault in our words.

    Args:
        server: how messages name the server.
        url: its address.
        waits: our limits.
        state: SQLSTATE; None where the server gave none.
        reason: the server's or the driver's words, without the password.
        lost: the connection is gone.

    """
    case = _Case(server, url, waits, reason)
    if state is not None:
        return _by_state(state)(case)
    if "NUL (0x00)" in reason:
        return BadInput("a text holds the character NUL, which PostgreSQL does not store")
    if lost:
        return _lost(case)
    return next((said for word, said in _BY_WORDS.items() if word in reason), _unreachable)(case)


def _by_state(state: str) -> _Sentence:
    return _BY_STATE.get(state) or _BY_CLASS.get(state[:2]) or _other


def _lost(case: _Case) -> FootnoteError:
    return TransientError(f"the connection to {case.server} was lost ({case.reason}): try again {_ADDRESS}")


def _unreachable(case: _Case) -> FootnoteError:
    return TransientError(f"{case.server} cannot be reached ({case.reason}): start it, or correct DATABASE_URL")


def _starting(case: _Case) -> FootnoteError:
    return TransientError(f"{case.server} is starting or stopping: try again in a minute {_ADDRESS}")


def _refused(case: _Case) -> FootnoteError:
    return BadSettings(f"{case.server} refused the account {case.url.username!r}: check user and password {_ADDRESS}")


def _no_database(case: _Case) -> FootnoteError:
    return BadSettings(f"{case.server} has no database {case.url.database!r}: create it, or name another {_ADDRESS}")


def _full_house(case: _Case) -> FootnoteError:
    advice = "raise its max_connections, or lower FOOTNOTE_POSTGRES__POOL"
    return TransientError(f"{case.server} has no free connection {_ADDRESS}: {advice}")


def _read_only(case: _Case) -> FootnoteError:
    return TransientError(f"{case.server} can only be read, as a replica can: name its primary {_ADDRESS}")


def _disk_full(case: _Case) -> FootnoteError:
    return TransientError(f"the disk of {case.server} is full: free space on it and try again {_ADDRESS}")


def _no_memory(case: _Case) -> FootnoteError:
    return TransientError(f"{case.server} has no memory left ({case.reason}): try again {_ADDRESS}")


def _locked(case: _Case) -> FootnoteError:
    limit = f"{case.waits.lock_seconds:g} s (FOOTNOTE_POSTGRES__LOCK_SECONDS)"
    return Locked(f"rows in {case.server} were locked by another process for more than {limit}: try again")


def _took_too_long(case: _Case) -> FootnoteError:
    limit = f"{case.waits.statement_seconds:g} s (FOOTNOTE_POSTGRES__STATEMENT_SECONDS)"
    return TransientError(f"{case.server} was stopped in one statement, the limit is {limit}: try again")


def _was_idle(case: _Case) -> FootnoteError:
    limit = f"{case.waits.idle_seconds:g} s (FOOTNOTE_POSTGRES__IDLE_SECONDS)"
    return TransientError(f"{case.server} ended a transaction in which this process was silent for {limit}: try again")


def _conflict(case: _Case) -> FootnoteError:
    return TransientError(f"two processes got into each other's way in {case.server}, nothing was written: try again")


def _no_rights(case: _Case) -> FootnoteError:
    advice = "make it the database's owner, or grant it the rights"
    return BadSettings(f"the account {case.url.username!r} lacks rights on {case.server} ({case.reason}): {advice}")


def _no_schema(case: _Case) -> FootnoteError:
    return BadSettings(f"{case.server} has no schema to keep the records in: name one in search_path {_ADDRESS}")


def _bad_text(case: _Case) -> FootnoteError:
    return BadInput(f"{case.server} does not store a text or number that was given ({case.reason})")


def _not_ours(case: _Case) -> FootnoteError:
    where = f"database {case.url.database!r} of {case.server}"
    return StorageDamaged(f"{where} lacks what this Footnote made ({case.reason}): restore it from a backup")


def _damaged(case: _Case) -> FootnoteError:
    return StorageDamaged(f"{case.server} reports damage ({case.reason}): restore its database from a backup")


def _other(case: _Case) -> FootnoteError:
    return StorageDamaged(f"{case.server} answered: {case.reason}")


_BY_STATE: Mapping[str, _Sentence] = {
    "25006": _read_only,
    "25P03": _was_idle,
    "3D000": _no_database,
    "3F000": _no_schema,
    "40001": _conflict,
    "40P01": _conflict,
    "42501": _no_rights,
    "42P01": _not_ours,
    "42703": _not_ours,
    "53100": _disk_full,
    "53200": _no_memory,
    "53300": _full_house,
    "55P03": _locked,
    "57014": _took_too_long,
    "57P03": _starting,
    "58030": _damaged,
}
_BY_CLASS: Mapping[str, _Sentence] = {
    "08": _lost,
    "22": _bad_text,
    "28": _refused,
    "57": _lost,
    "XX": _damaged,
}
_BY_WORDS: Mapping[str, _Sentence] = {
    "too many clients": _full_house,
    "too many connections": _full_house,
    "remaining connection slots": _full_house,
    "permission denied": _no_rights,
    "password authentication failed": _refused,
    "no password supplied": _refused,
    "pg_hba.conf": _refused,
    'role "': _refused,
    'database "': _no_database,
    "starting up": _starting,
    "shutting down": _starting,
    "recovery": _starting,
    "not yet accepting": _starting,
}
"""Words of a fault while connecting, the first that fits."""
