"""The bases that somebody can read. Not how much they hold: that counts what this person may not read."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value
from pipelines.ports.records import Records


@dataclass(frozen=True, slots=True)
class ReadableBase(Value):
    """A base, and as of when readers see its source: ISO 8601 in UTC."""

    kb: str
    as_of: str


@dataclass(frozen=True, slots=True)
class ReadableBases(Value):
    """Bases by name."""

    bases: tuple[ReadableBase, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"bases": [asdict(one) for one in self.bases]}


def readable(footnote: Footnote, principal: Principal) -> ReadableBases:
    """Return the bases that this person can search; one without a version is none of them."""
    records = footnote.records
    scope = records.access.scope(principal)
    bases = sorted(scope.versions.items(), key=lambda one: scope.names[one[0]].casefold())
    return ReadableBases(tuple(ReadableBase(scope.names[kb], _as_of(records, kb, version)) for kb, version in bases))


def _as_of(records: Records, kb: int, version: int) -> str:
    """
    Return when the source was last seen to be as a version shows it.

    That is the end of the newest sync if it ended with this version; else, where it failed or
    readers are shown an older one, the version's own beginning.
    """
    run = records.ledger.last_run(kb)
    if run is not None and run["version"] == version:
        return str(run["ended_at"])
    return next((one.created_at for one in records.bases.versions(kb) if one.number == version), "")
