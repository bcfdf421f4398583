"""Promises of the web source beyond those of every source."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.adapters.sources.web import WebLimits
from pipelines.errors import SourceUnreadable
from tests.unit.adapters.sources.web_site import Site, reason
from tests.web_server import Page, WebServer


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve nothing yet."""
    with WebServer() as server:
        yield Site(server, tmp_path / "memory")


def test_pages_are_found_by_their_links_each_once(site: Site) -> None:
    """Fragments, tracking, other spellings of one address and other sites make no further page."""
    site.page("/", ["a", "/a#x", "/a?utm_source=x&gclid=1", "/%61", "./b/../a", "https://other.example/", "mailto:x"])
    site.page("/a", ["/?id=2", "/"])
    site.page("/?id=2")
    found = site.crawl()
    assert list(found) == ["a.html", "index.html", "index?id=2.html"]
    assert found["a.html"].address == f"{site.server.url}/a"
    assert sorted(site.server.asked) == ["/", "/", "/?id=2", "/a", "/robots.txt"]


def test_only_pages_below_the_start_are_taken(site: Site) -> None:
    """A handbook's address does not mean the whole site; patterns may say otherwise."""
    site.page("/docs/", ["a", "/blog/b", "deep/c"])
    for path in ("/docs/a", "/docs/deep/c", "/blog/b"):
        site.page(path)
    assert site.paths("/docs/") == ["docs/a.html", "docs/deep/c.html", "docs/index.html"]
    assert site.paths("/docs/", include=("blog/**", "docs/a")) == ["blog/b.html", "docs/a.html"]
    assert site.paths("/docs/", exclude=("docs/deep/",)) == ["docs/a.html", "docs/index.html"]
    assert "/docs/deep/c" not in site.server.asked[-4:]


def test_a_second_crawl_asks_only_whether_pages_changed(site: Site) -> None:
    """ETag and Last-Modified are sent back; what did not change keeps its links, its bytes and its hash."""

    def page(headers: Mapping[str, str]) -> Page:
        if headers.get("if-none-match") == '"1"':
            return 304, {}, b""
        return 200, {"Content-Type": "text/html", "ETag": '"1"'}, b'<p>one</p><a href="/b">b</a>'

    site.server.pages["/"] = page
    site.page("/b", Last_Modified="Fri, 20 Nov 2026 10:00:00 GMT")
    before = site.crawl()
    source = site.source()
    after = {one.path: one for one in source.list()}
    assert after == before
    assert after["b.html"].date == "2026-11-20"
    assert b"one" in bytes(source.fetch("index.html"))  # type: ignore[arg-type]
    assert site.server.headers[-1]["if-modified-since"] == "Fri, 20 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 403, 401])
def test_a_page_that_fails_is_kept_with_all_it_leads_to(site: Site, status: int) -> None:
    """A server's bad day removes nothing: the page is told as rejected, its children are still found."""
    site.page("/", ["/a"])
    site.page("/a", ["/b"])
    site.page("/b", ["/c"])
    site.page("/c")
    before = site.crawl()
    site.status("/a", status)
    after = site.crawl()
    assert list(after) == list(before)
    assert {path: after[path] for path in after if path != "a.html"} == {
        path: before[path] for path in before if path != "a.html"
    }
    assert str(status) in reason(after["a.html"])
    site.page("/a", ["/b"])
    assert site.crawl() == before


def test_a_page_that_breaks_off_is_kept(site: Site) -> None:
    """Half a page is no new page."""
    site.page("/", ["/a"])
    site.page("/a")
    site.crawl()
    headers = {"Content-Type": "text/html", "Content-Length": "100", "Connection": "close"}
    site.server.pages["/a"] = (200, headers, b"half")
    assert "no whole answer" in reason(site.crawl()["a.html"])


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_its_server_calls_gone_is_gone(site: Site, status: int) -> None:
    """Only these two words remove a page that is still linked."""
    site.page("/", ["/a"])
    site.page("/a")
    site.crawl()
    site.status("/a", status)
    assert list(site.crawl()) == ["index.html"]


@pytest.mark.parametrize("status", [500, 404, 403, 302])
def test_without_its_start_a_site_is_unreadable(site: Site, status: int) -> None:
    """Nothing is concluded from a start that is not there."""
    site.page("/", ["/a"])
    site.page("/a")
    site.crawl()
    site.status("/", status, {"Location": "/"})
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        site.crawl()


