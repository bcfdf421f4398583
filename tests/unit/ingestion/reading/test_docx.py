"""Word documents: what a reader of the page sees, with headings, numbers, tables, links and notes; bombs rejected."""

import io
import zipfile

import pytest

from pipelines.domain.reading import BlockKind, ParseLimits, Read
from tests.unit.ingestion.reading.docx_maker import archive_of, paragraph, table, word_of
from tests.unit.ingestion.reading.promises import leads, linked, read_as, reading, reason, shown, texts


CORE = (
    "<dc:title>Leave</dc:title><dc:creator>People team</dc:creator>"
    "<dcterms:created>2025-01-02T08:00:00Z</dcterms:created><dcterms:modified>2026-03-04T08:00:00Z</dcterms:modified>"
)
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RUN = "<w:r><w:t>{}</w:t></w:r>"


def word(*body: str) -> Read:
    """Return the reading of a document with this body."""
    return reading("docx", word_of("".join(body)))


def test_headings_follow_their_styles() -> None:
    """A title is level 1, a style of the author's own has the level of what it is based on."""
    result = word(
        paragraph("Handbook", style="T"), paragraph("Leave", style="H1"), paragraph("Days", style="Own"), paragraph("x")
    )
    assert [(one.kind.value, one.level) for one in result.blocks] == [
        ("heading", 1),
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
    ]
    assert result.title == "Handbook"


def test_short_bold_paragraphs_are_headings_where_no_style_is_one() -> None:
    """Many people make headings with the bold button; a bold sentence is none."""
    result = word(paragraph("Leave", run="<w:b/>"), paragraph("Never do this.", run="<w:b/>"), paragraph("x"))
    assert shown(result) == [("heading", "Leave"), ("paragraph", "Never do this."), ("paragraph", "x")]


def test_lists_show_the_numbers_that_word_shows() -> None:
    """Numbers and letters are written out, bullets go, and each item knows its lead-in and depth."""
    result = word(
        paragraph("Then:"),
        paragraph("open", num=1),
        paragraph("the door", num=1, level=1),
        paragraph("the window", num=1, level=1),
        paragraph("close", num=1),
        paragraph("Bring:"),
        paragraph("a card", num=2),
        paragraph("Again:"),
        paragraph("open", num=3),
    )
    assert leads(result) == [
        ("1. open", "Then:"),
        ("(a) the door", "1. open"),
        ("(b) the window", "1. open"),
        ("2. close", "Then:"),
        ("a card", "Bring:"),
        ("1. open", "Again:"),
    ]
    assert [one.level for one in result.blocks if one.kind is BlockKind.LIST_ITEM] == [0, 1, 1, 0, 0, 0]


def test_a_table_is_its_header_and_its_rows() -> None:
    """Cells are joined by bars, rows counted from the header."""
    result = word(paragraph("Costs"), table(("Plan", "Cost"), ("Plus", "$10"), ("Basic", "$5")))
    assert leads(result) == [("Plus | $10", "Plan | Cost"), ("Basic | $5", "Plan | Cost")]
    assert [one.row for one in result.blocks] == [None, 1, 2, 3]


def test_merged_cells_are_laid_out() -> None:
    """A cell over rows stands in each, one over columns in its first."""
    grown = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("Plus") + "</w:tc>"
    goes_on = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph("on request") + "</w:tc>"
    cells = [f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Plan", "Mild", "Grave", "10", "20")]
    rows = ["".join(cells[:3]), grown + "".join(cells[3:]), goes_on + wide]
    result = word("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")
    assert texts(result, BlockKind.TABLE_ROW) == ["Plus | 10 | 20", "Plus | on request"]


def test_a_table_of_one_column_is_a_frame() -> None:
    """What stands in a box is text of its own."""
    result = word(table(("Careful.",)), paragraph("x"))
    assert shown(result) == [("paragraph", "Careful."), ("paragraph", "x")]


def test_code_is_whole() -> None:
    """Neighbouring lines of a style for code are one block with its indentation."""
    lines = [paragraph(line, style="Code") for line in ("if x:", "    y()", "z()")]
    assert texts(word(paragraph("Run:"), *lines), BlockKind.CODE) == ["if x:\n    y()\nz()"]


def test_links_stand_on_their_words() -> None:
    """Those of today's form, of the old form, and into the document itself."""
    old = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://example.org/b"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>old</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    body = (
        f'<w:p>{RUN.format("See ")}<w:hyperlink r:id="one">{RUN.format("the form")}</w:hyperlink></w:p>{old}'
        f'<w:p><w:hyperlink w:anchor="Days">{RUN.format("below")}</w:hyperlink></w:p>'
    )
    result = reading("docx", word_of(body, links={"one": "https://example.org/a"}))
    assert linked(result) == [
        ("the form", "https://example.org/a"),
        ("old", "https://example.org/b"),
        ("below", "#Days"),
    ]


def test_what_nobody_sees_is_no_text() -> None:
    """Deleted and hidden text and the table of contents go; what was inserted stays."""
    result = word(
        f"<w:p><w:del><w:r><w:delText>five</w:delText></w:r></w:del><w:ins>{RUN.format('six')}</w:ins>"
        f"{RUN.format(' days')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>",
        paragraph("Leave ... 3", style="Toc"),
    )
    assert shown(result) == [("paragraph", "six days")]


