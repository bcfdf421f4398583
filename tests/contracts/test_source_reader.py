"""The contract of sources, run against the folder."""

import shutil
from pathlib import Path

import pytest

from pipelines.adapters.sources.folder import FolderSource
from pipelines.ports.source_reader import SourceReader
from tests.contracts.source_reader import FilledSource, SourceReaderContract


class Folder:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: str, data: bytes) -> None:
        """Write a file and the folders above it."""
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def remove(self, path: str) -> None:
        """Delete a file."""
        (self._folder / path).unlink()

    def audience(self, text: str) -> None:
        """Write `.footnote.yaml`."""
        self.put(".footnote.yaml", text.encode())

    def vanish(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self._folder)

    def reader(self) -> SourceReader:
        """Return a reader with a limit of 1 MB."""
        return FolderSource(self._folder, max_file_mb=1)


class TestFolderSource(SourceReaderContract):
    """The folder keeps the promises."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> FilledSource:
        """Return an empty folder."""
        return Folder(tmp_path / "documents")
