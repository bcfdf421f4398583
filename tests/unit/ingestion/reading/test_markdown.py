"""Markdown: no markup is left, and every place that a citation needs is kept."""

import pytest

from pipelines.domain.reading import BlockKind, ParseLimits, Read
from tests.unit.ingestion.reading.promises import leads, linked, read_as, reading, reason, shown, texts


def md(text: str) -> Read:
    """Return the reading of some Markdown."""
    return reading("md", text.encode())


def anchors(result: Read) -> list[str | None]:
    """Return the anchors of the headings."""
    return [one.anchor for one in result.blocks if one.kind is BlockKind.HEADING]


def test_no_markup_is_left() -> None:
    """Emphasis, code, strikethrough, links and images leave only what a reader sees."""
    text = "**Bold**, _slanted_, `code`, ~~old~~, [a link](x.md 'T'), ![a picture](y.png) and 2\\*3."
    assert shown(md(text)) == [("paragraph", "Bold, slanted, code, old, a link, and 2*3.")]


def test_wrapped_lines_are_joined_and_set_breaks_stay() -> None:
    """A soft break is a blank; two spaces at a line's end are a break that the author set."""
    assert texts(md("one\ntwo  \nthree"), BlockKind.PARAGRAPH) == ["one two\nthree"]


def test_headings_have_levels_and_github_s_slugs() -> None:
    """Slugs come from the text without markup; repeated ones are numbered."""
    result = md("# Leave & `PTO`\n\n## Tips\n\nx\n\nTips\n----\n\n###### Deep")
    assert [(one.level, one.anchor) for one in result.blocks if one.kind is BlockKind.HEADING] == [
        (1, "leave--pto"),
        (2, "tips"),
        (2, "tips-1"),
        (6, "deep"),
    ]


def test_ids_that_the_author_set_win_over_slugs() -> None:
    """`{#id}` at the end of a heading, an anchor in it or before it."""
    result = md('## Side {#side-nav}\n\n## <a id="old"></a>New\n\n<a name="before"></a>\n\n## After\n\n## Plain')
    assert anchors(result) == ["side-nav", "old", "before", "plain"]
    assert texts(result, BlockKind.HEADING) == ["Side", "New", "After", "Plain"]


def test_an_anchor_before_a_paragraph_is_that_paragraph_s() -> None:
    """It opens this place and no later heading."""
    result = md('<a id="here"></a>Text.\n\n## Next')
    assert [one.anchor for one in result.blocks] == ["here", "next"]


def test_list_items_know_the_sentence_before_the_list_and_their_depth() -> None:
    """Bullets go, numbers stay, a nested list is led in by the item around it."""
    result = md("First. You can use:\n\n- Annual leave\n- Sick leave:\n\n  3. illness\n  4. care\n\nAfter.")
    assert leads(result) == [
        ("Annual leave", "You can use:"),
        ("Sick leave:", "You can use:"),
        ("3. illness", "Sick leave:"),
        ("4. care", "Sick leave:"),
    ]
    assert [one.level for one in result.blocks if one.kind is BlockKind.LIST_ITEM] == [0, 0, 1, 1]


def test_a_list_that_is_all_of_its_item_stands_in_its_place() -> None:
    """Numbers written behind a bullet are one list, not one inside the other."""
    result = md("Steps:\n\n- 1. Click\n- 2. Save")
    assert leads(result) == [("1. Click", "Steps:"), ("2. Save", "Steps:")]
    assert {one.level for one in result.blocks if one.kind is BlockKind.LIST_ITEM} == {0}


def test_a_second_paragraph_of_an_item_is_a_paragraph() -> None:
    """The item is its first paragraph; the next item still belongs to the list."""
    result = md("Do:\n\n- one\n\n  more\n\n- two")
    assert shown(result)[1:] == [("list_item", "one"), ("paragraph", "more"), ("list_item", "two")]
    assert leads(result)[1] == ("two", "Do:")


def test_a_table_is_its_header_and_its_rows() -> None:
    """Cells are joined by bars, rows counted from the header, each row leads back to it."""
    result = md("| Plan | Cost |\n|---|---|\n| *Plus* | $10 |\n| Basic | a \\| b |")
    assert leads(result) == [("Plus | $10", "Plan | Cost"), ("Basic | a | b", "Plan | Cost")]
    assert [one.row for one in result.blocks] == [1, 2, 3]


def test_code_is_whole_and_not_read_as_markup() -> None:
    """A fence with headings, lists and blank lines in it is one block."""
    code = "# no heading\n\n- no item\n    **raw** {% raw %}"
    assert shown(md(f"Run:\n\n```sh\n{code}\n```\n\nDone.")) == [
        ("paragraph", "Run:"),
        ("code", code),
        ("paragraph", "Done."),
    ]


