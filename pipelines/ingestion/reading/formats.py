"""Which format a file's name promises, and which module reads it. Imports no reader."""

from pathlib import PurePosixPath
from types import MappingProxyType

from pipelines.domain.reading import Rejected


READERS = MappingProxyType(
    {
        "md": "pipelines.ingestion.reading.markdown",
        "html": "pipelines.ingestion.reading.html_page",
        "pdf": "pipelines.ingestion.reading.pdf",
        "docx": "pipelines.ingestion.reading.docx",
        "txt": "pipelines.ingestion.reading.plain_text",
        "csv": "pipelines.ingestion.reading.csv_table",
    }
)
"""Format -> module with a function `read(data, *, limits)`."""

_OTHER_ENDINGS = MappingProxyType({"markdown": "md", "htm": "html", "text": "txt", "tsv": "csv"})
_LONGEST_SHOWN = 20


def format_of(name: str) -> str | None:
    """Return the format that the name's ending promises, compared without case; None for any other."""
    ending = PurePosixPath(name).suffix[1:].lower()
    known = _OTHER_ENDINGS.get(ending, ending)
    return known if known in READERS else None


def unknown_format(name: str) -> Rejected:
    """Return why a file with this name is not read."""
    ending = PurePosixPath(name).suffix[:_LONGEST_SHOWN]
    subject = f"{ending!r}" if ending else "a name without an ending"
    return Rejected(f"{subject} is not a format that can be read: {', '.join(READERS)}")
