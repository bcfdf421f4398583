"""A process that is killed while it reads a file: the question is answered once, and nothing of the file stays."""

from pathlib import Path

from tests.scenarios.slack_office import Office, office
from tests.scenarios.test_slack_files import HOTEL, OFFER, WORDS, asks, holds


LONG = OFFER + b"".join(
    b"## Part %d\n\nNothing else is said in part %d of this offer.\n\n" % (n, n) for n in range(15_000)
)
"""Takes seconds to be taken in."""


def folders(acme: Office) -> list[Path]:
    """Return the folders of questions about files."""
    root = acme.served.home / "data" / "passing"
    return [one for one in root.glob("*") if one.is_dir()]


def test_a_kill_leaves_one_answer_and_no_file(tmp_path: Path) -> None:
    """What it left is deleted when the next process starts, before the question is even taken over."""
    with office(tmp_path) as acme:
        asked = asks(acme, acme.ann, acme.general, ("offer.md", LONG))
        assert acme.slack.wait_for(lambda: bool(folders(acme)) and bool(holds(folders(acme)[0], WORDS)), 20)
        acme.served.kill()
        left = folders(acme)
        assert left
        acme.served.start()
        assert not left[0].exists()
        assert "275 euros" in acme.answered(asked, 60)
        assert acme.slack.wait_for(acme.is_idle)
        assert len(acme.final(asked)) == 1
        assert folders(acme) == []
        assert holds(acme.served.home, WORDS) == []
        assert HOTEL not in acme.served.log
