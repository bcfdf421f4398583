"""The address of a repository: which programs would read it in one way only. Connects to nothing."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from pipelines.adapters.safe_http import Refused, parse_url
from pipelines.adapters.safe_http.urls import host_name
from pipelines.domain.egress import DEFAULT_PORTS
from pipelines.domain.values import Value
from pipelines.errors import BadInput


_SCP = re.compile(r"(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@(?P<host>[^/:@\[\]]+):(?P<path>[^:].*)", re.ASCII)
_SSH = re.compile(r"(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@(?P<rest>.+)", re.ASCII)
_PATH = re.compile(r"/?[A-Za-z0-9_.~+][A-Za-z0-9_.~+@/-]*", re.ASCII)
_BRANCH = re.compile(r"(?![-./])(?!.*(?:\.\.|//|@\{|\.lock(?:/|$)|[./]$))[^\x00-\x20\x7f~^:?*\[\\]+")


@dataclass(frozen=True, slots=True)
class GitAddress(Value):
    """
    Where a repository is.

    Attributes:
        scheme: `https`, `http`, `ssh` or `file`.
        url: as git is told.
        host: a name in ASCII or an address; "" for one of this machine.
        port: 0 for one of this machine.
        web: the address under which people see the repository; its `file:` address for one of this machine.

    """

    scheme: str
    url: str
    host: str
    port: int
    web: str


def parse_git_address(text: str) -> GitAddress:
    """
    Return the meaning of `https://…`, `ssh://user@host/…`, `user@host:path`, `file:///…` or an absolute path.

    Raises:
        BadInput: it is none of these, or holds a password.

    """
    plain = text.strip().removeprefix("git+")
    if not plain.isprintable():
        raise BadInput(f"the address {plain!r} holds control characters")
    scheme = plain.partition("://")[0].lower() if "://" in plain else ""
    if scheme in ("http", "https"):
        return _web(plain)
    if scheme == "file" or plain.startswith("/"):
        return _local(plain)
    if scheme == "ssh":
        found = _SSH.fullmatch(plain[len("ssh://") :])
        if found:
            return _ssh(found["user"], *_split(found["rest"]), plain)
    elif not scheme and (found := _SCP.fullmatch(plain)):
        return _ssh(found["user"], found["host"], DEFAULT_PORTS["ssh"], found["path"], plain)
    raise BadInput(
        f"{plain!r} is no address of a git repository: https://…, ssh://git@host/…, git@host:path or file:///…"
    )


def checked_branch(name: str) -> str:
    """
    Return the name of a branch if git could have one of that name.

    Raises:
        BadInput: it could not.

    """
    if not name.isprintable() or not _BRANCH.fullmatch(name):
        raise BadInput(f"{name!r} is no name of a branch")
    return name


def checked_subfolder(path: str) -> str:
    """
    Return a folder of the repository without outer slashes; "" for all of it.

    Raises:
        BadInput: it leads elsewhere.

    """
    inner = path.strip("/")
    if inner and (not inner.isprintable() or any(part in ("", ".", "..") for part in inner.split("/"))):
        raise BadInput(f"{path!r} is no folder within a repository")
    return inner


def _web(text: str) -> GitAddress:
    url = parse_url(text)
    if "?" in url.target:
        raise BadInput(f"{url.netloc}{url.target.partition('?')[0]} is refused as a repository: it holds a query")
    return GitAddress(url.scheme, str(url), url.host, url.port, _without_git(str(url)))


def _local(text: str) -> GitAddress:
    try:
        parts = urlsplit(text) if text.lower().startswith("file:") else None
    except ValueError as fault:
        raise BadInput(f"{text!r} is no repository of this machine: its address cannot be read") from fault
    path = Path(unquote(parts.path) if parts else text)
    if (parts and parts.netloc) or not path.is_absolute():
        raise BadInput(f"{text!r} is no repository of this machine: file:/// and an absolute path are expected")
    url = f"file://{quote(str(path))}"
    return GitAddress("file", url, "", 0, url)


def _ssh(user: str, host: str, port: int, path: str, text: str) -> GitAddress:
    if not _PATH.fullmatch(path):
        raise BadInput(f"{text!r} is refused as a repository: its path holds unusual characters")
    try:
        name = host_name(host)
    except Refused as fault:
        raise BadInput(str(fault)) from fault
    port_shown = "" if port == DEFAULT_PORTS["ssh"] else f":{port}"
    # Without the slash a path begins in the home folder of the account, which only this spelling says.
    url = f"ssh://{user}@{name}{port_shown}/{path.removeprefix('/') if path.startswith('/') else f'~/{path}'}"
    if "~" not in path and not path.startswith("/") and not port_shown:
        url = f"{user}@{name}:{path}"
    return GitAddress("ssh", url, name, port, f"https://{name}/{_without_git(path.lstrip('/'))}")


def _split(rest: str) -> tuple[str, int, str]:
    """Return host, port and path of `host[:port]/path`."""
    place, slash, path = rest.partition("/")
    host, _, port = place.partition(":")
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= len("65535") else 0
    if not slash or (port and not number):
        raise BadInput(f"{rest!r} is no address of a git repository: ssh://git@host/path is expected")
    return host, number or DEFAULT_PORTS["ssh"], f"/{path}"


def _without_git(address: str) -> str:
    return address.rstrip("/").removesuffix(".git")