def test_robots_txt_is_obeyed(site: Site) -> None:
    """What it forbids is not asked for; a page that was known before is told, and kept."""
    site.page("/", ["/a", "/secret/b"])
    site.page("/a")
    site.page("/secret/b")
    site.crawl()
    text = b"User-agent: footnote\nDisallow: /secret\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /\n"
    site.server.pages["/robots.txt"] = (200, {}, text)
    site.server.asked.clear()
    assert "robots.txt" in reason(site.crawl()["secret/b.html"])
    assert "/secret/b" not in site.server.asked
    assert max(site.waited) == 5.0
    assert site.waited[-2:] == [5.0, 2.0]
    site.server.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /")
    with pytest.raises(SourceUnreadable, match="does not allow"):
        site.crawl()
    site.status("/robots.txt", 500)
    with pytest.raises(SourceUnreadable, match=r"robots\.txt"):
        site.crawl()


def test_a_sitemap_lists_the_pages_with_their_days(site: Site) -> None:
    """An index of packed sitemaps is followed; links of the pages are not."""
    listed = f"<url><loc>{site.server.url}/a</loc><lastmod>2026-03-01T10:00:00Z</lastmod></url>"
    site.server.pages["/maps/1.xml.gz"] = (200, {}, gzip.compress(f"<urlset>{listed}</urlset>".encode()))
    index = f"<sitemapindex><sitemap><loc>{site.server.url}/maps/1.xml.gz</loc></sitemap></sitemapindex>"
    site.server.pages["/sitemap.xml"] = (200, {}, index.encode())
    site.page("/a", ["/b"])
    site.page("/b")
    found = site.crawl("/sitemap.xml")
    assert [(one.path, one.date) for one in found.values()] == [("a.html", "2026-03-01")]
    site.status("/maps/1.xml.gz", 500)
    with pytest.raises(SourceUnreadable):
        site.crawl("/sitemap.xml")


def test_a_sitemap_in_robots_txt_shows_pages_that_nothing_links(site: Site) -> None:
    """Beside a start address it adds pages; one that is not there adds none."""
    robots = f"Sitemap: {site.server.url}/map.xml\nSitemap: {site.server.url}/none.xml\n"
    site.server.pages["/robots.txt"] = (200, {}, robots.encode())
    urls = "".join(f"<url><loc>{site.server.url}{path}</loc></url>" for path in ("/docs/lonely", "/blog/other"))
    site.server.pages["/map.xml"] = (200, {}, f"<urlset>{urls}</urlset>".encode())
    for path in ("/docs/", "/docs/lonely", "/blog/other"):
        site.page(path)
    assert site.paths("/docs/") == ["docs/index.html", "docs/lonely.html"]


def test_a_page_that_wants_no_index_is_left_out(site: Site) -> None:
    """By its head or its headers; its links count unless it says otherwise."""
    site.page("/", ["/a", "/b", "/c"])
    site.page("/a", ["/d"], head='<meta name="robots" content="noindex">')
    site.page("/b", X_Robots_Tag="otherbot: noindex, footnote: noindex")
    site.page("/c", ["/e"], head='<META NAME="ROBOTS" CONTENT="None">')
    site.page("/d")
    site.page("/e")
    assert site.paths() == ["d.html", "index.html"]


def test_copies_are_listed_under_their_proper_address(site: Site) -> None:
    """A page that names another as canonical is that other page, if it is there."""
    site.page("/", ["/print/a", "/old/b"])
    site.page("/print/a", head='<link rel="canonical" href="/a">')
    site.page("/a", head='<link rel="canonical" href="/a">')
    site.page("/old/b", head='<link rel="canonical" href="/missing">')
    assert site.paths() == ["a.html", "index.html", "old/b.html"]


def test_redirects_within_the_site_are_followed_and_others_told(site: Site) -> None:
    """A page has the address where it is; a sign-in elsewhere is no page, and removes none."""
    site.page("/", ["/old", "/inner"])
    site.status("/old", 301, {"Location": "/new?utm_medium=mail"})
    site.page("/new")
    site.page("/new?utm_medium=mail")
    site.page("/inner")
    assert site.paths() == ["index.html", "inner.html", "new.html"]
    site.status("/inner", 302, {"Location": "https://login.example/?back=inner"})
    assert "sign-in" in reason(site.crawl()["inner.html"])


