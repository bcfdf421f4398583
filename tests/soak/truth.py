"""What readers of the sync machine's base must see, kept beside what the installation says, and compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.domain.access import principal_as, rule_hash
from pipelines.domain.knowledge import DocumentVersion, Version, VersionState
from pipelines.domain.retention import Retention
from pipelines.domain.schedules import DAY
from tests.small_base import Seen, SmallBase
from tests.soak.content import EVERYONE, HR, IT, QUESTION, Folder, Intent, Readers, Shown, governed
from tests.soak.places import Place


NARROWER: tuple[frozenset[Readers], ...] = (frozenset(), frozenset({HR}), frozenset({IT}), frozenset({HR, IT}))
PEOPLE = (principal_as(["user:ben"]), principal_as(["group:hr"]), principal_as(["group:it"]))
RETENTION = Retention(days=1, versions=1)


@dataclass
class Truth:
    """
    What must be, of one base.

    Attributes:
        versions: promoted version that is kept -> what it shows, by path; before the first, nothing.
        promoted_at: the same -> when readers saw it first.
        waiting: the version that waits since the base is pinned, if there is one.
        planned: the version that is under way in parts, and what its sync saw; None if there is none.
        today: document id -> lists of readers of which each may be today's: a killed sync
            may have set the new one or not.
        readers: of the base.
        oldest: no row that ended with this version, or before, is seen by anybody.

    """

    place: Place
    base: SmallBase
    folder: Folder
    versions: dict[int, dict[str, Shown]] = field(default_factory=lambda: {0: {}})
    promoted_at: dict[int, datetime] = field(default_factory=dict)
    active: int = 0
    newest: int = 0
    pinned: bool = False
    waiting: tuple[int, dict[str, Shown]] | None = None
    planned: tuple[int, Intent] | None = None
    today: dict[int, set[frozenset[Readers]]] = field(default_factory=dict)
    readers: Readers = EVERYONE
    oldest: int = 0
    turn: int = 0

    def ended(self, version: int, *, looked: bool = True) -> None:
        """
        Note a sync that ended well with this version.

        Args:
            version: what it told.
            looked: it looked at the folder as it is now; otherwise it only ended what another began.

        """
        before = self._settle()
        now = self.folder.intent()
        if looked:
            latest = self.waiting[1] if self.waiting else self.versions[self.newest]
            assert latest == now.shown(before), (latest, now.shown(before))
            told = {one.path for one in self.base.records.ledger.rejections(self.base.kb)}
            assert told == now.unreadable()
        assert version == (self.waiting[0] if self.waiting else self.newest)
        if not self.pinned:
            assert self.base.base.active == self.newest
            self.active = self.newest
        assert self.planned is None
        self._note_today(version, [now], sure=looked)
        self.index_holds_the_ledger()

    def interrupted(self) -> None:
        """Note a sync that died, was refused or left its work to another: all it did is whole, or unseen."""
        self._settle()
        shown = self.base.base.active
        assert shown in {self.active, self.active if self.pinned else self.newest}
        self.active = shown
        staged = [one.number for one in self._stored() if one.state is VersionState.STAGED]
        intents = [self.folder.intent(), *([self.planned[1]] if self.planned else [])]
        self._note_today(staged[0] if staged else self.newest, intents, sure=False)

    def _settle(self) -> dict[str, Shown]:
        """Note which versions were promoted, or wait; return what the newest one showed when the source was seen."""
        versions, before, now = self._stored(), self.versions[self.newest], self.folder.intent()
        for one in sorted(versions, key=lambda each: each.number):
            if one.number > self.newest and one.state is VersionState.PROMOTED:
                assert not self.pinned
                before, intended = self.versions[self.newest], self._intended(one.number, now)
                self._promote(one.number, intended.shown(before))
                self.active = one.number
                # What another sync saw came before what this one saw.
                before = before if intended is now else self.versions[one.number]
        self.waiting = self._waits([one.number for one in versions if one.state is VersionState.READY], now)
        plan = self.place.plan(self.base.kb)
        if plan is None:
            self.planned = None
        elif self.planned is None or self.planned[0] != plan:
            self.planned = (plan, now)
        return before

    def _waits(self, ready: Sequence[int], now: Intent) -> tuple[int, dict[str, Shown]] | None:
        assert len(ready) <= 1
        if not ready:
            return None
        if self.waiting and self.waiting[0] == ready[0]:
            return self.waiting
        assert self.pinned
        return ready[0], self._intended(ready[0], now).shown(self.versions[self.newest])

    def _intended(self, version: int, now: Intent) -> Intent:
        if self.planned and self.planned[0] == version:
            self._note_today(version, [self.planned[1]], sure=False)
            return self.planned[1]
        return now

    def _promote(self, version: int, shown: dict[str, Shown]) -> None:
        self.versions[version] = shown
        self.promoted_at[version] = self.place.clock.now()
        self.newest = version

    def promoted(self, version: int) -> None:
        """Note that an admin let readers see a version, and lifted the pin."""
        if self.waiting and self.waiting[0] == version:
            self._promote(*self.waiting)
            self.waiting = None
        self.active, self.pinned = version, False

    def vacuumed(self) -> None:
        """Note that versions which are not kept were deleted; those that must be kept are there."""
        kept = self._kept()
        self.oldest = min(kept, default=0)
        self.versions = {0: {}} | {number: shown for number, shown in self.versions.items() if number >= self.oldest}
        promoted = {one.number for one in self._stored() if one.state is VersionState.PROMOTED}
        assert promoted == self.versions.keys() - {0}
        known = {life.document for life in self.base.records.ledger.ended(self.base.kb)}
        for version in promoted:
            known |= {life.document for life in self.base.records.ledger.documents(self.base.kb, version)}
        staged = [one.number for one in self._stored() if one.number > self.newest]
        for version in staged:
            known |= {life.document for life in self.base.records.ledger.documents(self.base.kb, version)}
        self.today = {document: lists for document, lists in self.today.items() if document in known}

    def _kept(self) -> set[int]:
        """Return the active version, the newest ones, and those that were the newest within the last days."""
        numbers = sorted(self.versions.keys() - {0})
        kept = set(numbers[-RETENTION.versions :]) | ({self.active} - {0})
        since = self.place.clock.now().timestamp() - RETENTION.days * DAY
        for number, successor in zip(numbers, [*numbers[1:], None], strict=False):
            if successor is None or self.promoted_at[successor].timestamp() > since:
                kept.add(number)
        return kept

    def index_holds_the_ledger(self) -> None:
        """No row is in one only, but those that a vacuum which died has left and nobody sees."""
        index, ledger = self.place.index(self.base.kb), self.place.ledger(self.base.kb)
        assert ledger - index == set()
        assert {row for row in index - ledger if row[2] > self.oldest} == set()

    def every_version_shows_what_it_must(self) -> None:
        """Readers of any promoted version see exactly the documents that they must, and find each passage once."""
        base, self.turn = self.base.base, self.turn + 1
        assert (base.active, base.newest, base.pinned) == (self.active, self.newest, self.pinned)
        others = sorted(self.versions)
        for version in {self.active, others[self.turn % len(others)]}:
            assert_shows(self.base.seen(version), self.versions[version])

    def nobody_finds_what_they_may_not(self) -> None:
        """A reader without rights gets nothing of a document, one with rights all of it."""
        lives = {life.path: life.document for life in self.base.records.ledger.documents(self.base.kb, self.active)}
        person = PEOPLE[self.turn % len(PEOPLE)]
        found = self.base.found(QUESTION, person)
        for path, (_, _, readers, paragraphs) in self.versions[self.active].items():
            hits = sum(one == path for one, _ in found)
            own = {readers or EVERYONE, self.readers}
            may = {admits(person.readers, own | today) for today in self.today[lives[path]]}
            assert hits in {len(paragraphs) if one else 0 for one in may}

    def _stored(self) -> Sequence[Version]:
        return self.base.records.bases.versions(self.base.kb)

    def _note_today(self, version: int, intents: Sequence[Intent], *, sure: bool) -> None:
        """Note whom the source admits to each document now, as far as it is known."""
        for life in self.base.records.ledger.documents(self.base.kb, version):
            known, new = self.today.get(life.document, set()), set[frozenset[Readers]]()
            for intent in intents:
                new |= self._lists(life, intent, known)
            self.today[life.document] = new if sure else known | new
        for life in self.base.records.ledger.ended(self.base.kb):
            known, new = self.today.get(life.document, set()), set()
            for intent in intents:
                folder = governed(life.path, intent.audience)
                changed = folder and not life.reading.endswith(f":{rule_hash(folder)[:16]}")
                must = {folder} if folder and changed else set()
                # A new document that looks like it may have narrowed it too: by its readers, or by those of several.
                new |= {one | must | more for one in known for more in NARROWER}
            self.today[life.document] = new if sure else known | new

    def _lists(self, life: DocumentVersion, intent: Intent, known: set[frozenset[Readers]]) -> set[frozenset[Readers]]:
        newest = self.versions[self.newest]
        content, shown = intent.files.get(life.path), intent.shown(newest).get(life.path, newest.get(life.path))
        if content is None or not content.paragraphs:
            folder = governed(life.path, intent.audience)
            own = {frozenset({shown[2] or EVERYONE})} if shown and not known else set()
            return known | own | {one | {folder} for one in known if folder}
        return {frozenset({content.readers or governed(life.path, intent.audience) or EVERYONE})}


def admits(person: frozenset[str], lists: set[Readers]) -> bool:
    """Say whether a person satisfies every list."""
    return all(person & set(one) for one in lists)


def assert_shows(seen: Seen, wanted: Mapping[str, Shown]) -> None:
    """Compare documents, and rows: one per passage, under the document's own rule."""
    assert {
        path: (one.title, one.date, one.readers, tuple(passage.text for passage in one.passages))
        for path, one in seen.documents.items()
    } == wanted
    assert sorted(seen.rows, key=repr) == sorted(
        ((path, ordinal, one[2]) for path, one in wanted.items() for ordinal in range(len(one[3]))), key=repr
    )
