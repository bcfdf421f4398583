"""Promises of safe_http against addresses that somebody chose to reach what he must not."""

import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.safe_http import Refused, SafeHttp, Unreachable, checked_addresses, parse_url
from pipelines.domain.egress import Egress
from pipelines.domain.network_addresses import Reach, kind_of
from tests.security.connections import RecordingResolver, connections, trap
from tests.security.hostile_addresses import PLACES, SIX, hostile_urls, ipv4_spellings, ipv6_forms
from tests.web_server import WebServer


PUBLIC_NAME = "docs.example"


def test_200_hostile_addresses_get_no_connection() -> None:
    """Each is refused with one sentence; nobody is connected to and no name is looked up."""
    resolver = RecordingResolver({})
    with trap() as (port, came), connections() as begun, SafeHttp(Egress(), resolver=resolver) as http:
        urls = hostile_urls(port)
        for url in urls:
            with pytest.raises(Refused) as refused:
                http.get(url)
            assert str(refused.value)
            assert "\n" not in str(refused.value)
    assert len(urls) >= 200
    assert (begun, came, resolver.asked) == ([], [], [])


def test_names_that_lead_to_hostile_addresses_get_no_connection() -> None:
    """What counts is where a name leads: each address is checked after the look-up."""
    hostile = [
        *PLACES,
        *(one for one in SIX if "%" not in one),
        *(one for place in PLACES for one in ipv6_forms(place)),
    ]
    known = {f"n{number}.example": [[address]] for number, address in enumerate(hostile)}
    resolver = RecordingResolver(known)
    with connections() as begun, SafeHttp(Egress(), resolver=resolver) as http:
        for name in known:
            with pytest.raises(Refused, match="leads to"):
                http.get(f"http://{name}/")
    assert len(known) > 150
    assert resolver.asked == list(known)
    assert begun == []


def test_one_hostile_address_among_good_ones_refuses_a_name() -> None:
    """Of a mixture nobody knows which part the next look-up gives."""
    resolver = RecordingResolver({PUBLIC_NAME: [["93.184.216.34", "127.0.0.1"]]})
    with connections() as begun, SafeHttp(Egress(), resolver=resolver) as http, pytest.raises(Refused):
        http.get(f"http://{PUBLIC_NAME}/")
    assert begun == []


def test_a_name_is_looked_up_once_and_connected_where_it_was_checked() -> None:
    """A resolver that gives a harmless address first and an inner one later wins nothing."""
    with WebServer({"/": (200, {}, b"here")}) as server:
        resolver = RecordingResolver({PUBLIC_NAME: [["127.0.0.1"], ["127.0.0.2"]]})
        egress = Egress.parse(f"127.0.0.1:{server.port}")
        with connections() as begun, SafeHttp(egress, resolver=resolver) as http:
            assert http.get(f"http://{PUBLIC_NAME}:{server.port}/").body == b"here"
        assert resolver.asked == [PUBLIC_NAME]
        assert begun == [("127.0.0.1", server.port)]
        with connections() as begun, SafeHttp(egress, resolver=resolver) as http, pytest.raises(Refused):
            http.get(f"http://{PUBLIC_NAME}:{server.port}/")
        assert begun == []


def test_a_redirect_to_a_hostile_address_is_not_followed() -> None:
    """Each step is checked as the first was."""
    resolver = RecordingResolver({"inner.example": [["10.0.0.1"]]})
    targets = ["http://169.254.169.254/latest", "http://inner.example/", "file:///etc/passwd", "http://2130706433/"]
    pages = {f"/{number}": (302, {"Location": to}, b"") for number, to in enumerate(targets)}
    with WebServer(pages) as server, connections() as begun:
        egress = Egress.parse(f"any, 127.0.0.1:{server.port}")
        with SafeHttp(egress, resolver=resolver) as http:
            for page in pages:
                with pytest.raises(Refused):
                    http.get(f"{server.url}{page}")
        assert set(begun) == {("127.0.0.1", server.port)}


