"""Addresses that must never be connected to, in every spelling that some program reads as one."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address


PLACES = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 - an address to be refused, nothing is bound to it
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
)
SIX = (
    "::",
    "::1",
    "fe80::1",
    "fe80::1%25eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fec0::1",
    "ff02::1",
    "100::1",
    "2001:db8::1",
    "2001:10::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
)


def ipv4_spellings(address: str) -> Iterator[str]:
    """Yield what a browser, curl or a C library reads as this address, its own spelling first."""
    number, octets = int(IPv4Address(address)), [int(one) for one in address.split(".")]
    yield address
    yield f"{address}."
    yield str(number)
    yield hex(number)
    yield hex(number).upper()
    yield f"0{number:o}"
    yield ".".join(f"0x{one:x}" for one in octets)
    yield ".".join(f"0{one:o}" for one in octets)
    yield ".".join(f"{one:03d}" for one in octets)
    yield f"{octets[0]}.{number & 0xFFFFFF}"
    yield f"{octets[0]}.{octets[1]}.{number & 0xFFFF}"
    yield "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in address)
    yield address.replace(".", "\u3002")
    yield address.replace(".", "%2e")


def ipv6_forms(address: str) -> Iterator[str]:
    """Yield the IPv6 addresses that carry this one."""
    number = int(IPv4Address(address))
    yield f"::ffff:{address}"
    for high in ("::ffff:0:0", "::", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::", "2001:db8:1::5efe:0:0"):
        yield str(IPv6Address(int(IPv6Address(high)) | number))
    yield str(IPv6Address(int(IPv6Address("2002::")) | (number << 80)))
    yield str(IPv6Address(int(IPv6Address("2001::")) | (number ^ 0xFFFF_FFFF)))
    yield str(IPv6Address(int(IPv6Address("2600:1::5efe:0:0")) | number))


def hostile_urls(port: int) -> tuple[str, ...]:
    """Return web addresses that lead to none of the public network, each once."""
    found = [f"http://{one}:{port}/" for place in PLACES for one in ipv4_spellings(place)]
    found += [f"http://[{one}]:{port}/" for place in PLACES for one in ipv6_forms(place)]
    found += [f"http://[{one}]:{port}/" for one in SIX]
    found += [
        f"http://user:secret@127.0.0.1:{port}/",
        f"http://example.com@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}\\@example.com/",
        f"http:\\\\127.0.0.1:{port}/",
        f"http://127.0.0.1\t:{port}/",
        f"http://\u202e127.0.0.1:{port}/",
        f"ftp://127.0.0.1:{port}/",
        f"gopher://127.0.0.1:{port}/_GET",
        "file:///etc/passwd",
        "unix:///var/run/docker.sock",
        f"//127.0.0.1:{port}/",
        f"127.0.0.1:{port}",
        f"http://127.0.0.1:{port}:80/",
        "http://:80/",
        "http:///etc",
        "",
    ]
    return tuple(dict.fromkeys(found))
