"""An upload is killed at every point between its stored file and its row: it is there whole, or it is not."""

from pathlib import Path

import pytest

from tests.faults.upload_kills import UploadKills


@pytest.mark.timeout(300)
def test_a_killed_upload_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """What is listed can be read, the same command again succeeds, and no file is left that no row names."""
    (tmp_path / "files").mkdir()
    kills = UploadKills({"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_EMBEDDER": "none"}, tmp_path / "files")
    kills.run()
    new, replacing = kills.steps
    blob, row = ["tempfile.mkstemp", "os.rename"], ["begin immediate", "select sources.id from", "update uploads set"]
    written = [*blob, *row, "insert into uploads", "commit"]
    assert [one for one in new if one in written][: len(written)] == written
    assert [one for one in replacing if one in written][: len(blob + row) + 1] == [*blob, *row, "commit"]