def test_links_carry_their_addresses_as_written() -> None:
    """Relative, reference, bare and HTML links stand on their words."""
    text = 'See [the *form*](../forms/a%20b.md#x), [ref], https://example.org/y and <a href="z">z</a>.\n\n[ref]: r.md'
    assert linked(md(text)) == [
        ("the form", "../forms/a%20b.md#x"),
        ("ref", "r.md"),
        ("https://example.org/y", "https://example.org/y"),
        ("z", "z"),
    ]


def test_a_site_generator_s_tags_are_no_text() -> None:
    """Tags that only steer a site go, a link to a tagged address is a link, a tag that names something is its name."""
    text = (
        '{% alert %}\nRead [the guide]({% page "guide/"\n%}) or ask {% slack_channel "people-ops" %}.\n{% endalert %}'
        '\n\n{% include "x.html" a:1 %}\n\nCode `{% raw %}` stays.'
    )
    result = md(text)
    assert shown(result) == [
        ("paragraph", "Read the guide or ask people-ops."),
        ("paragraph", "Code {% raw %} stays."),
    ]
    assert linked(result) == [("the guide", '{%page"guide/"%}')]


def test_html_in_markdown_is_read_without_its_tags() -> None:
    """Lists, tables, headings and details of HTML become blocks; scripts and comments go."""
    text = (
        "<h2>Costs</h2>\n<!-- hidden -->\n<table><tr><th>Plan</th><th>Cost</th></tr>\n<tr><td>Plus</td><td>10</td></tr>"
        "</table>\n<script>x()</script>\n\nUse:\n\n<ul>\n<li>one</li>\n<li>two <b>bold</b></li>\n</ul>\n\n"
        "<details><summary>More</summary>\n\nText **inside**.\n\n</details>\n\n<pre>\n  a\n  b</pre>"
    )
    result = md(text)
    assert shown(result) == [
        ("heading", "Costs"),
        ("table_header", "Plan | Cost"),
        ("table_row", "Plus | 10"),
        ("paragraph", "Use:"),
        ("list_item", "one"),
        ("list_item", "two bold"),
        ("paragraph", "More"),
        ("paragraph", "Text inside."),
        ("code", "a\n  b"),
    ]
    assert leads(result)[1:] == [("one", "Use:"), ("two bold", "Use:")]
    assert anchors(result) == ["costs"]


def test_footnotes_stay_with_their_mark() -> None:
    """A note is a paragraph that begins with the mark that refers to it; an unused one is not lost."""
    result = md("Five days[^a].\n\n[^a]: Per year.\n\n[^b]: Unused.")
    assert texts(result, BlockKind.PARAGRAPH) == ["Five days[a].", "[a] Per year.", "[b] Unused."]


def test_the_front_matter_s_facts_are_the_document_s() -> None:
    """Title, author and date; the front matter itself is no text."""
    result = md("---\ntitle: Leave types\nauthor: [People team, Legal]\ndate: 2026-11-21\n---\n# Other\n\nText.")
    assert (result.title, result.author, result.date) == ("Leave types", "People team, Legal", "2026-11-21")
    assert result.text == "Other\n\nText."


def test_the_first_heading_is_the_title_where_none_is_named() -> None:
    """Of level 1 only."""
    assert md("## Second\n\n# First **of all**\n\nx").title == "First of all"
    assert md("## Second\n\nx").title is None


def test_nesting_beyond_the_limit_is_rejected_not_cut() -> None:
    """A file at the limit is whole, one level more is named with value, limit and setting."""
    limits = ParseLimits(nesting_depth=6)
    assert reading("md", b"> > > > > > x", limits).text == "x"
    assert reason("md", b"> > > > > > > x", limits) == (
        "its elements are nested 7 deep, the limit is 6 (FOOTNOTE_LIMITS__NESTING_DEPTH)"
    )


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"---\ntitle: Only a title\n---\n", b"<!-- note -->\n\n![x](y)"])
def test_a_file_without_text_is_rejected(data: bytes) -> None:
    """Never a silent empty."""
    assert reason("md", data) == "it holds no text"


@pytest.mark.parametrize(
    "text", ["[" * 2000, "*a " * 3000, "x " + "`" * 999, "<" * 3000, "&" * 3000, "|" * 3000 + "\n|-"]
)
def test_hostile_markup_is_text(text: str) -> None:
    """Signs that open and never close stay what they are."""
    assert isinstance(read_as("md", text.encode()), Read)
