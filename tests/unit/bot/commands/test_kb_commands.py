"""Knowledge bases through the commands: only admins, and what they are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.base_words import BaseWords
from bot.cli.shell import command
from bot.commands import access, doctor, kb, sync, versions
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.knowledge import Rejection, SyncResult
from pipelines.domain.sync_parts import PartedPlan, PartFile, PartStep
from pipelines.errors import NotAllowed, NotFound, TransientError
from tests.fakes.installation import FakeInstallation


ANNA = principal_as(["user:anna"])
SURROUNDINGS = doctor.Surroundings(lambda _: 10**12)


@pytest.mark.parametrize(
    "act",
    [
        lambda it, name: kb.add(it, ANNA, name, Path()),
        lambda it, _: kb.list_all(it, ANNA),
        lambda it, name: kb.find(it, ANNA, name),
        lambda it, name: kb.status(it, ANNA, name),
        lambda it, name: kb.failed(it, ANNA, name),
        lambda it, name: kb.remove(it, ANNA, name),
        lambda it, name: sync.sync(it, ANNA, name, dry_run=False, accept_loss=False, progress=print),
        lambda it, name: versions.list_kept(it, ANNA, name),
        lambda it, name: versions.promote(it, ANNA, name, 1),
        lambda it, name: versions.roll_back(it, ANNA, name),
        lambda it, name: versions.unpin(it, ANNA, name),
        lambda it, name: access.access(it, ANNA, name, ["user:anna"]),
        lambda it, _: doctor.examine(it, ANNA, " ".join, SURROUNDINGS),
    ],
)
def test_who_is_no_admin_learns_and_changes_nothing(
    footnote: FakeInstallation, folder: Path, act: Callable[[FakeInstallation, str], object]
) -> None:
    """Every command refuses a member in the same words whether the base exists or not."""
    kb.add(footnote, OPERATOR, "secret", folder)
    with pytest.raises(NotAllowed) as there:
        act(footnote, "secret")
    with pytest.raises(NotAllowed) as not_there:
        act(footnote, "nothing")
    assert str(there.value) == str(not_there.value)
    assert footnote.records.access.readers(footnote.records.bases.get("secret").id) == ()


def test_a_new_base_is_open_to_nobody(footnote: FakeInstallation, folder: Path) -> None:
    """What `kb add` returns names the folder and no reader."""
    added = kb.add(footnote, OPERATOR, "handbook", folder)
    assert added.as_json() == {"kb": "handbook", "source": str(folder), "readers": []}


def test_bases_are_listed_by_name(footnote: FakeInstallation, folder: Path) -> None:
    """The list shows each base with its version, counts and folder."""
    for name in ("zoo", "Handbook"):
        kb.add(footnote, OPERATOR, name, folder)
    footnote.publish("zoo")
    listed = kb.list_all(footnote, OPERATOR).as_json()["bases"]
    assert [one["kb"] for one in listed] == ["Handbook", "zoo"]
    assert listed[1] == {
        "kb": "zoo", "version": 1, "pinned": False, "documents": 0, "chunks": 0, "source": str(folder)
    }  # fmt: skip


def test_the_status_of_a_base_before_its_first_sync(footnote: FakeInstallation, folder: Path) -> None:
    """Nothing synced is version 0 with nothing in it."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    assert kb.status(footnote, OPERATOR, "HANDBOOK").as_json() == {
        "kb": "handbook", "documents": 0, "chunks": 0, "version": 0, "pinned": False,
        "last_sync": None, "rejected": 0, "running": False, "progress": None, "every": None, "next_sync": None,
        "alert": None, "embedding": None,
    }  # fmt: skip


def test_the_status_tells_the_last_sync_and_its_rejections(footnote: FakeInstallation, folder: Path) -> None:
    """Files that were not taken are counted, and the newest run is told as the records know it."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook", rejected=(Rejection("a.pdf", "no text layer: scanned pages"),))
    status = kb.status(footnote, OPERATOR, "handbook")
    assert (status.version, status.rejected) == (1, 1)
    assert status.last_sync is not None
    assert status.last_sync["state"] == "done"


def test_the_status_tells_a_running_sync(footnote: FakeInstallation, folder: Path) -> None:
    """A sync that somebody does now is seen."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    job = footnote.records.jobs.submit("sync", footnote.records.bases.get("handbook").id, {})
    footnote.records.jobs.lease(job.id, "a test", 60)
    assert kb.status(footnote, OPERATOR, "handbook").running is True


