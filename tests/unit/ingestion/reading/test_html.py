"""HTML: the content of a page, without its frame, with every id that opens a place."""

import pytest

from pipelines.domain.reading import BlockKind, ParseLimits, Read
from tests.unit.ingestion.reading.promises import leads, linked, reading, reason, shown, texts


def page(body: str, head: str = "") -> Read:
    """Return the reading of a page."""
    return reading("html", f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def anchors(result: Read) -> list[str | None]:
    """Return the anchors of the headings."""
    return [one.anchor for one in result.blocks if one.kind is BlockKind.HEADING]


def test_the_frame_of_a_site_is_no_content() -> None:
    """Navigation, header, footer, scripts, styles, templates, forms' controls and hidden parts go."""
    result = page(
        "<header>Site <nav>Menu</nav></header><nav>Crumbs</nav><div><h1>Leave</h1><p>Text.</p></div>"
        "<aside>Also read</aside><p hidden>h</p><p style='display: none'>n</p><p aria-hidden='true'>a</p>"
        "<script>s</script><style>t</style><template>u</template><noscript>v</noscript><button>b</button>"
        "<select><option>o</option></select><div role='search'>r</div><footer>© 2026</footer>"
    )
    assert shown(result) == [("heading", "Leave"), ("paragraph", "Text.")]


def test_a_header_with_the_page_s_title_stays() -> None:
    """Where a page keeps its title in a header, the title is content."""
    assert shown(page("<header><h1>Leave</h1><p>Policy</p></header><p>Text.</p>"))[0] == ("heading", "Leave")


def test_main_wins_and_keeps_its_own_header_and_aside() -> None:
    """What stands inside of the content belongs to it."""
    result = page("<div>Banner</div><main><header>Intro</header><p>Text.</p><aside>Note</aside></main><div>Ads</div>")
    assert texts(result, BlockKind.PARAGRAPH) == ["Intro", "Text.", "Note"]


def test_an_empty_main_hides_nothing() -> None:
    """A page that fills its main by script is read as it stands."""
    assert page("<main></main><p>Text.</p>").text == "Text."


def test_the_only_article_wins_where_it_is_most_of_the_page() -> None:
    """A teaser in an article does not replace the page."""
    assert page("<div>Ads</div><article><p>A long enough text.</p></article>").text == "A long enough text."
    assert "The page" in page("<p>The page itself is longer.</p><article>Tease</article>").text


def test_a_heading_is_opened_by_the_id_nearest_to_it() -> None:
    """Its own, that of an anchor in it or before it, or of the section that begins with it."""
    result = page(
        '<h2 id="own">A</h2><h2><span id="in">B</span></h2><a name="before"></a><h2>C</h2>'
        '<section id="around"><h2>D</h2><p>x</p></section><p id="p">y</p><h2>E</h2>'
    )
    assert anchors(result) == ["own", "in", "before", "around", None]
    assert [one.anchor for one in result.blocks if one.kind is BlockKind.PARAGRAPH] == [None, "p"]


def test_a_heading_loses_its_permalink() -> None:
    """The sign that links to the heading is no part of it."""
    result = page('<h2>Leave <a href="#leave">¶</a></h2><h2>Pay<a class="headerlink" href="#pay">link</a></h2><p>x</p>')
    assert texts(result, BlockKind.HEADING) == ["Leave", "Pay"]


def test_lists_keep_numbers_depth_and_lead_in() -> None:
    """Numbers as the page counts them: start, value, letters and Roman numerals."""
    result = page(
        "<p>Bring:</p><ul><li>a card<li>forms:<ol start=4><li>one<li value=9>two<li>three</ol></ul>"
        "<p>Then:</p><ol type=a><li>sign</ol><ol type=I start=4><li>send</ol>"
    )
    assert leads(result) == [
        ("a card", "Bring:"),
        ("forms:", "Bring:"),
        ("4. one", "forms:"),
        ("9. two", "forms:"),
        ("10. three", "forms:"),
        ("a. sign", "Then:"),
        ("IV. send", None),
    ]


def test_terms_lead_in_their_definitions() -> None:
    """A definition list is a list of terms, each with its definitions below."""
    result = page("<dl><dt>PTO</dt><dd>Paid time off</dd><dd>Not sick leave</dd><dt>EAP</dt><dd>Help</dd></dl>")
    assert leads(result) == [
        ("PTO", None),
        ("Paid time off", "PTO"),
        ("Not sick leave", "PTO"),
        ("EAP", None),
        ("Help", "EAP"),
    ]


def test_spans_of_a_table_are_laid_out() -> None:
    """A cell over rows stands in each, one over columns in its first, a header over columns above each."""
    result = page(
        "<table><caption>Costs</caption><thead><tr><th>Plan<th colspan=2>Cost</tr></thead>"
        "<tr><td rowspan=2>Plus<td>10<td>20</tr><tr><td colspan=2>on request</tr></table>"
    )
    assert shown(result) == [
        ("paragraph", "Costs"),
        ("table_header", "Plan | Cost | Cost"),
        ("table_row", "Plus | 10 | 20"),
        ("table_row", "Plus | on request"),
    ]


def test_a_table_that_only_arranges_the_page_is_its_content() -> None:
    """Headings and paragraphs in the cells of a layout are blocks of their own."""
    result = page("<table role=presentation><tr><td><h2>Left</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>")
    assert shown(result) == [("heading", "Left"), ("paragraph", "One."), ("paragraph", "Two.")]


def test_a_first_row_without_marks_is_a_header_where_it_looks_like_one() -> None:
    """Labels are a header, key and value are not."""
    labels = page("<table><tr><td>Plan<td>Cost</tr><tr><td>Plus<td>10</tr></table>")
    assert leads(labels) == [("Plus | 10", "Plan | Cost")]
    pairs = page("<table><tr><td>Phone<td>555 0100</tr><tr><td>Room<td></tr></table>")
    assert leads(pairs)[0] == ("Phone | 555 0100", "Phone | 555 0100") or leads(pairs)[0][1] is None


def test_code_is_whole() -> None:
    """Preformatted text keeps its lines and indentation, also where lines are marked up."""
    assert texts(page("<pre><code>if x:\n<b>    y()</b><br>z()</code></pre>"), BlockKind.CODE) == [
        "if x:\n    y()\nz()"
    ]


def test_links_stand_on_their_words() -> None:
    """Addresses as written, in text, items and cells."""
    result = page('<p>See <a href="a.html#x">the <i>form</i></a>.</p><ul><li><a href="/b">B</a></ul>')
    assert linked(result) == [("the form", "a.html#x"), ("B", "/b")]


def test_two_breaks_part_paragraphs() -> None:
    """One break is a line, two are a new paragraph."""
    assert texts(page("a<br>b<br><br>c"), BlockKind.PARAGRAPH) == ["a\nb", "c"]


@pytest.mark.parametrize(
    ("head", "facts"),
    [
        ("<title>T | Site</title>", ("T | Site", None, None)),
        ("<title>T</title><meta property='og:title' content='O'>", ("O", None, None)),
        ("<meta name=author content='People team'>", (None, "People team", None)),
        ("<meta property='article:author' content='https://x.example/y'>", (None, None, None)),
        ("<meta property='article:published_time' content='2026-01-02T10:00:00Z'>", (None, None, "2026-01-02")),
        (
            "<meta name=date content='2026-01-02'><meta property='article:modified_time' content='2026-03-04'>",
            (None, None, "2026-03-04"),
        ),
    ],
)
def test_the_page_says_what_it_is(head: str, facts: tuple[str | None, ...]) -> None:
    """Title, author and date come from its head; a modification wins over the publication."""
    result = page("<p>x</p>", head)
    assert (result.title, result.author, result.date) == facts


def test_heading_and_time_stand_in_for_a_silent_head() -> None:
    """Without a title the first heading is one, without a date the first time element."""
    result = page("<h1>Leave</h1><p>Updated <time datetime='2026-05-06'>in May</time></p>")
    assert (result.title, result.date) == ("Leave", "2026-05-06")


def test_a_page_in_another_encoding_is_read_as_it_declares() -> None:
    """The declaration in the page's head counts."""
    assert reading("html", '<meta charset="windows-1251"><p>Отпуск'.encode("cp1251")).text == "Отпуск"


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote"])
def test_deep_nesting_is_rejected_not_cut(tag: str) -> None:
    """However deep, the reason names the depth, the limit and the setting."""
    told = reason("html", f"<{tag}>".encode() * 300 + b"x")
    assert "deep, the limit is 100 (FOOTNOTE_LIMITS__NESTING_DEPTH)" in told


def test_depth_at_the_limit_is_read() -> None:
    """The elements html and body count like any other."""
    assert reading("html", b"<div>" * 8 + b"x", ParseLimits(nesting_depth=10)).text == "x"
    assert "nested 11 deep" in reason("html", b"<div>" * 9 + b"x", ParseLimits(nesting_depth=10))


@pytest.mark.parametrize(
    "data", [b"", b"  ", b"<!-- x -->", b"<html></html>", b"<nav>Menu</nav>", b"<title>Only</title>"]
)
def test_a_page_without_content_is_rejected(data: bytes) -> None:
    """Never a silent empty."""
    assert reason("html", data) == "it holds no text"


def test_entities_of_a_page_s_own_are_not_expanded() -> None:
    """A page that declares a billion laughs is read as the text it is."""
    bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><p>&b;</p>'
    assert "lollol" not in reading("html", bomb.encode()).text
