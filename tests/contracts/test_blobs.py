"""The blob store's contract, run against the folder."""

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.ports.blobs import Blobs
from tests.contracts.blobs import BlobsContract


class TestFolderBlobs(BlobsContract):
    """The folder of the embedded default."""

    @pytest.fixture(scope="class")
    @classmethod
    def blobs(cls, tmp_path_factory: pytest.TempPathFactory) -> Blobs:
        """Return a store in an empty folder."""
        folder = tmp_path_factory.mktemp("blobs")
        return FolderBlobs(folder / "made at the first put")


class TestDurableFolderBlobs(BlobsContract):
    """The same folder, made to survive a loss of power."""

    @pytest.fixture(scope="class")
    @classmethod
    def blobs(cls, tmp_path_factory: pytest.TempPathFactory) -> Blobs:
        """Return a store that writes through to the disk."""
        return FolderBlobs(tmp_path_factory.mktemp("blobs"), full_durability=True)
