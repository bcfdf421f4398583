"""A host to the addresses that may be connected to. Connects to nothing."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import TypeAlias

from pipelines.adapters.safe_http.faults import Refused, Unreachable
from pipelines.domain.egress import Egress
from pipelines.domain.network_addresses import Address


Resolver: TypeAlias = Callable[[str], Sequence[str]]
"""A name -> its addresses, best first; raises OSError or returns none where it is not known."""


def system_resolver(host: str) -> Sequence[str]:
    """Return the addresses that this machine finds for a name, in its order of preference."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked_addresses(
    egress: Egress, host: str, port: int, scheme: str, resolver: Resolver = system_resolver
) -> tuple[Address, ...]:
    """
    Return the addresses of a host, each of which may be connected to; at least one.

    A host is refused as soon as one of its addresses is: of a mixture, the next look-up
    could give the other part.

    Args:
        egress: what is allowed.
        host: a name in ASCII, or an address.
        port: where the connection will go.
        scheme: whose usual port needs no listing: `http`, `https` or `ssh`.
        resolver: finds the addresses of a name; is not asked for addresses.

    Raises:
        Refused: the host, its port or one of its addresses is not allowed.
        Unreachable: the name is not known now.

    """
    literal = _address(host)
    if literal is None and (reason := egress.refusal_unresolved(host, port, scheme)):
        raise Refused(reason)
    addresses = (literal,) if literal else _resolved(host, resolver)
    for address in addresses:
        if reason := egress.refusal(host, address, port, scheme):
            raise Refused(reason)
    return addresses


def _resolved(host: str, resolver: Resolver) -> tuple[Address, ...]:
    try:
        found = [_address(one) for one in resolver(host)]
    except (OSError, UnicodeError) as fault:
        raise Unreachable(f"the name {host} cannot be resolved now: {fault}") from fault
    if not found or None in found:
        raise Unreachable(f"the name {host} has no address now")
    return tuple(one for one in found if one is not None)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
