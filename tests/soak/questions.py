"""Questions among syncs, promotions, roll-backs and changes of rights: what each answer may cite, and what it did."""

import random
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.lives import select_lives
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Principal
from pipelines.domain.knowledge import VersionState
from pipelines.errors import NotFound
from pipelines.ingestion.equipment import Cut, SyncParts
from tests.remembering import ANNA, BEN, ROOMS, Remembering, write_room
from tests.small_base import SmallBase
from tests.soak.turns import Stepped, Turns


PEOPLE = (ANNA, BEN, principal_as(["group:it"]), OPERATOR)
READERS = (["everyone"], ["group:hr"], ["user:ben"], ["group:it", "user:anna"])
FOLDERS = ("", "hr")
NAMES = ROOMS[:3]
CHANGES = 12
SYNCS = 0.4
"""Share of the syncs among the changes."""

QUESTIONS = tuple(f"Where are the {one} and the {other}?" for one in NAMES for other in NAMES if one < other)


@dataclass(frozen=True)
class State:
    """
    What the records said at a moment.

    Attributes:
        active: base -> version that readers see.
        promoted: base -> versions that may be shown.
        lives: base -> (id, path, first version, version that ends it, rules that govern it).
        readers: rule -> its readers.

    """

    active: Mapping[str, int]
    promoted: Mapping[str, frozenset[int]]
    lives: Mapping[str, Mapping[int, tuple[int, int, tuple[int, ...]]]]
    readers: Mapping[int, frozenset[str]]

    def shows(self, answer: Answer, who: Principal) -> bool:
        """Say whether all that an answer cites could be shown to this person at this moment."""
        return all(self._may(one.kb, one.version, one.document_version, who) for one in answer.citations)

    def _may(self, base: str, version: int, life: int, who: Principal) -> bool:
        if version not in self.promoted[base] or life not in self.lives[base]:
            return False
        added, removed, rules = self.lives[base][life]
        return added <= version < removed and (who.admin or all(self.readers[one] & who.readers for one in rules))


@dataclass
class Asked:
    """
    An answer, and to whom.

    Attributes:
        first: the state when it was asked.
        confirmed: the state when its evidence was confirmed last; None where that is not known.
        last: the state when it was answered.

    """

    answer: Answer
    who: Principal
    first: int
    confirmed: int | None
    last: int

    def moments(self) -> range:
        """Return the states of which one must allow all that is cited."""
        if self.confirmed is None:
            return range(self.first, self.last + 1)
        return range(self.confirmed, self.confirmed + 1)


@dataclass
class Told:
    """What a run came to."""

    answers: int = 0
    cited: int = 0
    changed: int = 0
    several: int = 0

    def __add__(self, other: "Told") -> "Told":
        """Return the figures of both."""
        return Told(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Told)))