def test_notes_stand_at_the_end_with_their_number() -> None:
    """A footnote is a paragraph that begins with the number that refers to it."""
    body = f'<w:p>{RUN.format("Five days")}<w:r><w:footnoteReference w:id="7"/></w:r></w:p>' + paragraph("End.")
    notes = f'<w:footnote w:id="7">{paragraph("Per year.")}</w:footnote>'
    result = reading("docx", word_of(body, footnotes=notes))
    assert texts(result, BlockKind.PARAGRAPH) == ["Five days[1]", "End.", "[1] Per year."]


def test_a_box_beside_the_text_is_read_once() -> None:
    """Word writes a text box twice, for old and new programs."""
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert shown(word(f"<w:p>{RUN.format('Text.')}<w:r>{both}</w:r></w:p>")) == [
        ("paragraph", "Text."),
        ("paragraph", "In a box."),
    ]


def test_the_document_says_what_it_is() -> None:
    """Title, author and date of its properties; a modification wins over the creation."""
    result = reading("docx", word_of(paragraph("x"), core=CORE))
    assert (result.title, result.author, result.date) == ("Leave", "People team", "2026-03-04")


def test_the_strict_standard_is_read_alike() -> None:
    """Other names, the same document."""
    body = paragraph("Leave", style="H1") + paragraph("open", num=1) + table(("Plan", "Cost"), ("Plus", "$10"))
    assert reading("docx", word_of(body, strict=True)) == reading("docx", word_of(body))


def test_a_document_without_text_is_rejected() -> None:
    """Never a silent empty."""
    assert reason("docx", word_of("<w:p/>")) == "it holds no text"


def test_a_zip_bomb_is_not_unpacked() -> None:
    """An archive that unpacks to far more than its size is rejected with ratio, limit and setting."""
    told = reason("docx", word_of(paragraph("x" * 30_000_000)))
    assert told.startswith("it unpacks to ")
    assert told.endswith("times its size, the limit is 100 times (FOOTNOTE_LIMITS__EXPANSION_RATIO)")


def test_a_bomb_in_a_part_that_is_not_read_counts_too() -> None:
    """Pictures and other parts are weighed with the rest."""
    bomb = archive_of({"[Content_Types].xml": "", "word/media/a.bmp": b"\0" * 20_000_000})
    assert reason("docx", bomb).startswith("it unpacks to")


def test_an_archive_that_lies_about_its_size_is_damaged() -> None:
    """A part that unpacks to more than its entry says is not unpacked further."""
    patched = bytearray(word_of(paragraph("x" * 5_000_000)))
    local, central = patched.index(b"word/document.xml"), patched.rindex(b"word/document.xml")
    for size_at in (local - 30 + 22, central - 46 + 24):
        patched[size_at : size_at + 4] = (100).to_bytes(4, "little")
    assert reason("docx", bytes(patched)).startswith("the file is damaged")


@pytest.mark.parametrize(
    "entities",
    [
        "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10)),
        '<!ENTITY e9 SYSTEM "file:///etc/hostname">',
    ],
)
def test_entities_are_not_expanded(entities: str) -> None:
    """A billion laughs or the content of another file never come into a text."""
    bomb = word_of(paragraph("&e9;"), prologue=f"<!DOCTYPE x [{entities}]>")
    assert reason("docx", bomb) == "it declares entities, which no Word document does"


def test_entities_in_another_encoding_are_found_too() -> None:
    """A declaration that no search for its letters finds is seen once the part is parsed."""
    body = f'<w:document xmlns:w="{NAMESPACE}"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>'
    main = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "lol">]>{body}'.encode("utf-16")
    with zipfile.ZipFile(io.BytesIO(word_of(""))) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    bomb = archive_of(parts | {"word/document.xml": main})
    assert reason("docx", bomb) == "it declares entities, which no Word document does"


@pytest.mark.parametrize("depth", [120, 250, 3000])
def test_deep_nesting_is_rejected_not_cut(depth: int) -> None:
    """Tables in tables: the reason names the depth, the limit and the setting."""
    body = "<w:sdt><w:sdtContent>" * depth + paragraph("x") + "</w:sdtContent></w:sdt>" * depth
    told = reason("docx", word_of(body))
    assert "deep, the limit is 100 (FOOTNOTE_LIMITS__NESTING_DEPTH)" in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is no Word document: it is not a zip archive, or it was cut off"),
        (b"\0" * 5000, "it is no Word document: it is not a zip archive, or it was cut off"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "it is encrypted or an old .doc file: save it as .docx"),
        (archive_of({"a.txt": "x"}), "it is a zip archive, but no Word document"),
        (archive_of({"[Content_Types].xml": "<a"}), "the file is damaged"),
    ],
)
def test_what_is_no_word_document_is_rejected(data: bytes, told: str) -> None:
    """The reason says what it is instead, where that can be told."""
    assert reason("docx", data).startswith(told)


def test_a_file_cut_anywhere_is_rejected() -> None:
    """An archive without its end is never read in part."""
    whole = word_of(paragraph("x"), core=CORE)
    for cut in range(0, len(whole) - 1, 97):
        assert reason("docx", whole[:cut])


def test_a_flipped_byte_is_read_or_rejected() -> None:
    """Wherever a file is damaged, the result is a reading or a reason."""
    whole = word_of(paragraph("Leave", style="H1") + table(("Plan", "Cost"), ("Plus", "$10")), core=CORE)
    for at in range(0, len(whole), 53):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        assert read_as("docx", bytes(damaged), ParseLimits())
