"""A look at a source: what it lists, and who may read that, against the newest promoted version. Writes nothing."""

import hashlib
from collections.abc import Callable

from pipelines.domain.knowledge import KnowledgeBase
from pipelines.domain.losses import needs_consent
from pipelines.domain.reading import Rejected
from pipelines.errors import SourceUnreadable
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.planning import Plan, plan_sync
from pipelines.ports.records import Records
from pipelines.ports.source_reader import SourceFile, SourceReader


_LOST = "lost"
"""Stands for the reading of a life whose stored files are gone, so that its file is read again."""


class SourceLook:
    """
    Looks at one source. What it finds of its audience file, `lives` is ruled by from then on.

    Attributes:
        listed: path -> (SHA-256 of the bytes, their length) of what the last look found.

    """

    def __init__(self, records: Records, reader: SourceReader, lives: LifeReader) -> None:
        self._records = records
        self._reader = reader
        self._lives = lives
        self.listed: dict[str, tuple[str, int]] = {}

    def plan(self, base: KnowledgeBase, renew: Callable[[], None]) -> Plan:
        """
        List the source and compare; a source that cannot be listed changes nothing.

        Raises:
            SourceUnreadable: it, or its audience file, cannot be read as a whole.

        """
        listing = {}
        seen: dict[str, SourceFile] = {}
        for file in self._reader.list(renew):
            found = file.rejected or file.content_hash or self._reader.fetch(file.path)
            listing[file.path] = hashed = _hashed(found)
            if isinstance(hashed, str):
                self.listed[file.path] = hashed, len(found) if isinstance(found, bytes) else file.size
            if file.address or file.date:
                seen[file.path] = file
            renew()
        # After the listing: a rule that was written before a file is known when the file is seen.
        self._lives.rule_by(self._reader.audience_rules())
        readings = {path: self._lives.reading(path) for path in listing}
        lives = tuple(self._records.ledger.documents(base.id, base.newest))
        for life in lives:
            if not self._lives.stored(life):
                readings[life.path] = _LOST
            renew()
        return plan_sync(listing, lives, readings, self._records.ledger.gone(base.id), seen)

    def rules_hold(self) -> bool:
        """Say whether the audience file still says what `lives` is ruled by."""
        try:
            return self._reader.audience_rules() == self._lives.rules
        except SourceUnreadable:
            return False

    def require_consent(self, base: KnowledgeBase, plan: Plan) -> None:
        """
        Refuse a plan that takes so much from readers that a person must say that it is right.

        Raises:
            SourceUnreadable: the source lost much, or all; a drive that is not there lists no document either.

        """
        lost, stays = len(plan.removed), len(plan.unchanged) + len(plan.files)
        before = lost + len(plan.unchanged) + sum(one.previous is not None for one in plan.files)
        if not needs_consent(before=before, lost=lost, stays=stays):
            return
        location = self._records.bases.source(base.id).location
        raise SourceUnreadable(
            f"{location!r} lacks {lost} of the {before} documents of {base.name}, so nothing is removed: look whether"
            f" it is the right place; if it is, sync it again with --accept-loss"
        )


def _hashed(found: bytes | str | Rejected) -> str | Rejected:
    """Return the hash of bytes; a hash that the source knows, or a refusal, as it is."""
    return hashlib.sha256(found).hexdigest() if isinstance(found, bytes) else found
