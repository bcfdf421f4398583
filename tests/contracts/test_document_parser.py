"""The document parser's contract, run against the child processes and against the fake without them."""

from collections.abc import Iterator

import pytest

from pipelines.adapters.parser_processes import ProcessParser
from pipelines.domain.reading import ParseLimits
from pipelines.ports.document_parser import DocumentParser
from tests.contracts.document_parser import FILES, DocumentParserContract
from tests.fakes.in_process_parser import InProcessParser


class TestProcessParser(DocumentParserContract):
    """The parser of the product."""

    @pytest.fixture(scope="class")
    @classmethod
    def parser(cls) -> Iterator[DocumentParser]:
        """Return a parser whose children stay warm for the whole class."""
        parser = ProcessParser(ParseLimits())
        yield parser
        parser.close()


class TestInProcessParser(DocumentParserContract):
    """The fake that other tests use."""

    @pytest.fixture(scope="class")
    @classmethod
    def parser(cls) -> DocumentParser:
        """Return the readers without processes."""
        return InProcessParser()


def test_both_read_alike() -> None:
    """The fake is not a kinder parser: for each format both give the same."""
    real, fake = ProcessParser(ParseLimits()), InProcessParser()
    for name, data in FILES.items():
        assert real.parse(name, data) == fake.parse(name, data)
    real.close()
