"""Promises of an installation that no part of it keeps alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.errors import BadInput, SourceUnreadable, TransientError
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote


@pytest.fixture
def footnote(tmp_path: Path) -> Iterator[Footnote]:
    """An empty installation, by words only."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path / "own" / "data"), "FOOTNOTE_EMBEDDER": "none"}
    with open_footnote(Settings.load(environ, env_file=None)) as opened:
        yield opened


def folder_with(place: Path, *texts: str) -> Path:
    """Return a folder with these documents."""
    place.mkdir()
    for number, text in enumerate(texts):
        (place / f"{number}.md").write_text(text, encoding="utf-8")
    return place


def blobs_of(footnote: Footnote) -> set[str]:
    """Return the names of all stored files."""
    return {one.name for one in (footnote.settings.data_dir / "blobs").glob("*/*")}


def test_a_removed_base_leaves_no_file_of_its_own(footnote: Footnote, tmp_path: Path) -> None:
    """Original bytes and texts go with the base; what another base holds as well stays."""
    for name, texts in {"one": ("# Shared", "# Alone"), "other": ("# Shared",)}.items():
        footnote.add_base(name, folder_with(tmp_path / name, *texts), OPERATOR)
        footnote.sync(name)
    kept = blobs_of(footnote)
    footnote.remove_base("one", OPERATOR)
    left = blobs_of(footnote)
    assert left < kept
    assert len(left) == 2
    footnote.remove_base("other", OPERATOR)
    assert blobs_of(footnote) == set()


def test_the_data_folder_is_for_its_account_alone(footnote: Footnote) -> None:
    """Nobody else on the machine reads what only some readers may."""
    assert footnote.records.bases.all() == ()
    assert footnote.settings.data_dir.stat().st_mode & 0o077 == 0


def test_its_own_data_is_no_source(footnote: Footnote, tmp_path: Path) -> None:
    """A folder that holds the data folder would be read into itself."""
    with pytest.raises(BadInput, match="holds Footnote's own data: choose another FOOTNOTE_DATA_DIR"):
        footnote.add_base("self", tmp_path, OPERATOR)


def test_a_folder_whose_name_is_not_utf_8_is_refused(footnote: Footnote, tmp_path: Path) -> None:
    """Its name could be neither stored nor shown."""
    place = os.fsencode(tmp_path / "f") + b"\xff"
    Path(os.fsdecode(place)).mkdir()
    with pytest.raises(SourceUnreadable, match="is not UTF-8: rename it"):
        footnote.add_base("odd", Path(os.fsdecode(place)), OPERATOR)


def test_the_address_of_weaviate_chooses_the_index(tmp_path: Path) -> None:
    """With it the index is a collection, which is connected when it is used; no file is made."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path), "FOOTNOTE_EMBEDDER": "none", "WEAVIATE_URL": "http://127.0.0.1:1"}
    with open_footnote(Settings.load(environ, env_file=None)) as footnote:
        index = footnote.index
        with pytest.raises(TransientError, match=r"Weaviate cannot be reached at 127\.0\.0\.1:1 .*WEAVIATE_URL"):
            index.count(1)
    assert not (tmp_path / "index.db").exists()
