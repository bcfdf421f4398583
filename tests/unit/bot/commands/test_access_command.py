"""Readers through the command: normalised, sorted, idempotent, refused whole."""

from pathlib import Path

import pytest

from bot.commands import kb
from bot.commands.access import access
from pipelines.domain.access import OPERATOR
from pipelines.errors import BadInput
from tests.fakes.installation import FakeInstallation


@pytest.fixture
def handbook(footnote: FakeInstallation, folder: Path) -> FakeInstallation:
    """One base."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    return footnote


def test_readers_are_let_in_and_taken_out(handbook: FakeInstallation) -> None:
    """Readers are normalised and sorted; letting in twice or taking out a stranger changes nothing."""
    access(handbook, OPERATOR, "handbook", ["group:hr", "Everyone", "everyone"])
    after = access(handbook, OPERATOR, "handbook", ["USER: anna"], ["everyone", "user:nobody"])
    assert after.as_json() == {"kb": "handbook", "readers": ["group:hr", "user:anna"]}
    assert access(handbook, OPERATOR, "handbook").readers == ("group:hr", "user:anna")


def test_one_bad_reader_changes_nothing(handbook: FakeInstallation) -> None:
    """A list with a reader that is none is refused whole."""
    with pytest.raises(BadInput, match="'hr' is not a reader"):
        access(handbook, OPERATOR, "handbook", ["everyone", "hr"])
    assert access(handbook, OPERATOR, "handbook").readers == ()


def test_a_contradiction_is_refused(handbook: FakeInstallation) -> None:
    """A reader who is let in and taken out at once is a mistake, and nothing changes."""
    with pytest.raises(BadInput, match="group:hr stands in both"):
        access(handbook, OPERATOR, "handbook", ["group:hr"], ["Group:hr"])
    assert access(handbook, OPERATOR, "handbook").readers == ()
