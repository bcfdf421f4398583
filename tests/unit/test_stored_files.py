"""Two databases over one data folder: the second installation reads, changes and deletes nothing of the first's."""

from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import TIDY, WHOLE
from pipelines.domain.retention import Retention
from pipelines.domain.schedules import DAY
from pipelines.errors import BadSettings, FootnoteError
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
    """Return every file that is kept, marks among them."""
    places = (tmp_path / "data" / "blobs", tmp_path / "data" / "uploads")
    return {file: file.read_bytes() for place in places for file in place.rglob("*") if file.is_file()}


def tidy(footnote: Footnote, clock: ManualClock) -> None:
    """Tidy up on two days."""
    for _ in range(2):
        lease = footnote.records.jobs.lease(footnote.records.jobs.submit(TIDY, WHOLE, {}).id, "a test", LEASE_S)
        chores = Chores(
            footnote.records,
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


def without_marks(tmp_path: Path) -> None:
    """Leave the data folder as an earlier version did."""
    for place in ("blobs", "uploads"):
        (tmp_path / "data" / place / "installation").unlink()


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("marked", [True, False])
def test_a_second_database_deletes_nothing_of_the_first(tmp_path: Path, clock: ManualClock, *, marked: bool) -> None:
    """However often it tidies up, and whatever it is asked: refused in a sentence with place and settings."""
    if not marked:
        without_marks(tmp_path)
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
    """Its first base would have the number of the first's: it cannot be added, synced, handed to or removed."""
    if not marked:
        without_marks(tmp_path)
    before = stored(tmp_path)
    told = r"/data/uploads .*another installation.*DATABASE_URL.*FOOTNOTE_DATA_DIR"
    with installation(tmp_path, "second", clock) as second:
        with pytest.raises(BadSettings, match=told):
            second.add_base("mine", "upload:", OPERATOR)
        assert second.records.bases.all() == ()
    assert stored(tmp_path) == before


@pytest.mark.parametrize("marked", [True, False])
def test_a_base_that_was_added_before_the_folders_were_mixed_reads_nothing(
    tmp_path: Path, clock: ManualClock, first: Footnote, *, marked: bool
) -> None:
    """Records with an `upload:` base of number 1 get neither the first's files nor its place, and delete nothing."""
    if not marked:
        without_marks(tmp_path)
    with installation(tmp_path / "elsewhere", "second", clock) as second:
        mine = second.records.bases.add("mine", "upload", "upload:", OPERATOR)
        address = second.settings.database_url
    before = stored(tmp_path)
    environ = {"FOOTNOTE_DATA_DIR": str(first.settings.data_dir), "FOOTNOTE_EMBEDDER": "none", "DATABASE_URL": address}
    with Footnote(Settings.load(environ, env_file=None), clock) as mixed:
        uses = (
            lambda: mixed.source_reader(mine.id),
            lambda: mixed.upload("mine", [tmp_path / "secret.md"], OPERATOR),
            lambda: mixed.sources.forget(mixed.records.bases.source(mine.id)),
            lambda: mixed.sync("mine"),
            lambda: mixed.remove_base("mine", OPERATOR),
        )
        for use in uses:
            with pytest.raises(FootnoteError, match="another installation"):
                use()
    assert stored(tmp_path) == before


def test_a_data_folder_of_an_earlier_version_stays_its_own(tmp_path: Path, clock: ManualClock, first: Footnote) -> None:
    """Records that know its files claim it, and tidy up as before: only what nothing refers to for a day."""
    without_marks(tmp_path)
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
    assert [(tmp_path / "data" / place / "installation").read_text() for place in ("blobs", "uploads")] == [own, own]
    assert first.settings.data_dir == tmp_path / "data"


def test_an_empty_place_is_claimed_only_when_something_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    """A look makes nothing."""
    with installation(tmp_path, "first", clock) as footnote:
        footnote.check_stored_files()
        assert not (tmp_path / "data" / "blobs").exists()
        assert not (tmp_path / "data" / "uploads").exists()
