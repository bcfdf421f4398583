"""The contract of sources, run against every one of them."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.safe_http import HttpLimits, SafeHttp
from pipelines.adapters.sources.folder import FolderSource
from pipelines.adapters.sources.git import GitSource
from pipelines.adapters.sources.git_address import parse_git_address
from pipelines.adapters.sources.git_mirror import GitAccess, GitLimits, GitMirror
from pipelines.adapters.sources.upload import UploadSource
from pipelines.adapters.sources.web import WebLimits, WebSource
from pipelines.adapters.sources.web_fetching import PoliteFetcher
from pipelines.adapters.sources.web_memory import WebMemory
from pipelines.domain.access import OPERATOR
from pipelines.domain.egress import Egress
from pipelines.ports.blobs import Blobs
from pipelines.ports.records import Records
from pipelines.ports.source_reader import SourceReader
from tests.contracts.source_reader import FilledSource, SourceReaderContract
from tests.fakes.manual_clock import ManualClock
from tests.git_repository import GitRepository
from tests.web_server import WebServer


class Folder:
    """A folder of this machine."""

    is_snapshot = False
    has_audience_file = True

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


class Uploads:
    """Files that were handed in to a base."""

    is_snapshot = True
    has_audience_file = True

    def __init__(self, records: Records, blobs: Blobs) -> None:
        self._records = records
        self._blobs = blobs
        self._kb = records.bases.add("handbook", "upload", "upload:", OPERATOR).id
        self._source = records.bases.source(self._kb).id

    def put(self, path: str, data: bytes) -> None:
        """Hand in a file, when the limit was larger than it is when it is read."""
        UploadSource(self._source, self._records.uploads, self._blobs, max_file_mb=2).put(path, data)

    def remove(self, path: str) -> None:
        """Take a file back."""
        UploadSource(self._source, self._records.uploads, self._blobs, max_file_mb=2).remove(path)

    def audience(self, text: str) -> None:
        """Have an audience file, past the check of what is handed in."""
        name = self._blobs.put(text.encode())
        self._records.uploads.put(self._source, ".footnote.yaml", name, len(text), store=lambda: None)

    def vanish(self) -> None:
        """Remove the base."""
        self._records.bases.hide(self._kb)

    def reader(self) -> SourceReader:
        """Return a reader with a limit of 1 MB."""
        return UploadSource(self._source, self._records.uploads, self._blobs, max_file_mb=1)


class Git:
    """A bare repository; each change is a commit."""

    is_snapshot = True
    has_audience_file = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._repository = GitRepository(folder / "origin.git")

    def put(self, path: str, data: bytes) -> None:
        """Commit a file."""
        self._repository.put(path, data)
        self._repository.commit()

    def remove(self, path: str) -> None:
        """Commit the removal of a file."""
        self._repository.remove(path)
        self._repository.commit()

    def audience(self, text: str) -> None:
        """Commit `.footnote.yaml`."""
        self.put(".footnote.yaml", text.encode())

    def vanish(self) -> None:
        """Delete the repository."""
        shutil.rmtree(self._folder / "origin.git")

    def reader(self) -> SourceReader:
        """Return a reader with a limit of 1 MB."""
        access = GitAccess(parse_git_address(f"file://{self._folder}/origin.git"))
        mirror = GitMirror(self._folder / "copy", access, Egress.parse("none"), limits=GitLimits())
        web = "https://git.example/docs"
        return GitSource(mirror, subfolder="", repository=web, link_template=None, max_file_mb=1)


class Web:
    """A site whose sitemap lists every page."""

    is_snapshot = True
    has_audience_file = False

    def __init__(self, server: WebServer, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._documents: set[str] = set()

    def put(self, path: str, data: bytes) -> None:
        """Serve a page and list it."""
        kind = "text/markdown" if path.endswith(".md") else "text/plain"
        self._documents.add(f"/{quote(path)}")
        self._server.pages[f"/{quote(path)}"] = (200, {"Content-Type": kind}, data)
        self._list()

    def remove(self, path: str) -> None:
        """Serve and list a page no longer."""
        del self._server.pages[f"/{quote(path)}"]
        self._documents.remove(f"/{quote(path)}")
        self._list()

    def audience(self, text: str) -> None:
        """Change nothing: a site has no audience file."""

    def vanish(self) -> None:
        """Serve nothing."""
        self._server.pages.clear()

    def reader(self) -> SourceReader:
        """Return a reader with a limit of 1 MB."""
        http = SafeHttp(Egress.parse(f"127.0.0.1:{self._server.port}"), limits=HttpLimits(max_bytes=2**20))
        fetcher = PoliteFetcher(
            http,
            headers={},
            pause_s=0.0,
            sleep=lambda _: None,
            monotonic=lambda: 0.0,
            now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
        )
        memory = WebMemory(self._folder)
        return WebSource(f"{self._server.url}/sitemap.xml", fetcher, memory, limits=WebLimits(max_file_mb=1))

    def _list(self) -> None:
        urls = "".join(
            f"<url><loc>{self._server.url}{one}</loc></url>".replace("&", "&amp;") for one in sorted(self._documents)
        )
        self._server.pages["/sitemap.xml"] = (200, {}, f"<urlset>{urls}</urlset>".encode())


class TestUploadSource(SourceReaderContract):
    """Files that were handed in keep the promises."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> Iterator[FilledSource]:
        """Return a base that nothing was handed in to."""
        with closing(SqlRecords(Database(f"sqlite:///{tmp_path}/records.db"), ManualClock())) as records:
            yield Uploads(records, FolderBlobs(tmp_path / "blobs"))


class TestGitSource(SourceReaderContract):
    """A repository keeps the promises."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> FilledSource:
        """Return an empty repository."""
        return Git(tmp_path)


class TestWebSource(SourceReaderContract):
    """A site keeps the promises."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> Iterator[FilledSource]:
        """Return an empty site."""
        with WebServer() as server:
            yield Web(server, tmp_path / "memory")
