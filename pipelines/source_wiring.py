"""
Which kind of source an admin means, and the reader for a source's kind: the part of the wiring that knows sources.

A kind's modules are loaded when it is used.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.adapters.sources.folder import FolderSource
from pipelines.adapters.sources.selected import SelectedSource
from pipelines.adapters.sources.upload import UploadSource
from pipelines.domain.characters import has_surrogates
from pipelines.domain.code_hosts import checked_template, is_repository
from pipelines.domain.egress import Egress
from pipelines.domain.knowledge import Source
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.domain.values import Value
from pipelines.errors import BadInput, SourceUnreadable
from pipelines.ports.source_reader import SourceReader


if TYPE_CHECKING:
    from pipelines.adapters.sources.git_mirror import GitMirror
    from pipelines.adapters.sources.web import WebSource
    from pipelines.settings import Settings


UPLOAD = "upload:"
_OF_KINDS = {
    "folder": {"include", "exclude"},
    "upload": {"include", "exclude"},
    "web": {"include", "exclude", "token_env"},
    "git": {"include", "exclude", "branch", "subfolder", "link_template", "token_env", "key_file"},
}
"""Kind -> the options that mean something for it."""


@dataclass(frozen=True, slots=True)
class SourceSettings(Value):
    """
    What an installation says of all sources.

    Attributes:
        data_dir: Footnote's own folder.
        egress: where connections may go.
        max_file_mb: larger files are not read.
        git_seconds: longest fetch.
        git_max_mb: largest copy of a repository.
        web_max_pages: addresses of a site that are asked for.
        web_max_depth: links from a site's start.
        web_pause_s: between two requests.
        web_request_s: longest time of one page.

    """

    data_dir: Path
    egress: Egress
    max_file_mb: int
    git_seconds: int
    git_max_mb: int
    web_max_pages: int
    web_max_depth: int
    web_pause_s: float
    web_request_s: float


def source_settings(settings: "Settings") -> SourceSettings:
    """Return what the settings say of sources."""
    return SourceSettings(
        data_dir=settings.data_dir,
        egress=Egress.parse(settings.egress),
        max_file_mb=settings.limits.max_file_mb,
        git_seconds=settings.git.seconds,
        git_max_mb=settings.git.max_mb,
        web_max_pages=settings.web.max_pages,
        web_max_depth=settings.web.max_depth,
        web_pause_s=settings.web.pause_ms / 1000,
        web_request_s=float(settings.web.request_seconds),
    )


class Sources:
    """All sources of an installation."""

    def __init__(
        self, settings: SourceSettings, secret: Callable[[str], str | None], uploads: Callable[[int], UploadSource]
    ) -> None:
        """
        Take the settings.

        Args:
            settings: of this installation.
            secret: finds a secret by its name; None where there is none of this name.
            uploads: gives the files that were handed in to the source of this id.

        """
        self._settings = settings
        self._secret = secret
        self._uploads = uploads

    def recognise(self, text: str | Path, options: SourceOptions = NO_OPTIONS) -> Source:
        """
        Return the source that an admin means, with id 0; nothing is connected to.

        A path is a folder. Of texts, `upload:` is for files that are handed in, `git+…`,
        `….git`, `ssh://…` and `user@host:path` are repositories, other http(s) addresses web
        sites, and all else folders.

        Raises:
            BadInput: it cannot be used, or an option does not belong to this kind.
            SourceUnreadable: there is no such folder.

        """
        kind = "folder" if isinstance(text, Path) else _kind(text)
        for name in options.as_json():
            if name not in _OF_KINDS[kind]:
                shown = name.replace("_", "-")
                raise BadInput(f"--{shown} means nothing for a source of the kind {kind!r}: leave it out")
        if kind == "git":
            return self._recognised_git(str(text), options)
        if kind == "web":
            from pipelines.adapters.safe_http import parse_url

            return Source(0, kind, str(parse_url(str(text))), options)
        return Source(0, kind, UPLOAD if kind == "upload" else self._folder(Path(text)), options)

    def check(self, source: Source) -> None:
        """
        Try a source before it is added, without reading it in.

        Raises:
            SourceUnreadable: it cannot be reached, or does not hold what is named.

        """
        if source.kind == "folder":
            next(iter(self._reader(source, Path()).list()), None)
        if source.kind not in ("git", "web"):
            return
        with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
            if source.kind == "git":
                self._mirror(source, Path(folder)).check()
            else:
                self._web(source, Path(folder)).check()

    def reader(self, source: Source) -> SourceReader:
        """
        Return a reader of a source, good for one sync.

        Raises:
            SourceUnreadable: a secret that it names is not set.

        """
        found = self._reader(source, self._state(source))
        options = source.options
        if source.kind == "web" or not (options.include or options.exclude):
            return found
        return SelectedSource(found, options.include, options.exclude)

    def uploads(self, source: Source) -> UploadSource:
        """
        Return the place of the files that were handed in.

        Raises:
            BadInput: the source is of another kind.

        """
        if source.kind != "upload":
            raise BadInput(
                f"files are handed in to a base that was added with {UPLOAD!r} only, this one has its own source"
            )
        return self._uploads(source.id)

    def forget(self, source: Source) -> None:
        """Erase what this machine keeps of a source: copies, memories."""
        shutil.rmtree(self._state(source), ignore_errors=True)

    def _reader(self, source: Source, state: Path) -> SourceReader:
        if source.kind == "git":
            return self._git(source, state)
        if source.kind == "web":
            return self._web(source, state)
        if source.kind == "upload":
            return self._uploads(source.id)
        return FolderSource(Path(source.location), max_file_mb=self._settings.max_file_mb)

    def _state(self, source: Source) -> Path:
        return self._settings.data_dir.absolute() / "sources" / str(source.id)

    def _folder(self, folder: Path) -> str:
        """Return the absolute path of a folder that may be a source."""
        place = _absolute(folder)
        try:
            found = place.is_dir()
        except OSError as fault:
            raise SourceUnreadable(f"the folder {str(place)!r} cannot be looked at: {fault.strerror}") from fault
        if not found:
            raise SourceUnreadable(f"the folder {str(place)!r} does not exist or is not a folder")
        if has_surrogates(str(place)):
            raise SourceUnreadable(f"the name of the folder {str(place)!r} is not UTF-8: rename it")
        own = self._settings.data_dir.absolute()
        if own.is_relative_to(place) and not any(one.startswith(".") for one in own.relative_to(place).parts):
            raise BadInput(f"the folder {str(place)!r} holds Footnote's own data: choose another FOOTNOTE_DATA_DIR")
        return str(place)

    def _recognised_git(self, text: str, options: SourceOptions) -> Source:
        from pipelines.adapters.sources.git_address import checked_branch, checked_subfolder, parse_git_address

        address = parse_git_address(text)
        if options.key_file and address.scheme != "ssh":
            raise BadInput("--key-file is for ssh addresses (git@host:path): use --token-env for https")
        if address.scheme == "ssh" and not options.key_file:
            raise BadInput("an ssh address needs a deploy key: name its file (--key-file)")
        key = _absolute(Path(options.key_file)) if options.key_file else None
        if key and not _is_there(key.is_file):
            raise BadInput(f"there is no key file {str(key)!r}")
        checked = replace(
            options,
            branch=checked_branch(options.branch) if options.branch else "",
            subfolder=checked_subfolder(options.subfolder),
            link_template=checked_template(options.link_template) if options.link_template else "",
            key_file=str(key or ""),
        )
        return Source(0, "git", address.url, checked)

    def _mirror(self, source: Source, state: Path) -> "GitMirror":
        from pipelines.adapters.sources.git_address import parse_git_address
        from pipelines.adapters.sources.git_mirror import GitAccess, GitLimits, GitMirror

        options, settings = source.options, self._settings
        access = GitAccess(
            parse_git_address(source.location), options.branch, self._token(options), options.key_file or None
        )
        return GitMirror(
            state / "repository.git",
            access,
            settings.egress,
            limits=GitLimits(settings.git_seconds, settings.git_max_mb),
        )

    def _git(self, source: Source, state: Path) -> SourceReader:
        from pipelines.adapters.sources.git import GitSource
        from pipelines.adapters.sources.git_address import parse_git_address

        return GitSource(
            self._mirror(source, state),
            subfolder=source.options.subfolder,
            repository=parse_git_address(source.location).web,
            link_template=source.options.link_template or None,
            max_file_mb=self._settings.max_file_mb,
        )

    def _web(self, source: Source, state: Path) -> "WebSource":
        from pipelines.adapters.safe_http import HttpLimits, SafeHttp
        from pipelines.adapters.sources.web import WebLimits, WebSource
        from pipelines.adapters.sources.web_fetching import PoliteFetcher
        from pipelines.adapters.sources.web_memory import WebMemory
        from pipelines.adapters.sources.web_robots import AGENT

        settings, token = self._settings, self._token(source.options)
        if token and not source.location.startswith("https://"):
            raise SourceUnreadable("a token is sent over https only")
        limits = HttpLimits(max_bytes=settings.max_file_mb * 2**20, seconds=settings.web_request_s)
        fetcher = PoliteFetcher(
            SafeHttp(settings.egress, limits=limits),
            headers={"user-agent": AGENT, **({"authorization": f"Bearer {token}"} if token else {})},
            pause_s=settings.web_pause_s,
            sleep=time.sleep,
            monotonic=time.monotonic,
            now=lambda: datetime.now(UTC),
        )
        return WebSource(
            source.location,
            fetcher,
            WebMemory(state),
            limits=WebLimits(settings.web_max_pages, settings.web_max_depth, settings.max_file_mb),
            include=source.options.include,
            exclude=source.options.exclude,
        )

    def _token(self, options: SourceOptions) -> str | None:
        """Return the token that a source names."""
        if not options.token_env:
            return None
        token = self._secret(options.token_env)
        if token is None:
            shown = options.token_env
            raise SourceUnreadable(
                f"the token {shown} is not set: it must begin with FOOTNOTE_SECRET_ and hold a token"
            )
        return token


def _absolute(path: Path) -> Path:
    """Return the whole of a path that may begin with `~`."""
    try:
        return path.expanduser().absolute()
    except RuntimeError as fault:
        raise BadInput(f"{str(path)!r} begins with the home of somebody whom this machine does not know") from fault


def _is_there(look: Callable[[], bool]) -> bool:
    """Say whether a look finds what it is for: what the system refuses to look at is not."""
    try:
        return look()
    except OSError:
        return False


def _kind(text: str) -> str:
    """Return the kind of source that a text names."""
    plain = text.strip()
    if plain == UPLOAD:
        return "upload"
    scheme, separator, _ = plain.partition("://")
    if plain.startswith("git+") or (separator and scheme.lower() == "ssh"):
        return "git"
    if separator and scheme.lower() in ("http", "https"):
        try:
            parts = urlsplit(plain)
        except ValueError as fault:
            raise BadInput(f"{plain!r} is no web address: its host cannot be read") from fault
        known = parts.path.rstrip("/").endswith(".git") or is_repository((parts.hostname or "").lower(), parts.path)
        return "git" if known else "web"
    if separator:
        raise BadInput(f"{scheme}:// is no kind of source: a folder, git+…, https://… or upload: is expected")
    user, at, rest = plain.partition("@")
    return "git" if at and ":" in rest and "/" not in user and not _is_there(Path(plain).exists) else "folder"
