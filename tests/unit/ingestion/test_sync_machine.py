"""Any order of edits, kills, roll-backs and repairs against a plain model of what readers must see."""

import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from pipelines.domain.access import OPERATOR, principal_as, rule_hash
from pipelines.domain.knowledge import VersionState
from pipelines.errors import SourceUnreadable
from pipelines.ingestion.sync import SyncParts
from pipelines.ports.chunk_index import IndexRow, TermFields
from tests.small_base import Died, Seen, SmallBase, open_parts


Readers = tuple[str, ...]
Rules = tuple[tuple[str, Readers], ...]
Edit = tuple[Any, ...]
"""The name of a method that changes the folder, and its arguments."""

Shown = tuple[str, str, Readers | None, tuple[str, ...]]
"""What a version shows of a document: title, date, readers, one text per passage."""

PATHS = ("a.md", "b.md", "hr/a.md", "hr/c.md", "it/d.md")
WORDS = ("leave", "pay", "travel", "notice")
HR, IT, EVERYONE = ("group:hr",), ("group:it",), ("everyone",)
RULES = ((), (("hr/**", HR),), (("hr/**", IT), ("**", EVERYONE)), (("a.md", HR), ("it/**", IT)))
NARROWER: tuple[frozenset[Readers], ...] = (frozenset(), frozenset({HR}), frozenset({IT}), frozenset({HR, IT}))
PEOPLE = (principal_as(["user:ben"]), principal_as(["group:hr"]), principal_as(["group:it"]))
QUESTION = " ".join(WORDS)
LAST = "ledger.finish"


@dataclass(frozen=True)
class Content:
    """What is written into a file; `paragraphs` are its passages. No paragraph is a file that cannot be read."""

    title: str
    date: str
    readers: Readers | None
    paragraphs: tuple[str, ...]

    def text(self) -> str:
        """Return the file."""
        if not self.paragraphs:
            return ""
        audience = f"audience: [{', '.join(self.readers)}]\n" if self.readers else ""
        body = "\n".join(f"## Part {at}\n\n{text}\n" for at, text in enumerate(self.paragraphs))
        return f"---\ntitle: {self.title}\ndate: {self.date}\n{audience}---\n{body}"

    def shown(self, path: str, rules: Rules) -> Shown:
        """Return what readers see of it at this path."""
        return self.title, self.date, self.readers or governed(path, rules), self.paragraphs


def governed(path: str, rules: Rules) -> Readers | None:
    """Return the readers whom the audience file names for a path, None for the base's own."""
    for pattern, readers in rules:
        if pattern in {"**", path} or (pattern.endswith("/**") and path.startswith(pattern[:-2])):
            return readers
    return None


CONTENTS = st.builds(
    Content,
    st.sampled_from(["Guide to work", "Guide to rest"]),
    st.sampled_from(["2026-01-01", "2026-02-02"]),
    st.sampled_from([None, None, HR, EVERYONE]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: tuple(f"About {one}." for one in words)),
)


_PATH = st.sampled_from(PATHS)
EDITS = st.lists(
    st.tuples(st.just("write"), _PATH, CONTENTS)
    | st.tuples(st.just("edit_metadata"), _PATH, CONTENTS)
    | st.tuples(st.just("rename"), _PATH, _PATH)
    | st.tuples(st.sampled_from(["spoil", "delete"]), _PATH)
    | st.tuples(st.just("set_rules"), st.sampled_from(RULES)),
    max_size=4,
)


@dataclass
class Model:
    """
    What must be.

    Attributes:
        versions: promoted version -> what it shows, by path.
        waiting: the version that waits since the base is pinned, if there is one.
        today: document id -> lists of readers of which each may be today's: a killed sync
            may have set the new one or not.

    """

    versions: dict[int, dict[str, Shown]] = field(default_factory=lambda: {0: {}})
    active: int = 0
    newest: int = 0
    pinned: bool = False
    waiting: tuple[int, dict[str, Shown]] | None = None
    today: dict[int, set[frozenset[Readers]]] = field(default_factory=dict)


