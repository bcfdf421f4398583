"""Two databases over one data folder: the second installation reads, changes and deletes nothing of the first's."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import TIDY, WHOLE
from pipelines.domain.jobs import Lease
from pipelines.domain.retention import Retention
from pipelines.domain.schedules import DAY
from pipelines.errors import BadSettings
from pipelines.operation.chores import LEASE_S, Chores
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from tests.fakes.manual_clock import ManualClock


def installation(tmp_path: Path, database: str, clock: ManualClock) -> Footnote:
    """Return an installation over the one data folder with records of its own, by words only."""
    environ = {
        "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
        "FOOTNOTE_EMBEDDER": "none",
        "DATABASE_URL": f"sqlite:///{tmp_path}/{database}.db",
    }
    return Footnote(Settings.load(environ, env_file=None), clock)


def stored(tmp_path: Path) -> dict[Path, bytes]:
    """Return every file that is kept, the mark among them."""
    place = tmp_path / "data" / "blobs"
    return {file: file.read_bytes() for file in place.rglob("*") if file.is_file()}


@dataclass
class InterruptedRecords:
    """
    Records in which something happens between two steps of whoever deletes files.

    Attributes:
        records: the records themselves, or a part of them.
        meanwhile: what happens once it was found that nobody needs some files.

    """

    records: Any
    meanwhile: Callable[[], object]

    def __getattr__(self, name: str) -> Any:
        """Return a part of the records."""
        return getattr(self.records, name)

    @property
    def retention(self) -> "InterruptedRecords":
        """Return what may be deleted."""
        return InterruptedRecords(self.records.retention, self.meanwhile)

    @property
    def bases(self) -> "InterruptedRecords":
        """Return the bases."""
        return InterruptedRecords(self.records.bases, self.meanwhile)

    def orphans(self, lease: Lease, names: Collection[str], seconds: float) -> tuple[str, ...]:
        """Return the files that nobody needs, and let something happen."""
        return self._found(self.records.orphans(lease, names, seconds))

    def own_blobs(self, kb: int) -> tuple[str, ...]:
        """Return the files that only this base needs, and let something happen."""
        return self._found(self.records.own_blobs(kb))

    def _found(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if names:
            self.meanwhile()
        return names


def tidy(footnote: Footnote, clock: ManualClock, records: Any = None) -> None:
    """Tidy up on two days."""
    for _ in range(2):
        lease = footnote.records.jobs.lease(footnote.records.jobs.submit(TIDY, WHOLE, {}).id, "a test", LEASE_S)
        chores = Chores(
            records or footnote.records,
            lambda: footnote.index,
            lambda: footnote.blobs,
            clock=clock,
            retention=Retention(30, 3),
            erase_removed=footnote.erase_removed,
        )
        try:
            chores.tidy(lease)
        finally:
            footnote.records.jobs.finish(lease)
            clock.advance(DAY)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def first(tmp_path: Path, clock: ManualClock) -> Footnote:
    """An installation with a file that was handed in and synced."""
    (tmp_path / "secret.md").write_text("# Salaries\n\nThe salary of the director is secret.\n", encoding="utf-8")
    with installation(tmp_path, "first", clock) as footnote:
        footnote.add_base("board", "upload:", OPERATOR)
        footnote.upload("board", [tmp_path / "secret.md"], OPERATOR)
        assert footnote.sync("board").added == 1
    return footnote


def without_mark(tmp_path: Path) -> None:
    """Leave the data folder as an earlier version did."""
    (tmp_path / "data" / "blobs" / "installation").unlink()


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("marked", [True, False])
def test_a_second_database_deletes_nothing_of_the_first(tmp_path: Path, clock: ManualClock, *, marked: bool) -> None:
    """However often it tidies up, and whatever it is asked: refused in a sentence with place and settings."""
    if not marked:
        without_mark(tmp_path)
    before = stored(tmp_path)
    with installation(tmp_path, "second", clock) as second:
        for _ in range(3):
            with pytest.raises(BadSettings, match=r"/data/blobs .*another installation.*DATABASE_URL.*DATA_DIR"):
                tidy(second, clock)
        with pytest.raises(BadSettings, match=r"/data/blobs .*another installation"):
            second.check_stored_files()
    assert stored(tmp_path) == before


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("marked", [True, False])
def test_a_second_database_reads_no_file_that_was_handed_in_to_the_first(
    tmp_path: Path, clock: ManualClock, *, marked: bool
) -> None:
    """Its first source has the number of the first's: it has no files, and takes none among those of another."""
    if not marked:
        without_mark(tmp_path)
    before = stored(tmp_path)
    with installation(tmp_path, "second", clock) as second:
        mine = second.add_base("mine", "upload:", OPERATOR)
        assert list(second.source_reader(mine.id).list()) == []
        uses = (
            lambda: second.upload("mine", [tmp_path / "secret.md"], OPERATOR),
            lambda: second.blobs.get(hashlib.sha256((tmp_path / "secret.md").read_bytes()).hexdigest()),
        )
        for use in uses:
            with pytest.raises(BadSettings, match=r"/data/blobs .*another installation.*DATABASE_URL.*DATA_DIR"):
                use()
    assert stored(tmp_path) == before


