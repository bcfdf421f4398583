"""What the doctor tells of chores that were set aside, and of files that wait for a sync."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli.shell import command
from bot.commands import kb
from bot.commands.checks import Check, State
from bot.commands.doctor import Surroundings, examine
from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records.jobs import worker_name
from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import CENSUS, TIDY, VACUUM, WHOLE
from pipelines.domain.job_rules import MOST_STARTS
from pipelines.domain.jobs import JobState
from pipelines.errors import TransientError
from tests.fakes.installation import FakeInstallation


DEAD = worker_name() + "0"
"""A worker of this host whose process is gone."""


class UnreadableBlobs:
    """A place of stored files that does not answer."""

    def has(self, name: str) -> bool:
        """Fail as the real ones would."""
        raise TransientError(f"{name} could not be looked for: it cannot be reached (FOOTNOTE_BLOBS)")


class CountedBlobs(FolderBlobs):
    """Stored files that count how often one was looked for."""

    looked_for = 0

    def has(self, name: str) -> bool:
        """Count and look."""
        self.looked_for += 1
        return super().has(name)


def looked_at(footnote: FakeInstallation) -> dict[str, Check]:
    """Return the checks by name."""
    surroundings = Surroundings(lambda _: 10**12)
    return {one.name: one for one in examine(footnote, OPERATOR, command, surroundings).checks}


def set_aside(footnote: FakeInstallation, kind: str, number: int) -> None:
    """Let a chore be started as often as a job may be, by workers that die."""
    jobs = footnote.records.jobs
    job = jobs.submit(kind, number, {})
    for _ in range(MOST_STARTS):
        assert jobs.take([kind], DEAD, 60)
    assert jobs.take([kind], DEAD, 60) is None
    assert jobs.state(job.id)[0] is JobState.QUARANTINED


def handed_in(footnote: FakeInstallation, blobs: FolderBlobs, names: Sequence[str]) -> int:
    """Hand files in to a base of the kind for that, and return its number."""
    base = footnote.records.bases.add("handbook", "upload", "upload:", OPERATOR)
    source = footnote.records.bases.source(base.id).id
    for name in names:
        stored = blobs.put(name.encode())
        footnote.records.uploads.put(source, name, stored, len(name), store=lambda: None)
    return base.id


@pytest.mark.parametrize("kind", [CENSUS, VACUUM, TIDY])
def test_a_chore_that_was_set_aside_is_told(footnote: FakeInstallation, folder: Path, kind: str) -> None:
    """A warning says what is not done any more, how often it was tried and by whom, and when it is tried again."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook")
    number = WHOLE if kind == TIDY else footnote.records.bases.get("handbook").id
    name = "tidy" if kind == TIDY else f"{kind} handbook"
    assert name not in looked_at(footnote)
    set_aside(footnote, kind, number)
    check = looked_at(footnote)[name]
    assert check.state is State.WARN
    assert check.message.startswith("The daily ")
    assert f"was set aside: it was started {MOST_STARTS} times" in check.message
    assert DEAD in check.message
    assert "sync again" not in check.message
    assert check.next.endswith("tried again the next day.")
    lease = footnote.records.jobs.lease(footnote.records.jobs.submit(kind, number, {}).id, "a test", 60)
    footnote.records.jobs.finish(lease)
    assert name not in looked_at(footnote)


def test_a_file_that_was_handed_in_and_lost_is_a_failure(footnote: FakeInstallation, tmp_path: Path) -> None:
    """Of what is not synced yet the stored file is looked for; the sentence names the first and counts the others."""
    footnote.blobs = blobs = FolderBlobs(tmp_path / "blobs")
    handed_in(footnote, blobs, ["a.md", "b.md", "c.md"])
    assert looked_at(footnote)["base handbook"].state is State.WARN
    for name in list(blobs.names()):
        if blobs.get(name) != b"b.md":
            blobs.delete(name)
    check = looked_at(footnote)["base handbook"]
    assert check.state is State.FAIL
    told = "handbook: the stored file of a.md and 1 other, handed in and not synced yet, is missing"
    assert check.message == told
    assert check.next.endswith("footnote kb upload handbook FILE")


def test_of_many_files_that_wait_some_are_looked_for(footnote: FakeInstallation, tmp_path: Path) -> None:
    """Each is a request to a bucket: fifty at most, and the sentence says of how many."""
    footnote.blobs = blobs = CountedBlobs(tmp_path / "blobs")
    handed_in(footnote, blobs, [f"{number:03}.md" for number in range(70)])
    assert looked_at(footnote)["base handbook"].state is State.WARN
    assert blobs.looked_for == 50
    for name in list(blobs.names()):
        blobs.delete(name)
    assert looked_at(footnote)["base handbook"].message == (
        "handbook: the stored file of 000.md and 49 others, handed in and not synced yet, is missing;"
        " looked for 50 of 70 such files"
    )


def test_a_place_of_files_that_cannot_be_read_is_told(footnote: FakeInstallation, tmp_path: Path) -> None:
    """Its own sentence is the base's."""
    blobs = FolderBlobs(tmp_path / "blobs")
    handed_in(footnote, blobs, ["a.md"])
    footnote.blobs = UnreadableBlobs()
    check = looked_at(footnote)["base handbook"]
    assert check.state is State.FAIL
    assert "FOOTNOTE_BLOBS" in check.message
