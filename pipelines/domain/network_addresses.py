"""What an address of the network is: public, private, or one with a meaning of its own. Pure; resolves nothing."""

from enum import IntEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import NamedTuple, TypeAlias


Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class Reach(IntEnum):
    """How much must be said before anything connects to an address, from nothing to more than can be said."""

    PUBLIC = 0
    """Reached wherever public addresses may be."""
    PRIVATE = 1
    """Reached where its host or its network is listed."""
    SPECIAL = 2
    """Reached where its network is listed; the name of a host does not suffice."""
    METADATA = 3
    """Reached where exactly this address is listed: it hands out the machine's own credentials."""
    NEVER = 4
    """No address of a server."""


class AddressKind(NamedTuple):
    """What an address is, in words that go on after "is", and how it may be reached."""

    words: str
    reach: Reach


_PUBLIC = AddressKind("a public address", Reach.PUBLIC)
_METADATA = AddressKind("a metadata address of a cloud", Reach.METADATA)
_RESERVED = AddressKind("a reserved address", Reach.SPECIAL)
_TRANSITION = AddressKind("an IPv6 form of an IPv4 address", Reach.SPECIAL)
_NOBODY = AddressKind("no address of a server", Reach.NEVER)
_MULTICAST = AddressKind("a multicast address", Reach.NEVER)
_LOOPBACK = AddressKind("an address of this machine", Reach.PRIVATE)
_PRIVATE = AddressKind("a private address", Reach.PRIVATE)
_LINK_LOCAL = AddressKind("a link-local address", Reach.SPECIAL)

# IANA's registries of special-purpose addresses, and where clouds put their metadata. First match wins.
_KINDS: tuple[tuple[str, AddressKind], ...] = (
    ("169.254.169.254/32", _METADATA),
    ("169.254.170.2/32", _METADATA),
    ("169.254.170.23/32", _METADATA),
    ("100.100.100.200/32", _METADATA),
    ("168.63.129.16/32", _METADATA),
    ("192.0.0.192/32", _METADATA),
    ("fd00:ec2::254/128", _METADATA),
    ("fd00:ec2::23/128", _METADATA),
    ("fd20:ce::254/128", _METADATA),
    ("0.0.0.0/8", _NOBODY),
    ("255.255.255.255/32", _NOBODY),
    ("224.0.0.0/4", _MULTICAST),
    ("127.0.0.0/8", _LOOPBACK),
    ("10.0.0.0/8", _PRIVATE),
    ("172.16.0.0/12", _PRIVATE),
    ("192.168.0.0/16", _PRIVATE),
    ("100.64.0.0/10", _PRIVATE),
    ("169.254.0.0/16", _LINK_LOCAL),
    ("192.0.0.0/24", _RESERVED),
    ("192.0.2.0/24", _RESERVED),
    ("192.88.99.0/24", _RESERVED),
    ("198.18.0.0/15", _RESERVED),
    ("198.51.100.0/24", _RESERVED),
    ("203.0.113.0/24", _RESERVED),
    ("240.0.0.0/4", _RESERVED),
    ("::/128", _NOBODY),
    ("::1/128", _LOOPBACK),
    ("::/96", _TRANSITION),
    ("::ffff:0:0/96", _TRANSITION),
    ("::ffff:0:0:0/96", _TRANSITION),
    ("64:ff9b::/96", _TRANSITION),
    ("64:ff9b:1::/48", _TRANSITION),
    ("2002::/16", _TRANSITION),
    ("2001::/32", _TRANSITION),
    ("2001::/23", _RESERVED),
    ("2001:db8::/32", _RESERVED),
    ("3fff::/20", _RESERVED),
    ("fc00::/7", _PRIVATE),
    ("fe80::/10", _LINK_LOCAL),
    ("fec0::/10", _RESERVED),
    ("ff00::/8", _MULTICAST),
)
_TABLE: tuple[tuple[Network, AddressKind], ...] = tuple((ip_network(text), kind) for text, kind in _KINDS)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def is_loopback(address: Address) -> bool:
    """Say whether an address is one of this machine, 127.0.0.0/8 or ::1; no IPv6 form of one is."""
    return kind_of(address) is _LOOPBACK


def kind_of(address: Address) -> AddressKind:
    """
    Return what an address is.

    An IPv6 address that carries an IPv4 one (mapped, compatible, translated, 6to4, Teredo,
    NAT64, ISATAP) is never public, whatever it carries; nor is one with a scope.
    """
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return _LINK_LOCAL
        if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
            return _TRANSITION
    for network, kind in _TABLE:
        if address.version == network.version and address in network:
            return kind
    outside = isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST
    return _RESERVED if outside or not address.is_global else _PUBLIC
