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
