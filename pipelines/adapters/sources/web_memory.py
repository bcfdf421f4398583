"""
What a web source remembers between two syncs: validators, links and bodies of its pages.

May be lost; then every page is fetched whole, and a page that fails cannot speak for its links.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError, TransientError


_FORM = 1


@dataclass(frozen=True, slots=True)
class Page(Value):
    """
    A page as it was fetched last.

    Attributes:
        url: its address, after redirects.
        path: its name within the source.
        media: its media type.
        content_hash: SHA-256 of its bytes as readers get them.
        size: their number.
        etag: validator as the server gave it; "" if it gave none.
        modified: Last-Modified as the server gave it; "" if it gave none.
        day: when it changed last, ISO 8601; None where nobody said.
        links: addresses of the pages that it leads to and that are wanted.
        canonical: its proper address; "" where it is its own.
        noindex: it does not want to be found.

    """

    url: str
    path: str
    media: str
    content_hash: str
    size: int
    etag: str = ""
    modified: str = ""
    day: str | None = None
    links: tuple[str, ...] = ()
    canonical: str = ""
    noindex: bool = False


class WebMemory:
    """Pages by the address under which they were asked for, and their bytes."""

    def __init__(self, folder: Path) -> None:
        """Take a folder of this source's own; nothing is read yet."""
        self._file = folder / "pages.json"
        self._blobs = FolderBlobs(folder / "bodies")

    def load(self) -> dict[str, Page]:
        """Return what was remembered, those pages whose bytes are there."""
        try:
            data = json.loads(self._file.read_bytes())
            if data["form"] != _FORM:
                return {}
            pages = {url: Page(**{**one, "links": tuple(one["links"])}) for url, one in data["pages"].items()}
            return {url: page for url, page in pages.items() if self._blobs.has(page.content_hash)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, FootnoteError):
            return {}

    def keep(self, body: bytes) -> str:
        """Store bytes; return their SHA-256."""
        return self._blobs.put(body)

    def body(self, content_hash: str) -> bytes:
        """Return bytes that were stored."""
        return self._blobs.get(content_hash)

    def save(self, pages: Mapping[str, Page], before: Iterable[Page]) -> None:
        """Remember these pages instead of those before, whose bytes are dropped where no page has them."""
        text = json.dumps({"form": _FORM, "pages": {url: asdict(page) for url, page in pages.items()}})
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(text.encode())
            fresh.replace(self._file)
        except OSError as fault:
            raise TransientError(f"{self._file} cannot be written: {fault.strerror or fault}") from fault
        for lost in {page.content_hash for page in before} - {page.content_hash for page in pages.values()}:
            self._blobs.delete(lost)
