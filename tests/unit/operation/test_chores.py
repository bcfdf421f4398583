"""What is done once a day: on a real index, real records and real files."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.deliveries import Delivery, DeliveryKind
from pipelines.domain.job_kinds import CENSUS, SYNC, TIDY, VACUUM, WHOLE
from pipelines.domain.jobs import JobState
from pipelines.domain.schedules import DAY
from pipelines.operation import chores
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from tests.fakes.manual_clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def footnote(tmp_path: Path, clock: ManualClock) -> Iterator[Footnote]:
    """An installation by words only that keeps two versions for a day."""
    environ = {
        "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
        "FOOTNOTE_EMBEDDER": "none",
        "FOOTNOTE_RETENTION__DAYS": "1",
        "FOOTNOTE_RETENTION__VERSIONS": "2",
    }
    opened = Footnote(Settings.load(environ, env_file=None), clock)
    with opened:
        (tmp_path / "docs").mkdir()
        opened.add_base("handbook", tmp_path / "docs", OPERATOR)
        yield opened


def write(tmp_path: Path, text: str) -> None:
    """Let the base's one document be this text."""
    (tmp_path / "docs" / "a.md").write_text(text, encoding="utf-8")


def work(footnote: Footnote, kind: str, kb: int) -> JobState:
    """Do one chore as a worker does, and return how it ended."""
    job = footnote.records.jobs.submit(kind, kb, {})
    footnote.jobs.worker(lambda: False).work(60)
    return footnote.records.jobs.state(job.id)[0]


def files(footnote: Footnote) -> int:
    """Return how many files are stored."""
    return sum(1 for _ in footnote.blobs.names())


def test_rows_and_files_of_old_versions_go(footnote: Footnote, clock: ManualClock, tmp_path: Path) -> None:
    """The index holds what two versions show, and the third version's files go after two looks a day apart."""
    kb = footnote.records.bases.get("handbook").id
    for text in ("# One", "# Two", "# Three"):
        write(tmp_path, f"{text}\n\nParents take leave.\n")
        footnote.sync("handbook")
        clock.advance(2 * DAY)
    assert (footnote.index.count(kb), files(footnote)) == (3, 6)
    assert work(footnote, VACUUM, kb) is JobState.DONE
    assert [one.number for one in footnote.records.bases.versions(kb)] == [3, 2]
    assert footnote.index.count(kb) == 2
    for left in (6, 4):
        assert work(footnote, TIDY, WHOLE) is JobState.DONE
        assert files(footnote) == left
        clock.advance(DAY)
    footnote.records.bases.roll_back(kb, 2)
    assert footnote.sync("handbook").unchanged == 1


def test_a_vacuum_waits_for_a_sync(footnote: Footnote, clock: ManualClock, tmp_path: Path) -> None:
    """It fails for now, and is due again soon."""
    kb = footnote.records.bases.get("handbook").id
    write(tmp_path, "Parents take leave.\n")
    footnote.sync("handbook")
    footnote.records.schedules.add_chores((VACUUM,), (), DAY)
    footnote.records.jobs.lease(footnote.records.jobs.submit(SYNC, kb, {}).id, "another-host:1:1", 10_000)
    clock.advance(2 * DAY)
    footnote.records.jobs.lease(footnote.records.jobs.submit(SYNC, kb, {}).id, "another-host:1:1", 10 * DAY)
    assert [one.kind for one in footnote.records.schedules.submit_due()] == [VACUUM]
    assert work(footnote, VACUUM, kb) is JobState.FAILED
    clock.advance(600)
    assert [one.kind for one in footnote.records.schedules.submit_due()] == [VACUUM]


def test_a_census_lets_a_sync_repair_what_was_lost(
    footnote: Footnote, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What the index lost is told and comes back; where nothing is lost, no sync is asked for."""
    kb = footnote.records.bases.get("handbook").id
    write(tmp_path, "Parents take leave.\n")
    footnote.sync("handbook")
    assert work(footnote, CENSUS, kb) is JobState.DONE
    assert footnote.records.jobs.waiting() == {}
    footnote.index.drop(kb)
    with caplog.at_level(logging.WARNING):
        assert work(footnote, CENSUS, kb) is JobState.DONE
    assert "the index differs from the records" in caplog.text
    assert footnote.index.count(kb) == 1


def test_leftovers_of_killed_writers_go(footnote: Footnote, clock: ManualClock, tmp_path: Path) -> None:
    """A day later, and not those of a writer that is at it."""
    write(tmp_path, "Parents take leave.\n")
    footnote.sync("handbook")
    folder = next((footnote.settings.data_dir / "blobs").iterdir())
    now = clock.now().timestamp()
    for name, age in {".new-old": DAY + 60, ".new-young": DAY - 60}.items():
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (now - age, now - age))
    work(footnote, TIDY, WHOLE)
    assert [one.name for one in folder.glob(".new-*")] == [".new-young"]


def test_what_a_removed_base_left_is_erased(footnote: Footnote) -> None:
    """Also when the process that removed it was killed."""
    kb = footnote.records.bases.get("handbook").id
    footnote.records.bases.hide(kb)
    work(footnote, TIDY, WHOLE)
    assert footnote.records.bases.hidden() == ()


def test_old_deliveries_of_chat_platforms_go(
    footnote: Footnote, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a week, however many they are; what nobody dealt with stays, and so does what is younger."""
    monkeypatch.setattr(chores, "_AT_ONCE", 2)
    deliveries = footnote.records.deliveries
    deliveries.accept([delivered(f"old:{number}") for number in range(5)])
    for _ in range(5):
        end_next(footnote)
    deliveries.accept([delivered("waits")])
    clock.advance(DAY)
    deliveries.accept([delivered("young", "teams")])
    end_next(footnote, "teams")
    clock.advance(6 * DAY - 1)
    assert work(footnote, TIDY, WHOLE) is JobState.DONE
    assert deliveries.find("old:0") is not None
    clock.advance(2)
    assert work(footnote, TIDY, WHOLE) is JobState.DONE
    keys = [*(f"old:{number}" for number in range(5)), "waits", "young"]
    assert [key for key in keys if deliveries.find(key) is not None] == ["waits", "young"]


def delivered(key: str, platform: str = "slack") -> Delivery:
    """Return a delivery that waits for none."""
    return Delivery(key, platform, DeliveryKind.NEW, "", "{}")


def end_next(footnote: Footnote, platform: str = "slack") -> None:
    """Deal with the oldest delivery of a platform that waits."""
    lease = footnote.records.deliveries.take(platform, "another-host:1:1", 60)
    assert lease is not None
    footnote.records.deliveries.finish(lease)
