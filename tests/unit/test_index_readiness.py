"""/readyz, of an index in a file: whether questions can be asked of it. Weaviate's is in tests/engines."""

from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome
from pipelines.errors import FootnoteError, StorageDamaged
from tests.readiness import AWAY, LEAVE, READY, fill, installation, told


def filled_and_stopped(home: Path) -> Path:
    """Let an installation answer, and end; return the file of its index."""
    with installation(home, {}) as footnote:
        fill(footnote, home)
        return footnote.settings.data_dir / "index.db"


def delete(file: Path) -> None:
    """Delete an index that no process has open, with what SQLite may have left beside it."""
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()


def test_an_index_in_a_file_is_ready_while_its_file_is_there(tmp_path: Path) -> None:
    """Before the first sync no file is made for a look; afterwards one that was deleted is told."""
    with installation(tmp_path, {}) as footnote:
        file = footnote.settings.data_dir / "index.db"
        assert told(footnote) == READY
        assert not file.exists()
        fill(footnote, tmp_path)
        assert told(footnote) == READY
        file.unlink()
        assert told(footnote) == AWAY
        assert not file.exists()


def test_an_index_that_is_there_is_ready_at_the_start(tmp_path: Path) -> None:
    """A process that was just started is asked before any of its questions."""
    filled_and_stopped(tmp_path)
    with installation(tmp_path, {}) as footnote:
        assert told(footnote) == READY


def test_a_file_that_was_gone_at_the_start_is_told_and_not_made(tmp_path: Path) -> None:
    """However often it is looked for; the reason names the file and the way out."""
    file = filled_and_stopped(tmp_path)
    delete(file)
    with installation(tmp_path, {}) as footnote:
        assert [told(footnote) for _ in range(3)] == [AWAY] * 3
        assert not file.exists()
        with pytest.raises(StorageDamaged, match=r"index\.db is gone: .* sync each knowledge base"):
            footnote.check_index()


def test_an_empty_file_that_the_start_made_is_told(tmp_path: Path) -> None:
    """What is opened before the first question is a file without rows, which answers none; a sync mends it."""
    file = filled_and_stopped(tmp_path)
    delete(file)
    with installation(tmp_path, {}) as footnote:
        with pytest.raises(StorageDamaged, match="the index holds nothing of handbook: sync it"):
            footnote.warm_up()
        assert file.exists()
        assert told(footnote) == AWAY
        footnote.sync("handbook")
        assert told(footnote) == READY
        assert footnote.ask(LEAVE).outcome is Outcome.ANSWER


def test_a_first_sync_that_failed_leaves_it_ready(tmp_path: Path) -> None:
    """Nothing is to be searched, so no row is missed, whether or not there is a file."""
    folder = tmp_path / "documents"
    folder.mkdir()
    with installation(tmp_path, {}) as footnote:
        footnote.add_base("handbook", folder, OPERATOR)
        folder.rmdir()
        with pytest.raises(FootnoteError):
            footnote.sync("handbook")
        assert told(footnote) == READY


def test_no_passage_is_no_loss(tmp_path: Path) -> None:
    """A base whose documents all went has no row, as it should."""
    filled_and_stopped(tmp_path)
    (tmp_path / "documents" / "leave.md").unlink()
    with installation(tmp_path, {}) as footnote:
        footnote.sync("handbook", accept_loss=True)
        delete(footnote.settings.data_dir / "index.db")
    with installation(tmp_path, {}) as footnote:
        footnote.warm_up()
        assert told(footnote) == READY
