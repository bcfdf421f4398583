"""What every document parser promises. Each subclass names one parser in its `parser` fixture."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.domain.reading import BlockKind, Read, Rejected
from pipelines.ports.document_parser import DocumentParser
from tests.examples import examples
from tests.unit.ingestion.reading.docx_maker import paragraph, table, word_of
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of
from tests.unit.ingestion.reading.promises import check


TABLE = "| Plan | Cost |\n|---|---|\n| Plus | [ten](x.md) |\n"
FILES = {
    "leave.md": f"---\ntitle: T\naudience: [group:hr]\n---\n# Leave\n\n- one\n\n{TABLE}".encode(),
    "leave.html": b"<title>T</title><h1 id=a>Leave</h1><ul><li>one</ul><pre>x</pre>",
    "leave.pdf": pdf_of(PdfPage().lines(700, ["Some text that stands", "on a page."]), info={"Title": "T"}),
    "leave.docx": word_of(paragraph("Leave", style="H1") + table(("Plan", "Cost"), ("Plus", "$10"))),
    "leave.txt": "Größe\n\n- one".encode("cp1252"),
    "leave.csv": b"Plan;Cost\nPlus;10\n",
}


def rejected(parser: DocumentParser, name: str, data: bytes) -> str:
    """Return why a file is rejected: one clause on one line."""
    result = parser.parse(name, data)
    assert isinstance(result, Rejected), result
    check(result)
    return result.reason


class DocumentParserContract:
    """The promises of `pipelines.ports.document_parser.DocumentParser`."""

    @pytest.mark.parametrize("name", FILES)
    def test_every_format_is_read(self, parser: DocumentParser, name: str) -> None:
        """The ending of the name chooses the reader, and places in the text are exact."""
        result = parser.parse(f"some folder/{name.upper()}", FILES[name])
        assert isinstance(result, Read)
        check(result)

    def test_a_reading_arrives_whole(self, parser: DocumentParser) -> None:
        """Blocks, links, facts and audience come as the reader found them."""
        result = parser.parse("leave.md", FILES["leave.md"])
        assert isinstance(result, Read)
        assert (result.title, result.audience) == ("T", ("group:hr",))
        assert [one.kind for one in result.blocks] == [
            BlockKind.HEADING,
            BlockKind.LIST_ITEM,
            BlockKind.TABLE_HEADER,
            BlockKind.TABLE_ROW,
        ]
        assert result.blocks[3].lead == (result.blocks[2].start, result.blocks[2].end)
        assert [(result.text[one.start : one.end], one.address) for one in result.links] == [("ten", "x.md")]

    @pytest.mark.parametrize("name", ["", "leave", "leave.exe", ".md", "two\nlines.doc", "\x1b[31m.red", "\ud800"])
    def test_other_formats_are_named_as_such(self, parser: DocumentParser, name: str) -> None:
        """A name that promises no known format is rejected with the list of those that are."""
        result = parser.parse(name, b"x")
        assert isinstance(result, Rejected)
        assert result.reason.endswith("is not a format that can be read: md, html, pdf, docx, txt, csv")
        assert result.reason.isprintable()

    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize("data", [b"", b"\0", b"\0" * 100_000])
    def test_nothing_is_said_to_be_nothing(self, parser: DocumentParser, name: str, data: bytes) -> None:
        """A file without content is rejected, never an empty reading."""
        assert isinstance(parser.parse(name, data), Rejected)

    @pytest.mark.parametrize("name", FILES)
    def test_a_name_that_lies_is_no_fault(self, parser: DocumentParser, name: str) -> None:
        """The content of any format under the name of any other is a reading or a reason."""
        for data in FILES.values():
            check(parser.parse(name, data))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    @pytest.mark.parametrize("ending", ["md", "txt", "csv"])
    def test_usual_encodings_are_read(self, parser: DocumentParser, ending: str, encoding: str) -> None:
        """With a byte-order mark or without, the letters are the letters."""
        result = parser.parse(f"a.{ending}", "Die Kündigungsfrist beträgt für Ältere drei Monate".encode(encoding))
        assert isinstance(result, Read)
        assert result.text == "Die Kündigungsfrist beträgt für Ältere drei Monate"

    def test_one_broken_letter_is_one_broken_letter(self, parser: DocumentParser) -> None:
        """Invalid UTF-8 in the midst of a text is shown as such and loses nothing else."""
        result = parser.parse("a.txt", "Über Größe für Ältere, Kündigung möglich: zwölf".encode() + b" \xff Tage")
        assert isinstance(result, Read)
        assert result.text == "Über Größe für Ältere, Kündigung möglich: zwölf \ufffd Tage"

    # Every parser runs this test in a class of its own; that is what the health check warns of.
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(name=st.sampled_from(sorted(FILES)), data=st.binary(max_size=300))
    def test_any_bytes_are_a_reading_or_a_reason(self, parser: DocumentParser, name: str, data: bytes) -> None:
        """Nothing is raised for what a file holds."""
        check(parser.parse(name, data))
