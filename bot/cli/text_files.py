"""A text that a person keeps in a file beside the command. Not documents: those are read by the sources."""

from pathlib import Path

from bot import answer_rule_texts as texts
from pipelines.errors import BadInput


MOST_BYTES = 1_000_000
"""More than any style or glossary may have, in any script."""


def text_of(file: Path) -> str:
    """
    Return the text of a file in UTF-8, without a mark at its beginning.

    Raises:
        BadInput: it is too large, or no UTF-8.
        OSError: it cannot be read.

    """
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadInput(texts.text_too_large(str(file), MOST_BYTES))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(texts.text_not_utf8(str(file))) from error