def test_the_status_tells_how_far_a_large_sync_is(footnote: FakeInstallation, folder: Path) -> None:
    """Of a sync in parts the files that are done are counted, and all of them."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    records, base = footnote.records, footnote.records.bases.get("handbook")
    lease = records.jobs.lease(records.jobs.submit("sync", base.id, {}).id, "a test", 60)
    plan = PartedPlan(base.id, records.ledger.begin(lease), "1.words", 0.0)
    records.parts.put(lease, plan, [[PartFile("a.md", "added", "c")], [PartFile("b.md", "added", "c")]])
    held = records.parts.take("1.words", "another", 60)
    assert held is not None
    records.parts.stage(held, [], PartStep(1, (), 1, 0, 1))
    status = kb.status(footnote, OPERATOR, "handbook")
    assert status.as_json()["progress"] == {"done": 1, "total": 2}
    assert "A sync is running now: 1 of 2 files done." in [line.text for line in BaseWords(command).status(status)]


def test_the_status_of_a_failed_sync_says_why(footnote: FakeInstallation, folder: Path) -> None:
    """The error of the newest run is told."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.break_sync("handbook", TransientError("the disk is full"))
    last = kb.status(footnote, OPERATOR, "handbook").last_sync
    assert last is not None
    assert (last["state"], last["error"]) == ("failed", "the disk is full")


def test_rejected_files_come_with_their_reasons(footnote: FakeInstallation, folder: Path) -> None:
    """`kb failed` lists path and reason."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook", rejected=(Rejection("b.pdf", "encrypted"), Rejection("a.md", "empty")))
    assert kb.failed(footnote, OPERATOR, "handbook").as_json() == {
        "kb": "handbook",
        "rejected": [{"path": "a.md", "reason": "empty"}, {"path": "b.pdf", "reason": "encrypted"}],
        "error": None,
    }


def test_a_sync_that_failed_as_a_whole_is_told_with_the_files(footnote: FakeInstallation, folder: Path) -> None:
    """`kb failed` gives the error of the newest sync beside what an earlier one could not take."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook", rejected=(Rejection("a.md", "empty"),))
    footnote.break_sync("handbook", TransientError("the disk is full"))
    told = kb.failed(footnote, OPERATOR, "handbook").as_json()
    assert (told["error"], len(told["rejected"])) == ("the disk is full", 1)


def test_a_removed_base_is_gone(footnote: FakeInstallation, folder: Path) -> None:
    """After `kb remove` the name is unknown; an unknown name cannot be removed."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    assert kb.remove(footnote, OPERATOR, "handbook").as_json() == {"kb": "handbook", "removed": True}
    with pytest.raises(NotFound):
        kb.remove(footnote, OPERATOR, "handbook")


def test_a_sync_reports_what_it_did(footnote: FakeInstallation, folder: Path) -> None:
    """`kb sync --json` has exactly the documented fields, and progress is handed on."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    rejected = (Rejection("a.pdf", "encrypted"),)
    footnote.sync_outcomes = [SyncResult(1, 2, 3, 4, 5, 6, rejected, 7, 8, 9, 10, promoted=True, added_paths=("b.md",))]
    seen: list[object] = []
    report = sync.sync(footnote, OPERATOR, "handbook", dry_run=False, accept_loss=True, progress=seen.append)
    assert len(seen) == 1
    assert report.as_json() == {
        "version": 1, "added": 2, "changed": 3, "renamed": 4, "removed": 5, "unchanged": 6,
        "rejected": [{"path": "a.pdf", "reason": "encrypted"}],
        "chunks_added": 7, "chunks_removed": 8, "chunks_embedded": 9, "duration_ms": 10,
    }  # fmt: skip


def test_a_dry_run_is_handed_on(footnote: FakeInstallation, folder: Path) -> None:
    """`--dry-run` reaches the sync and is told in the report."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.sync_outcomes = [SyncResult(1, added=2, chunks_added=9, promoted=True)]
    report = sync.sync(footnote, OPERATOR, "handbook", dry_run=True, accept_loss=False, progress=print)
    assert (report.dry_run, report.result.promoted, report.result.chunks_added) == (True, False, 0)
