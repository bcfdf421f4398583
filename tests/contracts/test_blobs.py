"""The blob store's contract, run against the folder."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.own_blobs import OwnBlobs
from pipelines.adapters.ownership import Ownership
from pipelines.ports.blobs import Blobs, BlobStore
from tests.contracts.blobs import BlobsContract, MarkContract


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


class TestOwnBlobs(BlobsContract):
    """The folder behind the look at whose it is."""

    @pytest.fixture(scope="class")
    @classmethod
    def blobs(cls, tmp_path_factory: pytest.TempPathFactory) -> Blobs:
        """Return a store in an empty folder that the first call claims."""
        store = FolderBlobs(tmp_path_factory.mktemp("blobs"))
        owner = Ownership(store, place="", setting="", installation=lambda: "first", ours=lambda: True)
        return OwnBlobs(store, owner)


class TestFolderMark(MarkContract):
    """The mark in a folder."""

    @pytest.fixture
    def new_place(self, tmp_path: Path) -> Callable[[], Callable[[], BlobStore]]:
        """Return what makes folders."""
        return lambda: partial(FolderBlobs, Path(mkdtemp(dir=tmp_path)) / "made at the first put")
