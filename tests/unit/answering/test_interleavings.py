"""Questions among syncs, promotions, roll-backs and changes of rights: a few of the orders that `make soak` tries."""

from pathlib import Path

import pytest

from tests.small_base import open_parts
from tests.soak.questions import Told, interleave


@pytest.mark.timeout(600)
def test_an_answer_is_of_one_version_and_of_what_its_reader_may_read(tmp_path: Path) -> None:
    """Whoever takes a turn at whichever call: citations are of one version a base that was active, and readable."""
    told = Told()
    with open_parts(tmp_path) as parts:
        for number in range(6):
            told += interleave(parts, tmp_path / "documents", number)[0]
    assert (told.answers, told.cited > 24, told.changed > 24, told.several > 5) == (36, True, True, True)
