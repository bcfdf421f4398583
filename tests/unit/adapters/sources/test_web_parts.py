"""Promises of what the web source reads: addresses, pages, sitemaps, Retry-After."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.safe_http import Url, parse_url
from pipelines.adapters.sources.names import sort_out
from pipelines.adapters.sources.web_fetching import retry_after
from pipelines.adapters.sources.web_page import as_readers_expect, page_facts
from pipelines.adapters.sources.web_robots import Robots
from pipelines.adapters.sources.web_sitemap import looks_like_sitemap, read_sitemap
from pipelines.adapters.sources.web_urls import Scope, document_path, page_url
from pipelines.errors import BadInput
from tests.examples import examples


BASE = parse_url("https://docs.example/a/b?x=1")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("c", "https://docs.example/a/c"),
        ("/c/../d/./e/", "https://docs.example/d/e/"),
        ("?y=2#top", "https://docs.example/a/b?y=2"),
        ("//Docs.Example:443/c", "https://docs.example/c"),
        ("http://docs.example/c", "https://docs.example/c"),
        ("c;jsessionid=12?utm_source=a&b=c&fbclid=d", "https://docs.example/a/c?b=c"),
        ("/%7Euser/%c3%a9%2f", "https://docs.example/~user/%C3%A9%2F"),
        ("/é x".replace(" ", "%20"), "https://docs.example/%C3%A9%20x"),
        ("/%3%30", "https://docs.example/%2530"),
        ("/../../etc", "https://docs.example/etc"),
        ("http://docs.example:8080/c", "http://docs.example:8080/c"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://user@docs.example/", None),
        ("tel:+47", None),
    ],
)
def test_a_reference_has_one_address(reference: str, expected: str | None) -> None:
    """However a page writes it."""
    found = page_url(reference, BASE, BASE)
    assert (str(found) if found else None) == expected


@settings(max_examples=examples(500), deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"[/.%a-f0-9?&=;]{0,40}", fullmatch=True))
def test_an_address_of_a_page_is_its_own(reference: str) -> None:
    """To normalise twice changes nothing, and no reference breaks it."""
    found = page_url(reference, BASE, BASE)
    if found:
        assert page_url(str(found), BASE, BASE) == found


@given(
    st.from_regex(r"/([.%a-zA-Z0-9?&=;~\-][/.%a-zA-Z0-9?&=;~\-]{0,60})?", fullmatch=True),
    st.sampled_from(["text/html", "text/plain", ""]),
)
def test_every_page_has_a_name_that_a_source_may_list(target: str, media: str) -> None:
    """Its path needs no made-up name, whatever the address holds."""
    url = page_url(target, BASE, BASE)
    assert url is not None
    path = document_path(url, media)
    if path:
        assert list(sort_out([path])[0]) == [path]


def test_a_site_is_a_host_and_a_port() -> None:
    """Http and https at their usual ports are one site; other ports and other hosts are not."""
    scope = Scope(Url("https", "docs.example", 443, "/"))
    same = ["http://docs.example/", "https://DOCS.example./x"]
    others = ["https://docs.example:8443/", "https://www.docs.example/", "https://docs.example.evil/"]
    assert [scope.same_site(parse_url(one)) for one in (*same, *others)] == [True, True, False, False, False]


def test_a_page_says_what_it_says() -> None:
    """Base, canonical, robots and links, in any case and order."""
    page = (
        b"<HTML><head><base href='/deep/'><link rel='alternate' href='x'><LINK REL='Canonical' HREF=' /one '>"
        b"<meta name=robots content='NOARCHIVE, NoFollow'></head><a href=1>a</a><a rel='x nofollow' href=2>b</a>"
        b"<area href=3><a>c</a><!-- <a href=4>d</a> --></html>"
    )
    facts = page_facts(page, {}, html=True)
    assert (facts.links, facts.base, facts.canonical, facts.noindex, facts.nofollow) == (
        ("1", "3"),
        "/deep/",
        "/one",
        False,
        True,
    )


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_page_breaks_the_reading(body: bytes, said: str) -> None:
    """Whatever bytes and headers come."""
    headers = {"content-type": said, "x-robots-tag": said}
    page_facts(b"<a href='" + body, headers, html=True)
    as_readers_expect(body, headers, "text/html")


def test_a_sitemap_needs_no_name_space_and_may_be_a_list() -> None:
    """As sites write them."""
    plain = b"https://docs.example/a\n\nhttps://docs.example/b\n"
    named = (
        b'<?xml version="1.0"?><s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url>'
        b"<s:lastmod>2026-01-02T03:04:05+01:00</s:lastmod><s:loc> https://docs.example/a </s:loc></s:url></s:urlset>"
    )
    assert [one for one, _ in read_sitemap(plain).pages] == ["https://docs.example/a", "https://docs.example/b"]
    assert read_sitemap(gzip.compress(named)).pages == (("https://docs.example/a", "2026-01-02"),)
    assert looks_like_sitemap(gzip.compress(b"<urlset></urlset>"))
    assert not looks_like_sitemap(b"<!doctype html><html><urlset></html>")


def test_a_sitemap_reaches_for_nothing() -> None:
    """No entity, file or address that it names is read."""
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a/&e;</loc></url></urlset>'
    with suppress(BadInput):
        assert b"root" not in repr(read_sitemap(evil)).encode()
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 10))
    bomb = b'<!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]><urlset><url><loc>&l9;</loc></url></urlset>"
    with suppress(BadInput):
        assert len(repr(read_sitemap(bomb))) < 1000


def test_a_packed_sitemap_is_bounded() -> None:
    """A bomb ends where a sitemap must."""
    with pytest.raises(BadInput, match="50 MB"):
        read_sitemap(gzip.compress(bytes(51 * 2**20)))


@given(st.binary(max_size=200))
def test_no_sitemap_breaks_the_reading(body: bytes) -> None:
    """It is read or refused."""
    with suppress(BadInput):
        read_sitemap(b"<urlset>" + body)
    with suppress(BadInput):
        read_sitemap(body)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    """Anything else says nothing."""
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_robots_txt_breaks_the_reading(text: str) -> None:
    """Any text allows or forbids."""
    robots = Robots(f"User-agent: *\n{text}\nDisallow: /x")
    assert robots.allows(BASE) in (True, False)
    assert 0 <= robots.pause_s <= 30
    robots.sitemaps(BASE)
