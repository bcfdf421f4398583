"""The readers without their processes: fast, and without limits of time and memory."""

import importlib

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.formats import READERS, format_of, unknown_format


class InProcessParser:
    """`ports.document_parser.DocumentParser` that calls the readers here."""

    def __init__(self) -> None:
        self._limits = ParseLimits()

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """Read a file with the reader of its format."""
        form = format_of(name)
        if form is None:
            return unknown_format(name)
        found: Read | Rejected = importlib.import_module(READERS[form]).read(data, limits=self._limits)
        return found

    def close(self) -> None:
        """Do nothing: there is no process."""
