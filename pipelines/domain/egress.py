"""Where Footnote may connect to: the meaning of FOOTNOTE_EGRESS. Pure; resolves and connects to nothing."""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import Self

from pipelines.domain.network_addresses import Address, Network, Reach, is_loopback, kind_of
from pipelines.domain.values import Value


SETTING = "FOOTNOTE_EGRESS"
DEFAULT_PORTS = MappingProxyType(
    {"http": 80, "https": 443, "ssh": 22, "postgresql": 5432, "redis": 6379, "rediss": 6379}
)
"""Scheme -> the port that needs no listing."""

_ENTRY = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<plain>[^\[\]]+?))(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_NAME = re.compile(r"(?:\*\.)?(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.ASCII)
_MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class EgressEntry(Value):
    """
    One place that is listed.

    Attributes:
        host: a name in lower case, `*.` before it for all names below; "" for a network.
        network: addresses; None for a host.
        port: the one port that is meant; None for the scheme's own.

    """

    host: str = ""
    network: Network | None = None
    port: int | None = None

    def fits_port(self, port: int, scheme: str) -> bool:
        """Say whether a port is one that this entry allows."""
        return port == (DEFAULT_PORTS.get(scheme) if self.port is None else self.port)

    def names(self, host: str) -> bool:
        """Say whether this entry lists a host by its name."""
        return bool(self.host) and (host == self.host or (self.host[0] == "*" and host.endswith(self.host[1:])))

    def holds(self, address: Address, reach: Reach) -> bool:
        """Say whether this entry lists an address; one of metadata only by itself."""
        if self.network is None or self.network.version != address.version or address not in self.network:
            return False
        return reach < Reach.METADATA or self.network.prefixlen == self.network.max_prefixlen


@dataclass(frozen=True, slots=True)
class Egress(Value):
    """
    The places that may be connected to.

    Attributes:
        public: every public address, at the usual port of the scheme.
        entries: hosts and networks beside that; private ones are reached only so.

    """

    public: bool = True
    entries: tuple[EgressEntry, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Return what a value of FOOTNOTE_EGRESS allows: `any`, `none`, or hosts and networks with commas between.

        `any` may stand among hosts and networks. An entry is `host`, `*.host`, an address or
        a network, each with `:port` behind it if another than the usual port is meant; an
        IPv6 address with a port stands in brackets.

        Raises:
            ValueError: a part is none of these; the message is a sentence's end for a person.

        """
        parts = [one.strip() for one in text.split(",") if one.strip()]
        if [one.lower() for one in parts] == ["none"]:
            return cls(public=False)
        entries = tuple(_entry(one) for one in parts if one.lower() != "any")
        if not parts:
            raise ValueError("expected any, none, or hosts and networks with commas between")
        return cls(public=len(entries) < len(parts), entries=entries)

    def refusal_unresolved(self, host: str, port: int, scheme: str) -> str | None:
        """Return why a host is refused before its name is looked up; None if its addresses decide."""
        fitting = [one for one in self.entries if one.fits_port(port, scheme)]
        if self.public and port == DEFAULT_PORTS.get(scheme):
            return None
        if any(one.network is not None or one.names(host) for one in fitting):
            return None
        return self._not_allowed(_place(host, port, scheme))

    def refusal(self, host: str, address: Address, port: int, scheme: str) -> str | None:
        """Return why an address, that a host resolved to, is refused; None if it may be connected to."""
        kind = kind_of(address)
        shown = str(address) if host == str(address) else f"{host} leads to {address}, which"
        if kind.reach is Reach.NEVER:
            return f"{shown} is {kind.words}"
        fitting = [one for one in self.entries if one.fits_port(port, scheme)]
        listed = any(one.holds(address, kind.reach) for one in fitting)
        if listed or (kind.reach <= Reach.PRIVATE and any(one.names(host) for one in fitting)):
            return None
        if kind.reach is Reach.PUBLIC:
            usual = self.public and port == DEFAULT_PORTS.get(scheme)
            return None if usual else self._not_allowed(_place(host, port, scheme))
        return f"{shown} is {kind.words}, and {SETTING} does not list it"

    def refusal_named(self, host: str, port: int, scheme: str, *, any_port: bool = False) -> str | None:
        """
        Return why a server is refused that an operator names; None for this machine, and for what is listed.

        Nothing is looked up: a name is listed by itself or by `*.`, an address by itself or by
        its network. Public places are none of this: where `any` stands, nobody asks.

        Args:
            host: a name, or an address without brackets.
            port: where it is connected to.
            scheme: whose usual port needs no listing.
            any_port: whether an entry without a port means whatever port is named.

        """
        address = _as_address(host)
        name = host.lower().removesuffix(".")
        if host.lower() == "localhost" or (address is not None and is_loopback(address)):
            return None
        fitting = [one for one in self.entries if one.fits_port(port, scheme) or (any_port and one.port is None)]
        if address is None:
            if not _NAME.fullmatch(name) or name.startswith("*"):
                return f"its host is neither a name nor an address, so {SETTING} cannot allow it"
            listed = any(one.names(name) for one in fitting)
        else:
            kind = kind_of(address)
            if kind.reach is Reach.NEVER:
                return f"{address} is {kind.words}, so {SETTING} cannot allow it"
            listed = any(one.holds(address, kind.reach) for one in fitting)
        return None if listed else self._not_allowed(_place(host, port, scheme))

    def _not_allowed(self, place: str) -> str:
        if not self.public and not self.entries:
            return f"no connection may leave ({SETTING}=none), so {place} is not reached"
        return f"{place} is not among the places that {SETTING} allows"


def _entry(text: str) -> EgressEntry:
    """Return one entry of the setting."""
    network, port = _as_network(text), None
    if network is not None:
        return EgressEntry(network=network)
    found = _ENTRY.fullmatch(text)
    if found and found["port"] is not None:
        port = int(found["port"])
    if not found or (port is not None and not 0 < port <= _MAX_PORT):
        raise ValueError(f"expected a host or network, perhaps with :port, got {text!r}")
    network = _as_network(found["six"] or found["plain"])
    if network is not None:
        return EgressEntry(network=network, port=port)
    name = (found["plain"] or "").lower().rstrip(".")
    if not _NAME.fullmatch(name) or name.rpartition(".")[2].isdigit() or name in ("any", "none"):
        raise ValueError(f"expected any, none, a host or a network such as 10.1.0.0/16, got {text!r}")
    return EgressEntry(host=name, port=port)


def _as_network(text: str) -> Network | None:
    """Return an address or a network; None where the text is neither."""
    try:
        return ip_network(text)
    except ValueError:
        return None


def _as_address(text: str) -> Address | None:
    """Return an address; None where the text is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def _place(host: str, port: int, scheme: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port == DEFAULT_PORTS.get(scheme) else f"{shown}:{port}"
