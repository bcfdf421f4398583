"""Promises of FOOTNOTE_EGRESS: what its forms mean, and that nothing else is allowed."""

from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.egress import Egress


def _allowed(setting: str, host: str, address: str, port: int = 443, scheme: str = "https") -> bool:
    egress = Egress.parse(setting)
    unresolved = egress.refusal_unresolved(host, port, scheme)
    return unresolved is None and egress.refusal(host, ip_address(address), port, scheme) is None


@pytest.mark.parametrize(
    ("setting", "host", "address", "port", "expected"),
    [
        ("any", "a.example", "93.184.216.34", 443, True),
        ("any", "a.example", "93.184.216.34", 8443, False),
        ("any", "a.example", "10.0.0.1", 443, False),
        ("none", "a.example", "93.184.216.34", 443, False),
        ("a.example", "a.example", "93.184.216.34", 443, True),
        ("a.example", "b.example", "93.184.216.34", 443, False),
        ("a.example", "a.example", "10.0.0.1", 443, True),
        ("a.example:8443", "a.example", "10.0.0.1", 8443, True),
        ("a.example:8443", "a.example", "10.0.0.1", 443, False),
        ("*.example", "a.b.example", "10.0.0.1", 443, True),
        ("*.example", "badexample", "10.0.0.1", 443, False),
        ("*.example", "example", "10.0.0.1", 443, False),
        ("10.0.0.0/8", "a.example", "10.9.9.9", 443, True),
        ("10.0.0.0/8", "a.example", "93.184.216.34", 443, False),
        ("any,10.0.0.0/8:8080", "a.example", "10.9.9.9", 8080, True),
        ("any,10.0.0.0/8:8080", "a.example", "93.184.216.34", 8080, False),
        ("fd00::/8", "a.example", "fd00::1", 443, True),
        ("[fd00::1]:8080", "fd00::1", "fd00::1", 8080, True),
        ("64:ff9b::/96", "a.example", "64:ff9b::5db8:d822", 443, True),
        ("any,0.0.0.0/0", "a.example", "224.0.0.1", 443, False),
        ("ANY , A.Example.", "a.example", "10.0.0.1", 443, True),
    ],
)
def test_a_form_allows_what_it_says(setting: str, host: str, address: str, port: int, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """Public addresses by `any`, private ones by their host or network, ports beside the usual by name."""
    assert _allowed(setting, host, address, port) is expected


@pytest.mark.parametrize(
    "wrong", ["", " , ", "none, a.example", "http://a.example", "a b", "10.0.0.0/33", "a:0", "a:99999", "1.2.3", "a/b"]
)
def test_anything_else_is_no_value(wrong: str) -> None:
    """What is misspelt is refused at the start: it would allow something else than was meant."""
    with pytest.raises(ValueError, match="expected"):
        Egress.parse(wrong)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    """A value is read, or refused as a value; nothing else is raised."""
    with suppress(ValueError):
        Egress.parse(text)


@pytest.mark.parametrize(
    ("setting", "host", "port", "any_port", "expected"),
    [
        ("none", "localhost", 1, False, True),
        ("none", "LocalHost", 1, False, True),
        ("none", "127.9.9.9", 1, False, True),
        ("none", "::1", 1, False, True),
        ("none", "localhost.", 443, False, False),
        ("none", "::ffff:127.0.0.1", 443, False, False),
        ("none", "0.1.2.3", 443, False, False),
        ("0.1.2.3", "0.1.2.3", 443, False, False),
        ("0.0.0.0/0", "127.1", 443, False, False),
        ("a.example", "A.Example.", 443, False, True),
        ("a.example", "a.example", 8443, False, False),
        ("a.example", "a.example", 8443, True, True),
        ("a.example:443", "a.example", 8443, True, False),
        ("*.example", "*.example", 443, False, False),
        ("*.example", "a.example", 443, False, True),
        ("*.example", "b@a.example", 443, False, False),
        ("*.example", "", 443, False, False),
        ("10.0.0.0/8", "10.1.1.1", 443, False, True),
        ("10.0.0.0/8", "a.example", 443, False, False),
        ("0.0.0.0/0", "169.254.169.254", 443, False, False),
        ("[fd00::1]:8080", "fd00::1", 8080, False, True),
    ],
)
def test_a_server_that_is_named_is_this_machine_or_listed(
    setting: str, host: str, port: int, *, any_port: bool, expected: bool
) -> None:
    """A name by its name, an address by its network, each at its port; nothing is looked up."""
    said = Egress.parse(setting).refusal_named(host, port, "https", any_port=any_port)
    assert (said is None) is expected
    assert said is None or "FOOTNOTE_EGRESS" in said


@pytest.mark.parametrize(("scheme", "port"), [("postgresql", 5432), ("redis", 6379), ("rediss", 6379)])
def test_usual_ports_of_engines_need_no_listing(scheme: str, port: int) -> None:
    """An entry without a port means the usual one of PostgreSQL and Redis."""
    egress = Egress.parse("a.example")
    assert egress.refusal_named("a.example", port, scheme) is None
    assert egress.refusal_named("a.example", port + 1, scheme) is not None
