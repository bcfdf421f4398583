"""Questions among syncs, promotions, roll-backs and changes of rights, in five hundred orders."""

from pathlib import Path

import pytest

from tests.small_base import open_parts
from tests.soak.questions import Told, interleave
from tests.soak.sizes import INTERLEAVINGS


pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]


def test_no_order_lets_an_answer_cite_what_it_must_not(tmp_path: Path) -> None:
    """Whoever takes a turn at whichever call: citations are of one version a base that was active, and readable."""
    told = Told()
    with open_parts(tmp_path) as parts:
        for number in range(INTERLEAVINGS):
            told += interleave(parts, tmp_path / "documents", number)[0]
    assert told.answers == 6 * INTERLEAVINGS
    assert told.changed > 0.5 * told.answers