def test_none_looks_up_and_connects_to_nothing() -> None:
    """With FOOTNOTE_EGRESS=none not even a name leaves."""
    resolver = RecordingResolver({PUBLIC_NAME: [["93.184.216.34"]]})
    egress = Egress.parse("none")
    with connections() as begun, SafeHttp(egress, resolver=resolver) as http:
        for url in (f"https://{PUBLIC_NAME}/", "http://93.184.216.34/", "http://127.0.0.1:8000/"):
            with pytest.raises(Refused):
                http.get(url)
    assert (begun, resolver.asked) == ([], [])


def test_a_listed_name_may_be_private_and_nothing_worse() -> None:
    """To list a wiki of one's own opens neither metadata nor link-local addresses to whoever rules its name."""
    egress = Egress.parse("wiki.example")
    private = RecordingResolver({"wiki.example": [["10.1.2.3"]]})
    assert [str(one) for one in checked_addresses(egress, "wiki.example", 443, "https", private)] == ["10.1.2.3"]
    for address in ("169.254.169.254", "169.254.0.9", "::ffff:10.0.0.1", "224.0.0.1", "168.63.129.16"):
        with pytest.raises(Refused):
            checked_addresses(egress, "wiki.example", 443, "https", RecordingResolver({"wiki.example": [[address]]}))


def test_metadata_is_reached_by_its_very_address_alone() -> None:
    """A network around it does not suffice: nobody means metadata who lists 169.254.0.0/16."""
    with pytest.raises(Refused, match="metadata"):
        checked_addresses(Egress.parse("any, 169.254.0.0/16"), "169.254.169.254", 80, "http")
    assert checked_addresses(Egress.parse("169.254.169.254"), "169.254.169.254", 80, "http")


@given(st.integers(0, 2**32 - 1), st.integers(0, 13))
def test_no_spelling_of_an_address_but_its_own_is_read(number: int, form: int) -> None:
    """Whatever the address, only four plain decimals are taken for it."""
    address = str(IPv4Address(number))
    spelling = list(ipv4_spellings(address))[form]
    try:
        host = parse_url(f"http://{spelling}/").host
    except Refused:
        return
    assert host == address
    assert spelling in (address, f"{address}.")


@given(st.integers(0, 2**32 - 1))
def test_an_ipv6_address_that_carries_another_is_never_public(number: int) -> None:
    """Mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP: refused, whatever they carry."""
    for form in ipv6_forms(str(IPv4Address(number))):
        assert kind_of(IPv6Address(form)).reach > Reach.PRIVATE or IPv6Address(form) == IPv6Address("::1")


@given(st.integers(0, 2**128 - 1) | st.integers(0x2000 << 112, 0x3FFF << 112))
def test_what_python_calls_not_global_is_not_public(number: int) -> None:
    """Our table is at least as strict as the standard library's."""
    address = IPv6Address(number)
    assert address.is_global or kind_of(address).reach is not Reach.PUBLIC


@given(st.integers(0, 2**32 - 1))
def test_public_ipv4_addresses_are_those_of_the_standard_library(number: int) -> None:
    """Nothing private is public, and nothing is refused without a reason."""
    address = IPv4Address(number)
    public = kind_of(address).reach is Reach.PUBLIC
    assert not public or (address.is_global and not address.is_multicast)
    expected = address.is_global and not address.is_multicast and str(address) != "168.63.129.16"
    assert public or not expected or str(address).startswith("192.88.99.")


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,40}(/.{0,10})?", fullmatch=True))
def test_any_text_is_read_in_one_way_or_refused(text: str) -> None:
    """What is read reads as itself again, and its host is a plain name or a plain address."""
    try:
        url = parse_url(text)
    except Refused:
        return
    assert parse_url(str(url)) == url
    assert str(url).isascii()
    assert not set(url.host) & set("@\\/?#% ")


def test_an_unknown_name_may_be_asked_for_again() -> None:
    """A resolver's fault is no refusal: the same name may be known in a minute."""
    with SafeHttp(Egress(), resolver=RecordingResolver({})) as http, pytest.raises(Unreachable):
        http.get("http://gone.example/")


def test_the_trap_sees_a_connection() -> None:
    """What the other tests rely on works."""
    with trap() as (port, came), connections() as begun:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as visitor:
            assert visitor.recv(1) == b""
        assert len(came) == 1
        assert begun == [("127.0.0.1", port)]
