"""Addresses of files on hosts of code: at one commit, so that they never show another text. Pure."""

import re
from collections.abc import Callable
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from pipelines.errors import BadInput


_PATTERNS = MappingProxyType(
    {
        "github": "{repository}/blob/{commit}/{path}",
        "gitlab": "{repository}/-/blob/{commit}/{path}",
        "bitbucket": "{repository}/src/{commit}/{path}",
        "gitea": "{repository}/src/commit/{commit}/{path}",
        "forgejo": "{repository}/src/commit/{commit}/{path}",
        "codeberg": "{repository}/src/commit/{commit}/{path}",
        "azure": "{repository}?path=/{path}&version=GC{commit}",
    }
)
"""A word in the host's name -> how that host writes the permanent address of a file."""

_PUBLIC = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")
_OWNER_AND_NAME = 2
_FIELDS = ("commit", "branch", "path")
_FIELD = re.compile(r"\{([^{}]*)\}")


def checked_template(text: str) -> str:
    """
    Return a template of addresses if it is one.

    Raises:
        BadInput: it is no http(s) address, names no `{path}`, or holds another field than
            `{path}`, `{commit}` and `{branch}`.

    """
    wrong = [one for one in _FIELD.findall(text) if one not in _FIELDS]
    try:
        parts = urlsplit(text)
    except ValueError as fault:
        raise BadInput(f"the link template {text!r} is no http(s) address of a fixed host") from fault
    if parts.scheme not in ("http", "https") or not parts.netloc or "{" in parts.netloc or "@" in parts.netloc:
        raise BadInput(f"the link template {text!r} is no http(s) address of a fixed host")
    if wrong or "{path}" not in text or not text.isprintable() or " " in text:
        raise BadInput(f"the link template {text!r} must hold {{path}}, and may hold {{commit}} and {{branch}}")
    return text


def is_repository(host: str, path: str) -> bool:
    """Say whether a web address is that of a repository on a public host of code: nobody means its pages as a site."""
    return host.removeprefix("www.") in _PUBLIC and len([one for one in path.split("/") if one]) == _OWNER_AND_NAME


def file_addresses(repository: str, branch: str, template: str | None) -> Callable[[str, str], str]:
    """
    Return what makes the address of a file of (path within the repository, commit).

    Args:
        repository: the web address of the repository, without `.git`; of one on this
            machine its `file:` address.
        branch: for a template.
        template: how addresses are written; None for what the host is known for. Of an
            unknown host every file has the address of its repository.

    """
    pattern = template or _pattern(urlsplit(repository).hostname or "") or "{repository}"

    def address(path: str, commit: str) -> str:
        values = {"repository": repository, "commit": commit, "branch": quote(branch), "path": quote(path)}
        return _FIELD.sub(lambda found: values.get(found[1], found[0]), pattern)

    return address


def heading_fragment(address: str, anchor: str) -> str:
    """Return the fragment that opens a heading of a Markdown file on its host, where its slug is GitHub's."""
    prefix = "markdown-header-" if "bitbucket" in (urlsplit(address).hostname or "") else ""
    return f"#{prefix}{quote(anchor, safe='')}"


def line_fragment(address: str, rows: str) -> str:
    """Return the fragment that opens lines of a file on its host: "12" or "12-14" of the file."""
    first, _, last = rows.partition("-")
    parts = urlsplit(address)
    if "bitbucket" in (parts.hostname or ""):
        return f"#lines-{first}" + (f":{last}" if last else "")
    end = f"-{last}" if "/-/blob/" in parts.path else f"-L{last}"
    return f"#L{first}" + (end if last else "")


def _pattern(host: str) -> str | None:
    return next((pattern for word, pattern in _PATTERNS.items() if word in host), None)