class SyncMachine(RuleBasedStateMachine):
    """One base whose folder, versions and index are changed in any order."""

    parts: ClassVar[SyncParts]
    folders: ClassVar[Iterator[Path]]

    def __init__(self) -> None:
        super().__init__()
        folder = next(self.folders)
        folder.mkdir()
        self.base = SmallBase(self.parts, folder, folder.name)
        self.parts.records.access.set_readers(self.base.kb, EVERYONE, OPERATOR)
        self.files: dict[str, Content] = {}
        self.audience: Rules = ()
        self.model = Model()
        self.serial = 0
        self.unchecked = True
        self.write("b.md", Content("Guide to all", "2026-01-01", None, ("About pay.",)))

    def teardown(self) -> None:
        """Take the base away."""
        self.base.erase()
        shutil.rmtree(self.base.folder)

    def write(self, path: str, content: Content) -> None:
        """Add or edit a file. A serial number makes every content its own, so that no copy is taken for a rename."""
        self.serial += 1
        last = f"{content.paragraphs[-1]} Number {self.serial}."
        self.put(path, replace(content, paragraphs=(*content.paragraphs[:-1], last)))

    def edit_metadata(self, path: str, content: Content) -> None:
        """Change what is not in the text."""
        if path in self.files and self.files[path].paragraphs:
            self.put(path, replace(content, paragraphs=self.files[path].paragraphs))

    def spoil(self, path: str) -> None:
        """Let a file read as nothing."""
        self.put(path, Content("", "", None, ()))

    def rename(self, path: str, to: str) -> None:
        """Move a file to a path that is free."""
        if path in self.files and to not in self.files:
            content = self.files.pop(path)
            (self.base.folder / path).unlink()
            self.put(to, content)

    def delete(self, path: str) -> None:
        """Delete a file."""
        if self.files.pop(path, None):
            (self.base.folder / path).unlink()

    def set_rules(self, rules: Rules) -> None:
        """Change the audience file."""
        self.audience = rules
        file = self.base.folder / ".footnote.yaml"
        file.unlink(missing_ok=True)
        if rules:
            entries = ", ".join(f'{{pattern: "{pattern}", readers: [{", ".join(who)}]}}' for pattern, who in rules)
            file.write_text(f"audience: [{entries}]", encoding="utf-8")

    @rule(edits=EDITS)
    def sync(self, edits: list[Edit]) -> None:
        """Sync; a preview said before what it would do."""
        self.edit(edits)
        if not self.files and self.model.versions[self.model.newest]:
            with pytest.raises(SourceUnreadable):
                self.base.sync()
            self.model.waiting, self.unchecked = None, True
            return
        said = self.base.preview()
        done = self.base.sync()
        assert replace(done, version=said.version, duration_ms=0, promoted=False) == replace(said, duration_ms=0)
        assert done.chunks_embedded <= done.chunks_added
        self.finished(done.version)

    @rule(edits=EDITS, at=st.integers(0, 16))
    def sync_and_die(self, edits: list[Edit], at: int) -> None:
        """Die at a checkpoint of a sync, or end before it comes."""
        self.edit(edits)
        if not self.files:
            return
        passed: list[str] = []
        try:
            done = self.base.sync(die_after(at, passed))
        except Died:
            self.died(passed)
        else:
            self.finished(done.version)

    @rule(edits=EDITS)
    def haunt_and_sync(self, edits: list[Edit]) -> None:
        """Let dead workers write late, and rows get lost; the next sync makes it good."""
        index, kb, records = self.base.parts.index, self.base.kb, self.base.records
        lease = self.base.lease()
        records.ledger.sweep(lease, records.ledger.begin(lease))
        dead = [one.number for one in records.bases.versions(kb) if one.state is VersionState.SWEPT]
        rows = sorted(index.visible(kb, self.model.newest), key=repr)
        if rows:
            late = (IndexRow("e" * 32, kb, rows[0].rule, version, TermFields(("late",)), None) for version in dead)
            index.stage(list(late))
            index.retire(kb, [rows[0].chunk_id], dead[0])
            index.delete(kb, [(rows[-1].chunk_id, rows[-1].added_in)])
        self.model.waiting = None
        self.sync(edits)

    def edit(self, edits: list[Edit]) -> None:
        """Change the folder."""
        for name, *values in edits:
            getattr(self, name)(*values)

    @precondition(lambda self: self.model.newest)
    @rule(which=st.integers(0, 9))
    def roll_back(self, which: int) -> None:
        """Show an older version."""
        known = sorted(self.model.versions)[1:]
        self.model.active = known[which % len(known)]
        self.model.pinned = self.unchecked = True
        self.base.records.bases.roll_back(self.base.kb, self.model.active)

    @precondition(lambda self: self.model.newest)
    @rule(which=st.integers(0, 9))
    def promote(self, which: int) -> None:
        """Show any version that was shown before, and lift the pin."""
        known = sorted(self.model.versions)[1:]
        self.model.active = known[which % len(known)]
        self.model.pinned, self.unchecked = False, True
        self.base.records.bases.promote(self.base.kb, self.model.active)

    @rule()
    def unpin(self) -> None:
        """Let the next sync promote."""
        self.base.records.bases.unpin(self.base.kb)
        self.model.pinned = False

    @precondition(lambda self: self.model.waiting)
    @rule()
    def promote_waiting(self) -> None:
        """Show the version that waits."""
        assert self.model.waiting
        version, shown = self.model.waiting
        self.base.records.bases.promote(self.base.kb, version)
        self.model.versions[version] = shown
        self.model.active = self.model.newest = version
        self.model.pinned, self.model.waiting, self.unchecked = False, None, True

    @invariant()
    def readers_see_what_they_must(self) -> None:
        """Look at the base where something happened to it since the last look."""
        if self.unchecked:
            self.every_version_shows_what_it_must()
            self.nobody_finds_what_they_may_not()
            self.unchecked = False

    def every_version_shows_what_it_must(self) -> None:
        """Readers of any promoted version see exactly the model's documents, and find each passage once."""
        base = self.base.base
        assert (base.active, base.newest, base.pinned) == (self.model.active, self.model.newest, self.model.pinned)
        for version in {self.model.active, self.model.newest, min(self.model.versions)}:
            assert_shows(self.base.seen(version), self.model.versions[version])

    def nobody_finds_what_they_may_not(self) -> None:
        """A reader without rights gets nothing of a document, one with rights all of it."""
        lives = {
            life.path: life.document for life in self.base.records.ledger.documents(self.base.kb, self.base.base.active)
        }
        for person in PEOPLE:
            found = self.base.found(QUESTION, person)
            for path, (_, _, readers, paragraphs) in self.model.versions[self.model.active].items():
                hits = sum(one == path for one, _ in found)
                possible = [
                    admits(person.readers, {readers or EVERYONE, *one}) for one in self.model.today[lives[path]]
                ]
                allowed = {
                    len(paragraphs) if one and admits(person.readers, {readers or EVERYONE}) else 0 for one in possible
                }
                assert hits in allowed

    def put(self, path: str, content: Content) -> None:
        """Write a file."""
        self.files[path] = content
        file = self.base.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(content.text(), encoding="utf-8")

    def wanted(self) -> dict[str, Shown]:
        """Return what a sync now would show: of a file that cannot be read, what the newest version shows."""
        before = self.model.versions[self.model.newest]
        now = {path: one.shown(path, self.audience) for path, one in self.files.items() if one.paragraphs}
        return now | {path: before[path] for path, one in self.files.items() if not one.paragraphs and path in before}

    def finished(self, version: int) -> None:
        """Note a sync that ended; it left no row that the ledger does not know, in any version."""
        assert self.base.index_differs() == set()
        model, wanted = self.model, self.wanted()
        model.waiting, self.unchecked = None, True
        if version != model.newest:
            if model.pinned:
                model.waiting = (version, wanted)
            else:
                model.versions[version] = wanted
                model.newest = version
        if not model.pinned:
            model.active = model.newest
        self.note_today(version, wanted, sure=True)

    def died(self, passed: list[str]) -> None:
        """Note a sync that died."""
        wanted = self.wanted()
        if passed[-1].startswith(LAST):
            promoted = [one.number for one in self.base.records.bases.versions(self.base.kb)]
            self.finished(promoted[0] if passed[-1] == LAST else self.model.newest)
            return
        self.model.waiting, self.unchecked = None, True
        versions = [one for one in self.base.records.bases.versions(self.base.kb) if one.state is VersionState.STAGED]
        self.note_today(versions[0].number if versions else self.model.newest, wanted, sure=False)

    def note_today(self, version: int, wanted: Mapping[str, Shown], *, sure: bool) -> None:
        """Note whom the source admits to each document now, as far as it is known."""
        for life in self.base.records.ledger.documents(self.base.kb, version):
            shown, content = wanted.get(life.path), self.files.get(life.path)
            if shown is None:
                shown = self.model.versions[self.model.newest][life.path]
            known = self.model.today.get(life.document, set())
            new = {frozenset({shown[2] or EVERYONE})}
            if content is None or not content.paragraphs:
                folder = governed(life.path, self.audience)
                new = known | {one | {folder} for one in known if folder}
            self.model.today[life.document] = new if sure else known | new
        for life in self.base.records.ledger.ended(self.base.kb):
            known, folder = self.model.today[life.document], governed(life.path, self.audience)
            changed = folder and not life.reading.endswith(f":{rule_hash(folder)[:16]}")
            must = {folder} if folder and changed else set()
            # A new document that looks like it may have narrowed it too: by its readers, or by those of several.
            new = {one | must | more for one in known for more in NARROWER}
            self.model.today[life.document] = new if sure else known | new


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


def die_after(count: int, passed: list[str]) -> Callable[[str], None]:
    """Return a checkpoint that ends the work when so many were passed, and notes their names."""

    def checkpoint(name: str) -> None:
        passed.append(name)
        if len(passed) > count:
            raise Died(name)

    return checkpoint


def test_whatever_happens_every_version_is_whole(tmp_path: Path) -> None:
    """Edits, rights, kills, late writers, roll-backs: each version shows exactly what it must, to whom it may."""
    with open_parts(tmp_path) as opened:

        class Machine(SyncMachine):
            """The machine on this test's installation."""

            parts = opened
            folders = (tmp_path / f"base{number}" for number in itertools.count())

        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=32,
                stateful_step_count=12,
                deadline=None,
                derandomize=True,
                phases=(Phase.generate,),  # to make a failure smaller takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )
