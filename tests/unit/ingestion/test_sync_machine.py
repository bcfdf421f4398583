"""Any order of edits, kills, parts, roll-backs and deletions: a short run of what `make soak` runs for long."""

from pathlib import Path

import pytest

from tests.soak.places import in_files
from tests.soak.running import run_machine


@pytest.mark.timeout(600)
def test_whatever_happens_every_version_is_whole(tmp_path: Path) -> None:
    """Edits, rights, kills, late writers, roll-backs: each version shows exactly what it must, to whom it may."""
    run_machine(in_files(tmp_path), cases=8, steps=30)