def test_what_is_no_document_is_not_fetched(site: Site) -> None:
    """Pictures are passed over, other kinds are told."""
    site.page("/", ["/logo", "/data.zip", "/a.pdf", "/b"])
    site.server.pages["/logo"] = (200, {"Content-Type": "image/png"}, b"x")
    site.server.pages["/data.zip"] = (200, {"Content-Type": "application/zip"}, b"x")
    site.server.pages["/a.pdf"] = (200, {"Content-Type": "application/octet-stream"}, b"%PDF")
    site.server.pages["/b"] = (200, {"Content-Type": "text/plain; charset=iso-8859-1"}, b"caf\xe9")
    found = site.crawl()
    assert [path for path, one in found.items() if not one.rejected] == ["a.pdf", "b.txt", "index.html"]
    assert "application/zip" in reason(found["data.zip.html"])


def test_a_text_keeps_the_encoding_that_its_server_names(site: Site) -> None:
    """Readers see only bytes, so they get UTF-8 with its mark."""
    site.page("/", ["/b"])
    headers = {"Content-Type": "text/html; charset=windows-1251"}
    site.server.pages["/b"] = (200, headers, "<p>Отпуск</p>".encode("cp1251"))
    source = site.source()
    (found,) = [one for one in source.list() if one.path == "b.html"]
    assert source.fetch("b.html") == b"\xef\xbb\xbf" + "<p>Отпуск</p>".encode()
    assert found.content_hash == hashlib.sha256(b"\xef\xbb\xbf" + "<p>Отпуск</p>".encode()).hexdigest()


def test_a_server_that_asks_for_patience_gets_it(site: Site) -> None:
    """Retry-After is waited for, in slices that show that this worker lives; a long one ends the visit."""
    answers = [(503, {"Retry-After": "42"}, b""), (200, {"Content-Type": "text/plain"}, b"here")]
    site.page("/", ["/a", "/b"])
    site.server.pages["/a"] = lambda _: answers.pop(0)
    site.status("/b", 429, {"Retry-After": "Sun, 22 Nov 2026 12:00:00 GMT"})
    found = site.crawl()
    assert found["a.txt"].rejected is None
    assert "429" in reason(found["b.html"])
    assert site.waited.count(5.0) == 8
    assert site.server.asked.count("/b") == 1


def test_pages_come_one_a_second(site: Site) -> None:
    """Between two requests lies the pause."""
    site.page("/", ["/a", "/b"])
    site.page("/a")
    site.page("/b")
    site.crawl()
    assert site.waited == [1.0] * (len(site.server.asked) - 1)


def test_beyond_the_limit_nothing_known_is_lost(site: Site) -> None:
    """The limit is told with its setting; pages that were known are kept, new ones named."""
    site.page("/", [f"/p{number}" for number in range(5)])
    for number in range(5):
        site.page(f"/p{number}")
    site.page("/p4", ["/deep"])
    site.page("/deep")
    assert len(site.crawl()) == 7
    site.page("/", [f"/p{number}" for number in range(5)] + ["/new"])
    found = site.crawl(limits=WebLimits(max_pages=3, max_file_mb=1))
    assert [path for path, one in found.items() if one.rejected] == [
        "deep.html",
        "new.html",
        "p2.html",
        "p3.html",
        "p4.html",
    ]
    assert "FOOTNOTE_WEB__MAX_PAGES" in reason(found["deep.html"])


def test_links_beyond_the_depth_are_not_followed(site: Site) -> None:
    """A start is at depth 0."""
    for number in range(5):
        site.page(f"/{number or ''}", [f"/{number + 1}"])
    assert list(site.crawl(limits=WebLimits(max_depth=2, max_file_mb=1))) == ["1.html", "2.html", "index.html"]


def test_two_pages_of_one_name_keep_theirs(site: Site) -> None:
    """`/a` and `/a.html` are two documents; which has which name does not change when another is gone."""
    site.page("/", ["/a", "/a.html"])
    site.page("/a")
    site.page("/a.html")
    before = site.crawl()
    assert list(before) == ["a (2).html", "a.html", "index.html"]
    site.page("/", ["/a.html"])
    after = site.crawl()
    assert {path: one.address for path, one in before.items() if one.address != f"{site.server.url}/a"} == {
        path: one.address for path, one in after.items()
    }


def test_a_lost_memory_costs_requests_and_nothing_else(site: Site, tmp_path: Path) -> None:
    """A damaged or missing memory lists the same documents."""
    site.page("/", ["/a"])
    site.page("/a")
    before = site.crawl()
    (tmp_path / "memory" / "pages.json").write_bytes(b'{"form": 1, "pages": {"x": 3}}')
    assert site.crawl() == before
