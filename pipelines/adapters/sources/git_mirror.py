"""Our own bare copy of one branch of a repository. Every connection goes to an address that was checked."""

import fcntl
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipelines.adapters.safe_http import Refused, Resolver, Unreachable, checked_addresses, system_resolver
from pipelines.adapters.sources.git_address import GitAddress
from pipelines.adapters.sources.git_program import GitFailed, GitProgram, git_settings, ssh_command
from pipelines.domain.egress import Egress
from pipelines.domain.values import Value
from pipelines.errors import BadInput, SourceUnreadable


_WANTED = "refs/footnote/wanted"
_HEAD = re.compile(r"ref: refs/heads/(\S+)\s+HEAD")
_ASK_SECONDS = 60.0
_LOCK = "ours"
_TURN_S = 0.2


@dataclass(frozen=True, slots=True)
class GitAccess(Value):
    """
    How a repository is reached.

    Attributes:
        address: where it is.
        branch: "" for the one that its host shows first.
        token: for https; never written anywhere.
        key_file: a deploy key for ssh.

    """

    address: GitAddress
    branch: str = ""
    token: str | None = None
    key_file: str | None = None


@dataclass(frozen=True, slots=True)
class GitLimits(Value):
    """Seconds that one fetch may take, MB that our copy may have."""

    seconds: int = 1800
    max_mb: int = 4096


class GitMirror:
    """A copy in a folder of its own, which may be deleted at any time: the next fetch makes it anew."""

    def __init__(
        self,
        folder: Path,
        access: GitAccess,
        egress: Egress,
        *,
        limits: GitLimits,
        resolver: Resolver = system_resolver,
    ) -> None:
        """Take where the copy lies and how its origin is reached; nothing is made or connected yet."""
        self.folder = folder
        self._access = access
        self._egress = egress
        self._limits = limits
        self._resolver = resolver

    @property
    def local(self) -> GitProgram:
        """Git over the copy, without any protocol."""
        return GitProgram(self.folder, {})

    def check(self) -> str:
        """
        Return the branch that would be read, as its origin answers now. Copies nothing.

        Raises:
            SourceUnreadable: the origin is not reached, or has no such branch.

        """
        with _named(self._access.address):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._branch(self._remote(), lambda: None)

    def update(self, alive: Callable[[], None]) -> tuple[str, str]:
        """
        Bring the copy up to its origin; return (branch, commit).

        Raises:
            SourceUnreadable: the origin is not reached, has no such branch, or is too large.

        """
        with _named(self._access.address):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone(alive):
                remote = self._remote()
                remote.require()
                self._make()
                branch = self._branch(remote, alive)
                self._fetch(remote, branch, alive)
                self.local.output("gc", "--auto", "--quiet", seconds=self._limits.seconds, alive=alive)
                return branch, self.local.text("rev-parse", "--verify", f"{_WANTED}^{{commit}}")

    def _make(self) -> None:
        """Let there be a whole repository, whatever a killed process left: we are alone, so its locks are nobody's."""
        leftovers = [*self.folder.rglob("*.lock"), *(self.folder / "objects" / "pack").glob("tmp_*")]
        for left in leftovers:
            left.unlink(missing_ok=True)
        try:
            self.local.output("rev-parse", "--is-bare-repository")
        except GitFailed:
            for found in self.folder.iterdir():
                if found.is_dir():
                    shutil.rmtree(found, ignore_errors=True)
                elif found.name != _LOCK:
                    found.unlink(missing_ok=True)
            self.local.output("init", "--quiet", "--bare", "--template=", str(self.folder))

    def _fetch(self, remote: GitProgram, branch: str, alive: Callable[[], None]) -> None:
        line = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--force"]
        remote.fetch(
            *line,
            self._access.address.url,
            f"+refs/heads/{branch}:{_WANTED}",
            seconds=self._limits.seconds,
            max_mb=self._limits.max_mb,
            alive=alive,
        )

    def _branch(self, remote: GitProgram, alive: Callable[[], None]) -> str:
        """Return the branch that is wanted, if its origin has it."""
        url, wanted = self._access.address.url, self._access.branch
        if wanted:
            ref = f"refs/heads/{wanted}"
            listed = remote.output("ls-remote", "--heads", url, ref, seconds=_ASK_SECONDS, alive=alive)
            if ref not in listed.decode(errors="replace").split():
                raise SourceUnreadable(f"there is no branch {wanted!r}")
            return wanted
        listed = remote.output("ls-remote", "--symref", url, "HEAD", seconds=_ASK_SECONDS, alive=alive)
        found = _HEAD.search(listed.decode(errors="replace"))
        if not found:
            raise SourceUnreadable("it is empty or names no main branch: name one (--branch)")
        return found[1]

    def _remote(self) -> GitProgram:
        """Return git with the one protocol that is wanted, at the addresses that are right now."""
        access, address = self._access, self._access.address
        if address.scheme == "file":
            return GitProgram(self.folder, git_settings(address, (), None))
        if address.scheme == "http" and access.token:
            raise SourceUnreadable("a token is sent over https only")
        found = checked_addresses(self._egress, address.host, address.port, address.scheme, self._resolver)
        ssh = ssh_command(address, found[0], self.folder, access.key_file) if address.scheme == "ssh" else None
        return GitProgram(self.folder, git_settings(address, found, access.token), ssh=ssh)

    @contextmanager
    def _alone(self, alive: Callable[[], None]) -> Iterator[None]:
        """Keep other processes of this machine out of the copy while it is changed; wait for those that are in it."""
        with (self.folder / _LOCK).open("wb") as lock:
            while not _locked(lock):
                alive()
                time.sleep(_TURN_S)
            yield


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _named(address: GitAddress) -> Iterator[None]:
    """Let every fault name the repository."""
    try:
        yield
    except (GitFailed, Refused, Unreachable, SourceUnreadable, BadInput) as fault:
        raise SourceUnreadable(f"the repository {address.url} cannot be read: {fault}") from fault
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise SourceUnreadable(f"our copy of {address.url} cannot be kept ({reason}): see FOOTNOTE_DATA_DIR") from fault
