"""One file of a source to a document's new life: read, stored, ruled, chunked."""

import hashlib
from collections.abc import Callable

from pipelines.domain.access import PUBLIC, narrowed, rule_hash
from pipelines.domain.knowledge import DocumentVersion, KnowledgeBase
from pipelines.domain.reading import Read, Rejected
from pipelines.errors import NotFound, StorageDamaged
from pipelines.ingestion.audience import Rules, folder_readers
from pipelines.ingestion.planning import PlannedFile
from pipelines.ingestion.preparing import document_key, document_title, prepare
from pipelines.ingestion.staging import NewLife
from pipelines.ports.blobs import Blobs
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.records import Records


UNKNOWN_RULE = -1
"""Stands for a rule that would have to be made, where nothing may be written."""


class LifeReader:
    """Reads the files of one base. With `store` it keeps bytes and texts, and makes rules."""

    def __init__(
        self,
        records: Records,
        parser: DocumentParser,
        blobs: Blobs,
        fetch: Callable[[str], bytes | Rejected],
        *,
        kb: int,
        generation: str,
    ) -> None:
        """
        Take the parts.

        Args:
            records: where rules and earlier lives are.
            parser: reads.
            blobs: where bytes and texts are kept.
            fetch: gives the bytes of the file at a path, or why they cannot be had.
            kb: the base.
            generation: how documents are read now.

        """
        self._records = records
        self._parser = parser
        self._blobs = blobs
        self._fetch = fetch
        self._kb = kb
        self._generation = generation
        self._source = records.bases.source(kb)
        self._rules: Rules = ()
        self._rule_ids: dict[tuple[str, ...], int] = {}
        self._narrowed_ids: dict[tuple[int, tuple[str, ...]], int] = {}

    @property
    def rules(self) -> Rules:
        """(pattern, readers) of the source's audience file."""
        return self._rules

    def rule_by(self, rules: Rules) -> None:
        """Let documents be governed by an audience file; before that nothing may be ruled."""
        self._rules = rules

    def reading(self, path: str) -> str:
        """Return how a file would be read now: generation, and the audience of its folder."""
        readers = folder_readers(path, self._rules)
        return self._generation if readers is None else f"{self._generation}:{rule_hash(readers)[:16]}"

    def stored(self, life: DocumentVersion) -> bool:
        """Say whether the bytes and the text of a life are still there."""
        return self._blobs.has(life.content_hash) and self._blobs.has(life.text_hash)

    def read(self, planned: PlannedFile, base: KnowledgeBase, *, store: bool) -> NewLife | Rejected:
        """Return the new life of a file, or why it is not taken."""
        data = self._fetch(planned.path)
        if isinstance(data, Rejected):
            return data
        read = self._parser.parse(planned.path, data)
        if isinstance(read, Rejected):
            return read
        text = read.text.encode()
        hashes = (self._keep(data, store=store), self._keep(text, store=store))
        return self._new_life(planned, read, base, hashes, self._rule(planned.path, read, base, store=store))

    def read_again(self, life: DocumentVersion) -> NewLife | Rejected:
        """Return a life as it was read, from its stored bytes, with all of its chunks new."""
        read = self._parser.parse(life.path, self._blobs.get(life.content_hash))
        if isinstance(read, Rejected):
            return read
        chunks = prepare(self._kb, self._source.id, life.key, life.title, read, generation=self._generation)
        return NewLife(life.document, None, life, chunks, ())

    def narrowed_rule(self, path: str, life: DocumentVersion, base: KnowledgeBase) -> int:
        """
        Return today's rule of a life whose file cannot be read, or is gone.

        Where its folder's audience is another one than when it was read, only those may
        go on reading whom both today's rule and the folder admit: what the file itself
        would say is not known.
        """
        readers = folder_readers(path, self._rules)
        if readers is None or _folder_part(life.reading) == _folder_part(self.reading(path)):
            return life.rule_today
        return self._narrowed(life.rule_today, readers, base)

    def common_rule(self, one: int, other: int, base: KnowledgeBase) -> int:
        """Return the rule of those who satisfy both rules."""
        return one if other == base.default_rule else self._narrowed(one, self._rule_readers(other), base)

    def lines(self, life: DocumentVersion) -> frozenset[int]:
        """Return a hash of each line of a life's stored text; none if the text is gone, so that nobody sees it."""
        try:
            text = self._blobs.get(life.text_hash).decode()
        except (NotFound, StorageDamaged):
            return frozenset()
        return frozenset(hash(line.strip()) for line in text.splitlines() if line.strip())

    def _narrowed(self, rule: int, readers: tuple[str, ...], base: KnowledgeBase) -> int:
        key = (rule, readers)
        if key not in self._narrowed_ids:
            today = (PUBLIC,) if rule == base.default_rule else self._rule_readers(rule)
            self._narrowed_ids[key] = self._records.access.rule(self._kb, narrowed(today, readers))
        return self._narrowed_ids[key]

    def _rule_readers(self, rule: int) -> tuple[str, ...]:
        return self._records.access.rule_readers(rule)

    def _keep(self, data: bytes, *, store: bool) -> str:
        return self._blobs.put(data) if store else hashlib.sha256(data).hexdigest()

    def _new_life(
        self, planned: PlannedFile, read: Read, base: KnowledgeBase, hashes: tuple[str, str], rule: int
    ) -> NewLife:
        previous = planned.previous
        document = previous.document if previous else None
        key = previous.key if previous else document_key(self._source.id, planned.path, base.newest)
        if planned.returning:
            document, key = planned.returning
        title = document_title(planned.path, read)
        life = DocumentVersion(
            id=0,
            document=document or 0,
            key=key,
            path=planned.path,
            title=title,
            author=read.author,
            date=read.date or planned.date,
            content_hash=hashes[0],
            text_hash=hashes[1],
            rule=rule,
            rule_today=rule,
            reading=self.reading(planned.path),
            address=planned.address,
        )
        chunks = prepare(self._kb, self._source.id, key, title, read, generation=self._generation)
        living = self._records.ledger.living_chunks(previous.document, base.newest) if previous else ()
        return NewLife(document, previous, life, chunks, living)

    def _rule(self, path: str, read: Read, base: KnowledgeBase, *, store: bool) -> int:
        """Return the rule that governs a document: its own list, its folder's, or the base's default."""
        readers = read.audience if read.audience is not None else folder_readers(path, self._rules)
        if readers is None:
            return base.default_rule
        if readers not in self._rule_ids:
            access = self._records.access
            known = access.rule(self._kb, readers) if store else access.known_rule(self._kb, readers)
            if known is None:
                return UNKNOWN_RULE
            self._rule_ids[readers] = known
        return self._rule_ids[readers]


def _folder_part(reading: str) -> str:
    """Return the part of a reading that names the audience of its folder."""
    return reading.partition(":")[2]