@pytest.mark.parametrize("synced", [True, False])
def test_what_was_handed_in_is_kept_until_it_is_taken_away(
    tmp_path: Path, clock: ManualClock, first: Footnote, *, synced: bool
) -> None:
    """However often the installation tidies up, whether a sync read it or not; afterwards its versions keep it."""
    (tmp_path / "kept.md").write_text("# Kept\n\nThis stays.\n", encoding="utf-8")
    (tmp_path / "short.md").write_text("# Short\n\nThis does not stay.\n", encoding="utf-8")
    with Footnote(first.settings, clock) as footnote:
        footnote.upload("board", [tmp_path / "kept.md", tmp_path / "short.md"], OPERATOR)
        if synced:
            assert footnote.sync("board").added == 2
        before = stored(tmp_path)
        for _ in range(3):
            tidy(footnote, clock)
        assert stored(tmp_path) == before
        footnote.sources.uploads(footnote.records.bases.source(1)).remove("short.md")
        tidy(footnote, clock)
        gone = set(before) - set(stored(tmp_path))
    assert [before[one] for one in gone] == ([] if synced else [(tmp_path / "short.md").read_bytes()])


def test_a_file_that_is_handed_in_while_it_is_deleted_is_kept(
    tmp_path: Path, clock: ManualClock, first: Footnote
) -> None:
    """It was found that nobody needs these bytes; then somebody hands them in, before they are deleted."""
    files = ("again.md", "secret.md")
    (tmp_path / "again.md").write_text("# Again\n\nThis comes back.\n", encoding="utf-8")
    with Footnote(first.settings, clock) as footnote:
        own = footnote.sources.uploads(footnote.records.bases.source(1))
        own.take(tmp_path / "again.md")
        own.remove("again.md")
        tidy(footnote, clock, InterruptedRecords(footnote.records, lambda: own.take(tmp_path / "again.md")))
        assert [own.fetch(one.path) for one in own.list()] == [(tmp_path / name).read_bytes() for name in files]


def test_a_file_that_is_handed_in_while_a_base_with_it_is_erased_is_kept(
    tmp_path: Path, clock: ManualClock, first: Footnote
) -> None:
    """It was found that no other base has these bytes; then they are handed in to another one."""
    with Footnote(first.settings, clock) as footnote:
        other = footnote.add_base("other", "upload:", OPERATOR)
        own = footnote.sources.uploads(footnote.records.bases.source(other.id))
        # The records are a part that is made once; what is set first stays.
        vars(footnote)["records"] = InterruptedRecords(footnote.records, lambda: own.take(tmp_path / "secret.md"))
        footnote.remove_base("board", OPERATOR)
        assert [own.fetch(one.path) for one in own.list()] == [(tmp_path / "secret.md").read_bytes()]


def test_the_files_of_a_removed_base_are_erased_at_once(tmp_path: Path, clock: ManualClock, first: Footnote) -> None:
    """Those that were synced and those that were not; what another base was given as well stays, and can be read."""
    (tmp_path / "new.md").write_text("# New\n\nNobody read this.\n", encoding="utf-8")
    with Footnote(first.settings, clock) as footnote:
        footnote.upload("board", [tmp_path / "new.md"], OPERATOR)
        footnote.add_base("other", "upload:", OPERATOR)
        footnote.upload("other", [tmp_path / "secret.md"], OPERATOR)
        footnote.remove_base("board", OPERATOR)
        files = [data for file, data in stored(tmp_path).items() if file.name != "installation"]
        assert files == [(tmp_path / "secret.md").read_bytes()]
        assert footnote.sync("other").added == 1


def test_a_data_folder_of_an_earlier_version_stays_its_own(tmp_path: Path, clock: ManualClock, first: Footnote) -> None:
    """Records that know its files claim it, and tidy up as before: only what nothing refers to for a day."""
    without_mark(tmp_path)
    before = stored(tmp_path)
    stray = tmp_path / "data" / "blobs" / "00" / ("0" * 64)
    stray.parent.mkdir(exist_ok=True)
    stray.touch()
    (tmp_path / "more.md").write_text("# More\n\nMore of it.\n", encoding="utf-8")
    with installation(tmp_path, "first", clock) as again:
        again.check_stored_files()
        assert again.sync("board").unchanged == 1
        again.upload("board", [tmp_path / "more.md"], OPERATOR)
        assert again.sync("board").added == 1
        tidy(again, clock)
        own = again.records.installation
    after = stored(tmp_path)
    assert stray not in after
    assert before.items() < after.items()
    assert (tmp_path / "data" / "blobs" / "installation").read_text() == own
    assert first.settings.data_dir == tmp_path / "data"


def test_an_empty_place_is_claimed_only_when_something_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    """A look makes nothing."""
    with installation(tmp_path, "first", clock) as footnote:
        footnote.check_stored_files()
        assert not (tmp_path / "data" / "blobs").exists()
        footnote.add_base("board", "upload:", OPERATOR)
        assert not (tmp_path / "data" / "blobs").exists()