@dataclass
class Scene:
    """
    Two bases of an installation, what happens to them, and what is asked meanwhile.

    Attributes:
        parts: of the installation, as they are: for looks at the truth.
        folder: where the documents' folders are made.
        chance: decides what happens.
        tag: part of the bases' names.

    """

    parts: SyncParts
    folder: Path
    chance: random.Random
    tag: str = ""
    states: list[State] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make two bases of two versions."""
        self.bases = [self._base(f"{name}{self.tag}") for name in ("north", "south")]
        for base in self.bases:
            self.parts.records.access.set_readers(base.kb, ["everyone"], OPERATOR)
            for number, name in enumerate(NAMES):
                write_room(base, name, number)
            base.sync()
            write_room(base, self.chance.choice(NAMES), 9)
            base.sync()
        self.look()

    def _base(self, name: str) -> SmallBase:
        place = self.folder / name
        place.mkdir(parents=True)
        return SmallBase(self.parts, place, name)

    def remove(self) -> None:
        """Take the bases away."""
        for base in self.bases:
            base.erase()
            shutil.rmtree(base.folder)

    def through(self, parts: SyncParts) -> list[SmallBase]:
        """Return the bases as somebody sees them who works with these parts."""
        seen = []
        for base in self.bases:
            other = SmallBase.__new__(SmallBase)
            other.parts, other.folder, other.name, other.kb = parts, base.folder, base.name, base.kb
            seen.append(other)
        return seen

    def edit(self, base: SmallBase) -> None:
        """Change a document, where it stands, or who may read a folder."""
        chance, name = self.chance, self.chance.choice(NAMES)
        what = chance.randrange(5)
        if what == 0:
            (base.folder / f"{name}.md").unlink(missing_ok=True)
        if what == 1:
            listed = ", ".join(f'"{one}"' for one in chance.choice(READERS))
            (base.folder / ".footnote.yaml").write_text(f'audience: [{{pattern: "hr/**", readers: [{listed}]}}]')
        write_room(base, name, chance.randrange(9), within=chance.choice(FOLDERS))

    def rule_or_version(self, base: SmallBase) -> None:
        """Do what an admin does: rights, roll-back, promotion, pin."""
        chance, bases = self.chance, base.records.bases
        what = chance.randrange(5)
        with suppress(NotFound):
            if what in (0, 1):
                base.records.access.set_readers(base.kb, chance.choice(READERS), OPERATOR)
            elif what == 2:
                bases.roll_back(base.kb, chance.randint(1, 4))
            elif what == 3:
                bases.promote(base.kb, chance.randint(1, 4))
            else:
                bases.unpin(base.kb)

    def look(self) -> None:
        """Note what the records say now."""
        records = self.parts.records
        assert isinstance(records, SqlRecords)
        kbs = {base.kb: base.name for base in self.bases}
        b, v, dv = t.bases.c, t.versions.c, t.document_versions.c
        with records._db.read() as c:
            bases = c.execute(sa.select(b.id, b.active, b.default_rule).where(b.id.in_(kbs))).all()
            promoted = c.execute(sa.select(v.kb, v.number).where(v.kb.in_(kbs), v.state == VersionState.PROMOTED)).all()
            lives = c.execute(select_lives().where(dv.kb.in_(kbs))).mappings().all()
            named = c.execute(
                sa.select(t.rule_readers.c.rule, t.rule_readers.c.reader)
                .join(t.rules, t.rules.c.id == t.rule_readers.c.rule)
                .where(t.rules.c.kb.in_(kbs))
            ).all()
            rules = c.scalars(sa.select(t.rules.c.id).where(t.rules.c.kb.in_(kbs))).all()
        default = {row.id: row.default_rule for row in bases}
        readers = {rule: frozenset(one.reader for one in named if one.rule == rule) for rule in rules}
        found: dict[str, dict[int, tuple[int, int, tuple[int, ...]]]] = {name: {} for name in kbs.values()}
        for row in lives:
            governing = (row["rule"], row["rule_today"], default[row["kb"]])
            found[kbs[row["kb"]]][row["id"]] = row["added_in"], row["removed_in"], governing
        self.states.append(
            State(
                {kbs[row.id]: row.active for row in bases},
                {name: frozenset(row.number for row in promoted if row.kb == kb) for kb, name in kbs.items()},
                found,
                readers,
            )
        )

    def check(self) -> Told:
        """Hold each answer against what could be shown between question and answer; return what was seen."""
        told = Told()
        for one in self.asked:
            answer, while_asked = one.answer, self.states[one.first : one.last + 1]
            versions: dict[str, set[int]] = {}
            for cited in answer.citations:
                versions.setdefault(cited.kb, set()).add(cited.version)
                self._is_verbatim(cited.document_version, cited.start, cited.end, cited.quote)
            assert all(len(each) == 1 for each in versions.values()), versions
            for base, (version,) in versions.items():
                assert version in {state.active[base] for state in while_asked}, (base, version)
            assert any(self.states[at].shows(answer, one.who) for at in one.moments()), (answer, one.who)
            told += Told(1, bool(answer.citations), one.last > one.first, len(answer.citations) > 1)
        return told

    def _is_verbatim(self, life: int, start: int, end: int, quote: str) -> None:
        found = self.parts.records.ledger.lives([life])
        if life in found:
            text = self.parts.blobs.get(found[life].text_hash).decode()
            assert text[start:end] == quote


def interleave(parts: SyncParts, folder: Path, number: int) -> tuple[Told, int]:
    """
    Let a sync, an admin and two people who ask take turns at every call of records, index and files.

    Returns:
        what was seen, and how many turns there were.

    Raises:
        AssertionError: an answer cites what it must not.

    """
    chance = random.Random(number)
    scene = Scene(parts, folder, chance, f"-{number}")
    records = parts.records
    assert isinstance(records, SqlRecords)
    commits = 0

    def committed(_connection: object) -> None:
        nonlocal commits
        commits += 1

    seen = 0

    def before() -> None:
        nonlocal seen
        if commits != seen:
            seen = commits
            scene.look()

    turns = Turns(chance, before)
    engine = records._db._engine
    sa.event.listen(engine, "commit", committed)
    try:
        turns.run(list(_works(scene, turns, MemoryAnswerCache(SystemClock(), max_bytes=10**6))))
    finally:
        sa.event.remove(engine, "commit", committed)
    told = scene.check()
    scene.remove()
    return told, turns.turns


def _works(scene: Scene, turns: Turns, cache: MemoryAnswerCache) -> Iterator[Callable[[], None]]:
    chance, bases = scene.chance, scene.through(_stepped(scene, turns, lambda _: None))

    def sync() -> None:
        for _ in range(3):
            base = chance.choice(bases)
            scene.edit(base)
            base.sync()

    def administer() -> None:
        for _ in range(12):
            scene.rule_or_version(chance.choice(bases))
            for _ in range(chance.randint(0, 12)):
                turns.point()

    def ask() -> None:
        moment = 0

        def told(name: str) -> None:
            nonlocal moment
            # Nobody else runs now, and the state was noted before this turn began.
            moment = len(scene.states) - 1 if name == "confirm" else moment

        asking = Remembering(scene.through(_stepped(scene, turns, told))[0], cache, wait_seconds=0)
        for _ in range(3):
            who, question, first = chance.choice(PEOPLE), chance.choice(QUESTIONS), len(scene.states) - 1
            answer = asking.ask(question, who)
            scene.asked.append(Asked(answer, who, first, moment, len(scene.states) - 1))

    yield from (sync, administer, ask, ask)


def _stepped(scene: Scene, turns: Turns, told: Callable[[str], None]) -> SyncParts:
    """Return the parts with a point at each call."""
    parts = scene.parts
    stepped: Any = replace(
        parts,
        records=Stepped(parts.records, turns.point, told),
        index=Stepped(parts.index, turns.point),
        blobs=Stepped(parts.blobs, turns.point),
        cut=scene.chance.choice([Cut(), Cut(inline=0, files=1)]),
    )
    return stepped  # type: ignore[no-any-return]


def at_once(parts: SyncParts, folder: Path, number: int) -> Told:
    """
    Let four people ask while one worker syncs and an admin changes rights and versions, in threads as they come.

    What happens to the bases is done by one thread, which notes the state after each change;
    a question that is asked during a change may see the state before it or the one after.

    Raises:
        AssertionError: an answer cites what it must not.

    """
    scene = Scene(parts, folder, random.Random(number), f"-{number}")
    cache = MemoryAnswerCache(SystemClock(), max_bytes=10**6)
    changing, ended = threading.Event(), threading.Event()

    def ask(seed: int) -> list[Asked]:
        chance, asking, found = random.Random(seed), Remembering(scene.bases[0], cache), []
        while not ended.is_set():
            who, question, first = chance.choice(PEOPLE), chance.choice(QUESTIONS), len(scene.states) - 1
            answer = asking.ask(question, who)
            during = changing.is_set()
            found.append(Asked(answer, who, first, None, len(scene.states) - 1 + during))
        return found

    with ThreadPoolExecutor(4) as pool:
        askers = [pool.submit(ask, 10 * number + each) for each in range(4)]
        try:
            for _ in range(CHANGES):
                base = scene.chance.choice(scene.bases)
                changing.set()
                if scene.chance.random() < SYNCS:
                    scene.edit(base)
                    base.sync()
                else:
                    scene.rule_or_version(base)
                scene.look()
                changing.clear()
        finally:
            ended.set()
        scene.asked = [one for asker in askers for one in asker.result()]
    told = scene.check()
    scene.remove()
    return told
