"""
The program git, told to do nothing that it was not asked for. The only place that starts it.

No hook, filter, submodule, pager, prompt, stored password, setting of the account or of the
machine takes part; only one protocol is allowed, and over https only the addresses that were
checked.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from pipelines.adapters.sources.git_address import GitAddress
from pipelines.domain.network_addresses import Address
from pipelines.errors import BadInput, SourceUnreadable


_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
_OLDEST = (2, 37)
"""The first that can be told which address a name has (`http.curloptResolve`)."""
_POLL_S = 0.2
_SHOWN = 300
_TELLING = ("fatal:", "error:", "ERROR:", "remote:")

_ALWAYS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.askPass": "",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    "gc.autoDetach": "false",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "http.proxy": "",
    "http.sslVerify": "true",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "transfer.bundleURI": "false",
    "transfer.credentialsInUrl": "die",
}


class GitProgram:
    """git in one folder, for one repository. Nothing is started before the first call."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, ssh: str | None = None) -> None:
        """
        Take what is allowed.

        Args:
            folder: the bare repository of our own; made by its first user.
            settings: names and values beside those that always hold.
            ssh: the command line of ssh; None where ssh is not used.

        """
        self.folder = folder
        self._environment = _environment(folder, {**_ALWAYS, **settings}, ssh)
        self._program = shutil.which("git", path=_PATH)

    def require(self) -> None:
        """
        Find git.

        Raises:
            SourceUnreadable: it is missing or too old.

        """
        found = re.search(r"(\d+)\.(\d+)", self.text("version"))
        if not found or (int(found[1]), int(found[2])) < _OLDEST:
            raise SourceUnreadable("git is older than 2.37: install a newer one")

    def text(self, *arguments: str, seconds: float = 60.0) -> str:
        """Return what a short command says, without outer white space."""
        return self.output(*arguments, seconds=seconds).decode(errors="replace").strip()

    def output(self, *arguments: str, seconds: float = 60.0, alive: Callable[[], None] = lambda: None) -> bytes:
        """
        Return what a command writes.

        Raises:
            GitFailed: it ended with a fault, or took too long.

        """
        with tempfile.TemporaryFile() as out:
            self._run(arguments, out, seconds, alive, lambda: None)
            out.seek(0)
            return out.read()

    def fetch(self, *arguments: str, seconds: float, max_mb: int, alive: Callable[[], None]) -> None:
        """
        Run a command that brings objects, until the folder is larger than a limit.

        Raises:
            GitFailed: as above.
            SourceUnreadable: the repository is larger than the limit.

        """

        def look() -> None:
            if _size(self.folder) > max_mb * 2**20:
                raise SourceUnreadable(f"the repository has more than {max_mb} MB, the limit (FOOTNOTE_GIT__MAX_MB)")

        with tempfile.TemporaryFile() as out:
            self._run(arguments, out, seconds, alive, look)
        look()

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command that is talked to through pipes; whoever starts it ends it."""
        return subprocess.Popen(  # noqa: S603 - git by its full path, no shell
            self._line(arguments),
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _line(self, arguments: Sequence[str]) -> list[str]:
        if self._program is None:
            raise SourceUnreadable("git is not installed on this machine: install it, then sync again")
        return [self._program, "--no-pager", "--literal-pathspecs", f"--git-dir={self.folder}", *arguments]

    def _run(
        self,
        arguments: Sequence[str],
        out: IO[bytes],
        seconds: float,
        alive: Callable[[], None],
        look: Callable[[], None],
    ) -> None:
        ends = time.monotonic() + seconds
        with tempfile.TemporaryFile() as told:
            process = subprocess.Popen(  # noqa: S603 - as above
                self._line(arguments),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=told,
                start_new_session=True,
            )
            try:
                while _running(process):
                    alive()
                    look()
                    if time.monotonic() > ends:
                        raise GitFailed(f"git took longer than {seconds:.0f} seconds (FOOTNOTE_GIT__SECONDS)")
            finally:
                _end(process)
            if process.returncode:
                told.seek(0)
                raise GitFailed(_reason(told.read()))


class GitFailed(SourceUnreadable):
    """git said no; the message is its own last word."""


def git_settings(address: GitAddress, addresses: Sequence[Address], token: str | None) -> dict[str, str]:
    """Return settings that allow one repository, at the addresses that were checked, with one token."""
    settings = {f"protocol.{address.scheme}.allow": "always"}
    if address.scheme in ("http", "https"):
        shown = ",".join(f"[{one}]" if one.version == 6 else str(one) for one in addresses)  # noqa: PLR2004 - of the protocol
        settings["http.curloptResolve"] = f"{address.host}:{address.port}:{shown}"
        if token:
            settings[f"http.{address.url}.extraHeader"] = f"Authorization: Basic {_basic(token)}"
    return settings


def ssh_command(address: GitAddress, at: Address, folder: Path, key_file: str | None) -> str:
    """Return the command line of ssh for one host at one address, with one key and nothing of the account's own."""
    options = {
        "BatchMode": "yes",
        "ClearAllForwardings": "yes",
        "ConnectTimeout": "20",
        "HostKeyAlias": address.host,
        "HostName": str(at),
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "PermitLocalCommand": "no",
        "StrictHostKeyChecking": "accept-new",
        "UserKnownHostsFile": str(folder / "known_hosts"),
    }
    line = ["ssh", "-F", os.devnull, *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
    return shlex.join([*line, "-i", key_file or os.devnull])


def _basic(token: str) -> str:
    """Return a token as every host takes it: with any user name, unless it brings its own."""
    if not token.isascii() or not token.isprintable():
        raise BadInput("the token holds characters that no token has")
    return b64encode((token if ":" in token else f"x-access-token:{token}").encode()).decode()


def _environment(folder: Path, settings: Mapping[str, str], ssh: str | None) -> dict[str, str]:
    """Return all that git learns of its surroundings; settings go here since others may see a command line."""
    environment = {
        "PATH": _PATH,
        "LC_ALL": "C",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_SSH_VARIANT": "ssh",
        "GIT_SSH_COMMAND": ssh or "false",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (name, value) in enumerate(settings.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = name
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _running(process: "subprocess.Popen[bytes]") -> bool:
    """Wait a moment; say whether a process still runs."""
    try:
        process.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process with all that it started, if it still runs."""
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _size(folder: Path) -> int:
    """Return the bytes of all files of a folder, those that vanish meanwhile left out."""
    total = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(inside) / name).lstat().st_size
    return total


def _reason(told: bytes) -> str:
    """Return git's own last word as one clause."""
    lines = [line.strip() for line in told.decode(errors="replace").splitlines() if line.strip()]
    said = (
        [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:", "remote:"))] or lines or ["a fault"]
    )
    clause = said[-1].removeprefix("fatal: ").removeprefix("error: ")
    return "".join(char if char.isprintable() else " " for char in clause)[:_SHOWN]
