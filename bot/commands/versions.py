"""Versions of a base: which are kept, which one readers see, and the pin."""

from dataclasses import asdict, dataclass
from typing import Any

from bot import texts
from bot.commands.kb import find
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.knowledge import KnowledgeBase, Version, VersionState
from pipelines.domain.values import Value
from pipelines.errors import NotFound


@dataclass(frozen=True, slots=True)
class VersionList(Value):
    """Versions that are kept, newest first, and the one that readers see (0: none)."""

    kb: str
    active: int
    pinned: bool
    versions: tuple[Version, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {
            "kb": self.kb,
            "active": self.active,
            "pinned": self.pinned,
            "versions": [asdict(one) | {"state": str(one.state)} for one in self.versions],
        }


@dataclass(frozen=True, slots=True)
class VersionShown(Value):
    """What readers see after a change."""

    kb: str
    version: int
    pinned: bool

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "version": self.version, "pinned": self.pinned}


def list_kept(footnote: Footnote, principal: Principal, name: str) -> VersionList:
    """Return the versions that can be or could become visible; a swept one is neither."""
    base = find(footnote, principal, name)
    kept = tuple(one for one in footnote.records.bases.versions(base.id) if one.state != VersionState.SWEPT)
    return VersionList(base.name, base.active, base.pinned, kept)


def promote(footnote: Footnote, principal: Principal, name: str, version: int) -> VersionShown:
    """
    Let readers see a version, and lift the pin.

    Raises:
        NotFound: there is no such version.

    """
    base = find(footnote, principal, name)
    footnote.records.bases.promote(base.id, version)
    return _audited(footnote, principal, base, "kb promote")


def roll_back(footnote: Footnote, principal: Principal, name: str, to: int | None = None) -> VersionShown:
    """
    Let readers see an older version and pin the base.

    Args:
        footnote: the installation.
        principal: an admin.
        name: of the base.
        to: the version; None for the promoted one before the active one.

    Raises:
        NotFound: no such promoted version is kept.

    """
    base = find(footnote, principal, name)
    goal = _before_active(footnote, base) if to is None else to
    footnote.records.bases.roll_back(base.id, goal)
    return _audited(footnote, principal, base, "kb rollback")


def unpin(footnote: Footnote, principal: Principal, name: str) -> VersionShown:
    """Let the next sync promote again."""
    base = find(footnote, principal, name)
    footnote.records.bases.unpin(base.id)
    return _audited(footnote, principal, base, "kb unpin")


def _before_active(footnote: Footnote, base: KnowledgeBase) -> int:
    """Return the newest promoted version that is older than the active one."""
    for one in footnote.records.bases.versions(base.id):
        if one.state == VersionState.PROMOTED and one.number < base.active:
            return one.number
    raise NotFound(texts.nothing_older(base.name, base.active))


def _audited(footnote: Footnote, principal: Principal, before: KnowledgeBase, action: str) -> VersionShown:
    """Record what was done and return what readers see now."""
    now = footnote.records.bases.get(before.name)
    details = {"from": before.active, "to": now.active, "pinned": now.pinned}
    footnote.records.answers.audit(principal, action, now.name, details)
    return VersionShown(now.name, now.active, now.pinned)
