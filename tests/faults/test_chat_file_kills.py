"""A process that is killed while it reads a file: the question is answered once, and nothing of the file stays."""

from pathlib import Path

import pytest

from tests.scenarios.chat_office import Ability, ChatOffice
from tests.scenarios.offered_file import HOTEL, OFFER, WORDS, holds
from tests.scenarios.ways_in import ONE_EACH, WAYS_IN


LONG = OFFER + b"".join(
    b"## Part %d\n\nNothing else is said in part %d of this offer.\n\n" % (n, n) for n in range(15_000)
)
"""Takes seconds to be taken in."""


def folders(acme: ChatOffice) -> list[Path]:
    """Return the folders of questions about files."""
    root = acme.home / "data" / "passing"
    return [one for one in root.glob("*") if one.is_dir()]


@pytest.mark.engines
@pytest.mark.parametrize("way", ONE_EACH)
def test_a_kill_leaves_one_answer_and_no_file(tmp_path: Path, way: str) -> None:
    """What it left is deleted when the next process starts, before the question is even taken over."""
    with WAYS_IN[way](tmp_path) as acme:
        acme.needs(Ability.FILES_OPENLY)
        asked = acme.ann.asks(acme.general, HOTEL, files=[("offer.md", LONG)])
        assert acme.wait_for(lambda: bool(folders(acme)) and bool(holds(folders(acme)[0], WORDS)), 20)
        acme.served.kill()
        left = folders(acme)
        assert left
        acme.served.start()
        assert not left[0].exists()
        assert "275 euros" in acme.answered(asked, 60)
        assert acme.wait_for(acme.is_idle)
        assert len(acme.final(asked)) == 1
        assert folders(acme) == []
        assert holds(acme.home, WORDS) == []
        assert HOTEL not in acme.log
