"""A worker that helps with another one's sync names it in what it writes."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import SYNC
from pipelines.domain.jobs import Lease
from pipelines.ingestion.sync import Sync
from pipelines.operation.logs import LogLines
from pipelines.operation.working import Worked
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from pipelines.work import help_with_syncs


if TYPE_CHECKING:
    from pipelines.domain.sync_parts import PartLease

ELSEWHERE = "another-host:1:1"
DOCUMENTS = 40
"""More than one part."""


@pytest.fixture
def footnote(tmp_path: Path) -> Iterator[Footnote]:
    """Return an installation by words only with a base that is synced in parts."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_EMBEDDER": "none"}
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number:02}.md").write_text(f"# Leave {number}\n\nGroup {number} takes leave.\n", encoding="utf-8")
    with Footnote(Settings.load(environ, env_file=None)) as opened:
        opened.add_base("other", folder, OPERATOR)
        opened.add_base("handbook", folder, OPERATOR)
        yield opened


@pytest.fixture
def lease(footnote: Footnote) -> Lease:
    """Return another worker's lease on a sync that it has planned, and of which no part is done."""
    base = footnote.records.bases.get("handbook")
    held = footnote.records.jobs.lease(footnote.records.jobs.submit(SYNC, base.id, {}).id, ELSEWHERE, 600)
    sync = Sync(footnote.sync_parts, base, footnote.source_reader(base.id), worker=ELSEWHERE)
    assert sync.go_on(held, 0.0) is None
    assert footnote.records.parts.waiting() == 2
    return held


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Return what the workers of this process write into their log."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(LogLines())
    log = logging.getLogger("pipelines.operation")
    log.addHandler(handler)
    yield text
    log.removeHandler(handler)


def test_a_fault_while_helping_names_the_job(footnote: Footnote, lease: Lease, written: io.StringIO) -> None:
    """As lines of whoever holds the job do; what is written afterwards names no job."""
    for file in (footnote.settings.data_dir / "blobs").rglob("*"):
        if file.is_file():
            file.unlink()
    assert footnote.jobs.worker(lambda: False).work(60) == Worked()
    (line,) = written.getvalue().splitlines()
    named = f" WARNING pipelines.operation.working job={lease.job.id} kind=sync kb={lease.job.kb} could not help"
    assert named in line
    assert "job=" not in LogLines().format(logging.makeLogRecord({"msg": "later"}))


def test_a_fault_between_two_parts_names_no_job(footnote: Footnote, lease: Lease) -> None:
    """A part that is done is at hand no longer."""
    told: list[PartLease | None] = []
    assert help_with_syncs(footnote.sync_parts, worker=worker_name(), at_hand=told.append) == DOCUMENTS
    assert [one and one.job for one in told] == [lease.job.id, None] * 2
