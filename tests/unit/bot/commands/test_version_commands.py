"""Versions through the commands: roll back, promote, unpin, and what is recorded of it."""

from pathlib import Path

import pytest

from bot.commands import kb, versions
from pipelines.domain.access import OPERATOR
from pipelines.errors import NotFound
from tests.fakes.installation import FakeInstallation


@pytest.fixture
def three_versions(footnote: FakeInstallation, folder: Path) -> FakeInstallation:
    """Versions 1 and 3 were promoted, 2 waits."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook")
    footnote.publish("handbook", promote=False)
    footnote.publish("handbook")
    return footnote


def test_roll_back_goes_to_the_promoted_version_before(three_versions: FakeInstallation) -> None:
    """Without a number, the version before is the one that readers saw before, never one that only waited."""
    shown = versions.roll_back(three_versions, OPERATOR, "handbook")
    assert shown.as_json() == {"kb": "handbook", "version": 1, "pinned": True}


def test_roll_back_again_finds_nothing_older(three_versions: FakeInstallation) -> None:
    """From the oldest version there is no way back, and the message says so."""
    versions.roll_back(three_versions, OPERATOR, "handbook")
    with pytest.raises(NotFound, match="handbook keeps no version before 1"):
        versions.roll_back(three_versions, OPERATOR, "handbook")


def test_a_base_without_a_version_cannot_go_back(footnote: FakeInstallation, folder: Path) -> None:
    """Before the first sync there is nothing to roll back to."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    with pytest.raises(NotFound, match="has no version yet"):
        versions.roll_back(footnote, OPERATOR, "handbook")


def test_roll_back_to_a_number(three_versions: FakeInstallation) -> None:
    """A number that was never promoted is not found, and nothing changes."""
    with pytest.raises(NotFound):
        versions.roll_back(three_versions, OPERATOR, "handbook", 2)
    assert three_versions.records.bases.get("handbook").active == 3
    assert versions.roll_back(three_versions, OPERATOR, "handbook", 1).version == 1


def test_promote_lifts_the_pin(three_versions: FakeInstallation) -> None:
    """Promoting a version that waits shows it and lets the next sync promote again."""
    versions.roll_back(three_versions, OPERATOR, "handbook")
    shown = versions.promote(three_versions, OPERATOR, "handbook", 2)
    assert (shown.version, shown.pinned) == (2, False)


def test_unpin_leaves_what_readers_see(three_versions: FakeInstallation) -> None:
    """`unpin` lifts the pin and nothing else."""
    versions.roll_back(three_versions, OPERATOR, "handbook")
    shown = versions.unpin(three_versions, OPERATOR, "handbook")
    assert (shown.version, shown.pinned) == (1, False)


def test_versions_are_listed_newest_first(three_versions: FakeInstallation) -> None:
    """The list names number, state, times and counts, and the one that readers see."""
    listed = versions.list_kept(three_versions, OPERATOR, "handbook").as_json()
    assert (listed["kb"], listed["active"], listed["pinned"]) == ("handbook", 3, False)
    assert [(one["number"], one["state"]) for one in listed["versions"]] == [
        (3, "promoted"), (2, "ready"), (1, "promoted"),
    ]  # fmt: skip
    assert set(listed["versions"][0]) == {"number", "state", "created_at", "promoted_at", "documents", "chunks"}


def test_a_swept_version_is_not_listed(footnote: FakeInstallation, folder: Path) -> None:
    """What was swept away can never be shown and so is not offered."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    base = footnote.records.bases.get("handbook")
    lease = footnote.records.jobs.lease(footnote.records.jobs.submit("sync", base.id, {}).id, "a test", 60)
    footnote.records.ledger.sweep(lease, footnote.records.ledger.begin(lease))
    assert versions.list_kept(footnote, OPERATOR, "handbook").versions == ()
