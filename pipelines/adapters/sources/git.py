"""A git repository as a source: one branch, perhaps one folder of it, at one commit. Follows no links or submodules."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipelines.adapters.sources.audience_file import AUDIENCE_FILE, require_governing, rules_of, unreadable
from pipelines.adapters.sources.git_history import Touch, last_touches
from pipelines.adapters.sources.git_mirror import GitMirror
from pipelines.adapters.sources.git_program import GitFailed
from pipelines.adapters.sources.git_state import GitState, load_state, save_state
from pipelines.adapters.sources.git_tree import BlobReader, TreeEntry, tree_entries
from pipelines.adapters.sources.names import sort_out, too_large
from pipelines.domain.code_hosts import file_addresses
from pipelines.domain.reading import Rejected
from pipelines.domain.values import Value
from pipelines.errors import SourceUnreadable
from pipelines.ports.source_reader import SourceFile


_LFS = b"version https://git-lfs.github.com/spec/"
_IN_LFS = Rejected("it is stored in Git LFS, whose files are not fetched: put the file itself into the repository")
_LINK = Rejected("it is a link: a sync follows no links, put the file itself there")
_SUBMODULE = Rejected("it is a submodule, whose files are not fetched: add its repository as a base of its own")
_STATE = "footnote.json"


@dataclass(frozen=True, slots=True)
class _Snapshot(Value):
    """All that is known of one commit."""

    branch: str
    commit: str
    entries: Mapping[str, TreeEntry]


class GitSource:
    """
    `ports.source_reader.SourceReader` over a repository. One object serves one sync, at one commit.

    What is listed is what is fetched: a commit never changes.
    """

    def __init__(
        self, mirror: GitMirror, *, subfolder: str, repository: str, link_template: str | None, max_file_mb: int
    ) -> None:
        """
        Take the copy; nothing is fetched yet.

        Args:
            mirror: our copy of the repository.
            subfolder: the folder that is the source, without outer slashes; "" for all.
            repository: the repository's web address, for links.
            link_template: how links are written; None for what the host is known for.
            max_file_mb: larger files are rejected unread.

        """
        self._mirror = mirror
        self._subfolder = subfolder
        self._repository = repository
        self._template = link_template
        self._max_file_mb = max_file_mb
        self._snapshot: _Snapshot | None = None
        self._blobs: dict[str, str] = {}
        self._reader = BlobReader(mirror.local)

    def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        now = self._at(alive)
        paths, odd = sort_out(name for name in now.entries if not _hidden(name))
        remembered = load_state(self._mirror.folder / _STATE)
        touches = self._touches(now, [now.entries[name].name for name in paths.values()], remembered, alive)
        address = file_addresses(self._repository, now.branch, self._template)
        files = {path: SourceFile(path, 0, reason) for path, reason in odd.items()}
        hashes: dict[str, str] = {}
        for path, name in paths.items():
            entry = now.entries[name]
            touch = touches.get(self._whole(name), Touch(now.commit, None))
            reason = self._refusal(entry) or self._hashed(entry, remembered, hashes)
            known = None if reason else hashes[entry.blob]
            files[path] = SourceFile(
                path, entry.size, reason, known, address(self._whole(name), touch.commit), touch.day
            )
            if reason is None:
                self._blobs[path] = entry.blob
            alive()
        save_state(self._mirror.folder / _STATE, GitState(now.commit, hashes, touches))
        yield from (files[path] for path in sorted(files))

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        if path not in self._blobs:
            return Rejected("it is not in the repository")
        return self._reader.read(self._blobs[path])

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (pattern, readers) of `.footnote.yaml` at the top of the source, first match wins."""
        entry = self._at(lambda: None).entries.get(AUDIENCE_FILE)
        if entry is None:
            return ()
        if not entry.is_file:
            raise unreadable(AUDIENCE_FILE, "it is not an ordinary file")
        return rules_of(AUDIENCE_FILE, self._reader.read(entry.blob))

    def _at(self, alive: Callable[[], None]) -> _Snapshot:
        """Return the one commit that this reader reads."""
        if self._snapshot is None:
            branch, commit = self._mirror.update(alive)
            try:
                found = {entry.name: entry for entry in tree_entries(self._mirror.local, commit, self._subfolder)}
            except GitFailed as fault:
                where = f"the folder {self._subfolder!r} is not in the branch {branch} of {self._repository}"
                raise SourceUnreadable(where) from fault
            for name in found:
                folder, slash, last = name.rpartition("/")
                if not _hidden(folder):
                    require_governing(folder + slash, [last])
            self._snapshot = _Snapshot(branch, commit, found)
        return self._snapshot

    def _touches(
        self, now: _Snapshot, names: Sequence[str], remembered: GitState, alive: Callable[[], None]
    ) -> Mapping[str, Touch]:
        """Return the last touch of each file, by its path within the repository."""
        return last_touches(
            self._mirror.local,
            now.commit,
            [self._whole(name) for name in names],
            subfolder=self._subfolder,
            before=remembered.commit or None,
            known=remembered.touches,
            alive=alive,
        )

    def _refusal(self, entry: TreeEntry) -> Rejected | None:
        if not entry.is_file:
            return _LINK if entry.is_link else _SUBMODULE
        return too_large(entry.size, self._max_file_mb) if entry.size > self._max_file_mb * 2**20 else None

    def _hashed(self, entry: TreeEntry, remembered: GitState, hashes: dict[str, str]) -> Rejected | None:
        """Note the hash of a blob, which is read only if it was never seen before; refuse a pointer to Git LFS."""
        if entry.blob not in hashes:
            known = remembered.hashes.get(entry.blob)
            if known is None:
                data = self._reader.read(entry.blob)
                known = "" if data.startswith(_LFS) else hashlib.sha256(data).hexdigest()
            hashes[entry.blob] = known
        return None if hashes[entry.blob] else _IN_LFS

    def _whole(self, name: str) -> str:
        """Return a name from the top of the repository."""
        return str(PurePosixPath(self._subfolder, name)) if self._subfolder else name


def _hidden(name: str) -> bool:
    return any(part.startswith(".") and part not in (".", "..") for part in name.split("/"))
