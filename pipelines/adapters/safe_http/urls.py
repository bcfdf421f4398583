"""One reading of a web address: what could be read in two ways is refused. Resolves nothing."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

import idna

from pipelines.adapters.safe_http.faults import Refused
from pipelines.domain.egress import DEFAULT_PORTS
from pipelines.domain.values import Value


_MAX_LENGTH = 8000
_MAX_HOST = 253
_MAX_PORT = 65535
_MAX_SHOWN = 200
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\\]")
_NETLOC = re.compile(r"(?:\[(?P<six>[^\[\]]*)\]|(?P<name>[^\[\]:]*))(?::(?P<port>[0-9]{1,5})?)?", re.ASCII)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_KEPT = "%/:=&?~+!$,;'@()*[]|^`{}"


@dataclass(frozen=True, slots=True)
class Url(Value):
    """
    A web address as it is requested.

    Attributes:
        scheme: `http` or `https`.
        host: a name in ASCII and lower case, or an address without brackets.
        port: its number, also where it is the usual one.
        target: path and query in ASCII; begins with `/`.

    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials belong to."""
        return self.scheme, self.host, self.port

    @property
    def netloc(self) -> str:
        """Host and, if it is not the usual one, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Return the address in full, without fragment."""
        return f"{self.scheme}://{self.netloc}{self.target}"


def parse_url(text: str) -> Url:
    """
    Return the one meaning of a web address; its fragment is dropped.

    Raises:
        Refused: another scheme than http and https, a user name or password, an address in
            an unusual spelling, or anything that programs read in different ways.

    """
    if len(text) > _MAX_LENGTH or _BLANK.search(text):
        raise Refused(f"{_shown(text)} is no web address: it is too long, or holds spaces, backslashes or controls")
    try:
        parts = urlsplit(text)
    except ValueError as fault:
        raise Refused(f"{_shown(text)} is no web address: its host cannot be read") from fault
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise Refused(f"{_shown(text)} is refused: only http and https are requested")
    if "@" in parts.netloc:
        raise Refused(f"an address of the host {parts.netloc.rpartition('@')[2]!r} is refused: it holds a user name")
    found = _NETLOC.fullmatch(parts.netloc)
    port = int(found["port"] or DEFAULT_PORTS[scheme]) if found else 0
    if not found or not 0 < port <= _MAX_PORT:
        raise Refused(f"{_shown(text)} is no web address: its host or port cannot be read")
    host = _ipv6(found["six"], text) if found["six"] is not None else host_name(found["name"])
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return Url(scheme, host, port, target if target[0] == "/" else f"/{target}")


def host_name(text: str) -> str:
    """
    Return the name of a host in ASCII, or a dotted IPv4 address.

    Raises:
        Refused: it is no name, or an address in an unusual spelling (decimal, octal,
            hexadecimal, shortened, or in other characters than ASCII).

    """
    name = text
    if not text.isascii():
        try:
            name = idna.encode(text, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as fault:
            raise Refused(f"{_shown(text)} is no name of a host") from fault
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(name, text)
    if len(name) > _MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused(f"{_shown(text)} is no name of a host")
    return name


def _ipv4(name: str, text: str) -> str:
    """Return an address in the one spelling that all programs read alike."""
    try:
        address = str(IPv4Address(name))
    except AddressValueError:
        address = ""
    if not text.isascii() or address != name:
        raise Refused(f"{_shown(text)} is refused: it is an unusual spelling of an address")
    return address


def _ipv6(literal: str, text: str) -> str:
    try:
        address = IPv6Address(literal)
    except AddressValueError as fault:
        raise Refused(f"{_shown(text)} is no web address: its host cannot be read") from fault
    if address.scope_id is not None:
        raise Refused(f"{_shown(text)} is refused: its address names an interface of this machine")
    return str(address)


def _shown(text: str) -> str:
    """Return an address for a message: no user name, no password, no query."""
    visible = re.sub(r"//[^/?#]*@", "//", text).partition("?")[0]
    return repr(visible[:_MAX_SHOWN])
