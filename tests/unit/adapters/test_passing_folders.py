"""A folder lives as long as the work in it: it ends with it, and with its process."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.adapters.passing_folders import PassingFolders
from pipelines.errors import TransientError


HOLDS = """
import sys, time
from pathlib import Path
from pipelines.adapters.passing_folders import PassingFolders
with PassingFolders(Path(sys.argv[1])).one() as folder:
    (folder / "secret.md").write_text("secret")
    print(folder, flush=True)
    time.sleep(60)
"""


def folders_in(root: Path) -> list[str]:
    """Return the names of the folders below a root."""
    return [one.name for one in root.iterdir() if one.is_dir()]


def test_a_folder_ends_with_its_work(tmp_path: Path) -> None:
    """With all that is in it, also where the work fails; meanwhile it is for this account alone."""
    folders = PassingFolders(tmp_path / "passing")

    def work() -> None:
        with folders.one() as folder:
            (folder / "deep").mkdir()
            (folder / "deep" / "secret.md").write_text("secret")
            assert folder.stat().st_mode & 0o077 == 0
            raise ValueError("it failed")

    with pytest.raises(ValueError, match="it failed"):
        work()
    assert folders_in(tmp_path / "passing") == []


def test_what_a_killed_process_left_is_deleted(tmp_path: Path) -> None:
    """Not before: a folder that somebody works in stays, however many look."""
    root = tmp_path / "passing"
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(root)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        held = Path(process.stdout.readline().strip())
        assert PassingFolders(root).sweep() == 0
        assert (held / "secret.md").exists()
        process.kill()
    assert PassingFolders(root).sweep() == 1
    assert folders_in(root) == []


def test_the_next_one_deletes_what_was_left(tmp_path: Path) -> None:
    """Also a folder that was made a moment before its process was killed."""
    root = tmp_path / "passing"
    (root / "left").mkdir(parents=True)
    with PassingFolders(root).one() as folder:
        assert folders_in(root) == [folder.name]


def test_threads_keep_their_own_folders(tmp_path: Path) -> None:
    """Nobody deletes what another one of the same process works in."""
    folders = PassingFolders(tmp_path / "passing")

    def work(number: int) -> bool:
        with folders.one() as folder:
            (folder / "own").write_text(str(number))
            folders.sweep()
            return (folder / "own").read_text() == str(number)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(100)))
    assert folders_in(tmp_path / "passing") == []


def test_nothing_is_left_where_nothing_was(tmp_path: Path) -> None:
    """A sweep makes no folder."""
    assert PassingFolders(tmp_path / "passing").sweep() == 0
    assert not (tmp_path / "passing").exists()


def test_a_root_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """With its name and the setting."""
    (tmp_path / "passing").write_text("a file")
    with (
        pytest.raises(TransientError, match=r"passing cannot be used \(File exists\): see FOOTNOTE_DATA_DIR"),
        PassingFolders(tmp_path / "passing").one(),
    ):
        pass
