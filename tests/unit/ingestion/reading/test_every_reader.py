"""What all readers promise for any bytes: a reading whose places are exact, or a reason; never an exception."""

import io
import re
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.formats import READERS, format_of, unknown_format
from pipelines.ingestion.reading.prose import clean
from tests.examples import examples
from tests.unit.ingestion.reading.docx_maker import paragraph, table, word_of
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of
from tests.unit.ingestion.reading.promises import check, read_as, reason


MARKUP = {
    "md": (
        "# ", "## ", "- ", "1. ", "> ", "| a | b |\n|---|---|\n", "```\n", "~~~", "[", "](x)", "![", "<b>", "</b>",
        "<ul>", "<li>", "<table>", "<tr>", "<td>", "</table>", "<pre>", "<!--", "-->", "---\n", "+++\n",
        "[^1]", "[^1]: ", "title: x\n", "    ", "\t", "\\", "`", "*", "_", "~~", "{% x %}", "{#id}",
        "&amp;", "&#0;", "\n", "\n\n", " ",
    ),
    "html": (
        "<h1>", "<h2 id=a>", "</h2>", "<p>", "<ul>", "<ol start=3>", "<ol type=i>", "<li>", "</li>", "</ul>", "</ol>",
        "<table>", "<tr>", "<td colspan=3 rowspan=2>", "<th>", "</table>", "<thead>", "<caption>", "<dl>", "<dt>",
        "<dd>", "</dl>", "<pre>", "</pre>", "<br>", "<a href=x>", "<a name=y>", "</a>", "<script>", "</script>",
        "<main>", "<article>", "<nav>", "</nav>", "<!--", "-->", "<div hidden>", "</div>", "<svg>", "<math>",
        "<title>", "</title>", "<meta charset=utf-16>", "<meta name=date content=2026-01-02>", "&nbsp;", "&#0;", "\n",
    ),
    "txt": ("- ", "* ", "1. ", "(a) ", "iv) ", "•", "  ", "\t", "\n", "\n\n", "----\n", "https://x.y/z", ".", ":"),
    "csv": (",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\r", "sep=;\n", "1", "a", " "),
}  # fmt: skip
ANY = st.text(max_size=12)
ODD = st.sampled_from(
    [
        "\0",
        "\x1b[31m",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\xa0",
        "e\u0301",
        "👨\u200d👩\u200d👧",
        "\ufb01",
        "\u3000",
        "\ufdfa",
        "\x85",
    ]
)
RARELY = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORD = word_of(
    paragraph("Leave", style="H1") + paragraph("open", num=1) + table(("Plan", "Cost"), ("Plus", "$10")),
    core="<dc:title>T</dc:title>",
)
PDF = pdf_of(PdfPage().lines(700, ["Some text that stands", "on a page."]).rule(72, 600, 300, 600), info={"Title": "T"})


def written_in(form: str) -> st.SearchStrategy[str]:
    """Return texts full of the signs that mean something in a format."""
    pieces = st.one_of(st.sampled_from(MARKUP[form]), st.sampled_from(MARKUP[form]), ANY, ODD, st.just("word "))
    return st.lists(pieces, max_size=40).map("".join)


@pytest.mark.parametrize("form", MARKUP)
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_the_markup_the_places_are_exact(form: str, data: st.DataObject) -> None:
    """Blocks are in order, apart, without outer blanks, cover all text; links and lead-ins lie inside."""
    text = data.draw(written_in(form))
    check(read_as(form, text.encode("utf-8", errors="replace")))


@pytest.mark.parametrize("form", READERS)
@RARELY
@given(data=st.binary(max_size=400))
@example(data=b"")
@example(data=b"\0")
@example(data=b"\xff\xfe")
@example(data=b"\xff\xfea")
@example(data=b"\xfe\xff\xd8\x00\x00\x41")
@example(data=b"\xff\xfe\0\0")
@example(data=b"\xef\xbb\xbf")
def test_any_bytes_are_a_reading_or_a_reason(form: str, data: bytes) -> None:
    """Whatever a file holds under whatever name, no reader raises."""
    check(read_as(form, data))


@RARELY
@given(st.lists(st.tuples(st.integers(0, len(PDF) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_pdf_is_a_reading_or_a_reason(changes: list[tuple[int, int]]) -> None:
    """Whatever bytes of a PDF are wrong, the places of what is still read are exact."""
    damaged = bytearray(PDF)
    for at, byte in changes:
        damaged[at] = byte
    check(read_as("pdf", bytes(damaged)))


XML = (
    "<w:p>",
    "</w:p>",
    "<w:tbl>",
    "<w:tr>",
    "<w:tc>",
    "</w:tbl>",
    'w:val="-1"',
    'w:val="99999999999"',
    "w:r",
    "<",
    "",
)
PART = st.sampled_from(
    ["word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/core.xml", "_rels/.rels"]
)


@RARELY
@given(PART, st.integers(0, 5000), st.integers(0, 40), st.sampled_from(XML))
def test_a_damaged_part_of_a_word_document_is_a_reading_or_a_reason(part: str, at: int, cut: int, put: str) -> None:
    """A wrong element or attribute in any part never ends in an exception."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as whole, zipfile.ZipFile(written, "w") as other:
        for name in whole.namelist():
            content = whole.read(name)
            if name == part:
                start = at % len(content)
                content = content[:start] + put.encode() + content[start + cut :]
            other.writestr(name, content)
    check(read_as("docx", written.getvalue()))


CELLS = st.lists(st.lists(st.text(max_size=6), max_size=4), min_size=1, max_size=5)


@given(CELLS)
@example([["\uf900"]])
def test_word_tables_of_any_shape_are_read(rows: list[list[str]]) -> None:
    """Rows of different length and empty cells keep every word in its place."""
    shown = [tuple(clean(re.sub(r"[^\w ]", "", cell)) for cell in row) for row in rows]
    result = read_as("docx", word_of(table(*shown) + paragraph("End.")))
    check(result)
    assert isinstance(result, Read)
    assert set(result.text.split()) - {"|"} == {word for row in shown for cell in row for word in cell.split()} | {
        "End."
    }


@pytest.mark.parametrize("form", READERS)
def test_every_reader_keeps_the_size_limit(form: str) -> None:
    """A file above the limit is not looked at; the reason names value, limit and setting."""
    told = reason(form, b"x" * (1024 * 1024 + 1), ParseLimits(max_file_mb=1))
    assert told == "it has 1.1 MB, the limit is 1 MB (FOOTNOTE_LIMITS__MAX_FILE_MB)"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.md", "md"), ("A.MARKDOWN", "md"), ("x/y.htm", "html"), ("a.HTML", "html"), ("b.pdf", "pdf"),
        ("c.docx", "docx"), ("d.txt", "txt"), ("d.text", "txt"), ("e.csv", "csv"), ("e.tsv", "csv"),
        ("a", None), (".md", None), ("a.doc", None), ("a.pdf.exe", None), ("two\nlines.md", "md"), ("dir.md/x", None),
    ],
)  # fmt: skip
def test_the_ending_of_a_name_is_its_format(name: str, form: str | None) -> None:
    """Compared without case; a name without an ending has none."""
    assert format_of(name) == form


@given(st.text())
def test_an_unknown_format_is_one_clause(name: str) -> None:
    """Whatever the name, the reason is one line that lists what can be read."""
    told = unknown_format(name)
    assert isinstance(told, Rejected)
    assert told.reason.isprintable()
    assert told.reason.endswith("md, html, pdf, docx, txt, csv")
