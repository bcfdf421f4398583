"""Bytes to text: byte-order marks, UTF-8, what the file declares, then a guess."""

import codecs
import re

import charset_normalizer


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SEVEN_BIT = re.compile(r"iso-?2022|hz|utf-?7")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 1 << 16
_LARGEST_CONTROL_SHARE = 0.02
_LARGEST_FOREIGN_SHARE = 0.15
"""Above this share of bytes beyond ASCII, cp1252 is unlikely: French has .09, Czech .22, Russian .87."""
_NOT_WESTERN = re.compile(r"[ðþýÐÞÝ]|[^\W\d_][¡¢£¤¥¦§©«¬®¯±²³´¶¸¹º»¼½¾¿×÷][^\W\d_]")
_MANY_TO_ONE = 3
"""Eight-bit text is hardly ever valid UTF-8 by chance; of the double-byte encodings about one letter in ten is."""


def decode(data: bytes, declared: str | None = None) -> str | None:
    """
    Return the text of the bytes; None when they are no text.

    Args:
        data: the whole file.
        declared: the encoding that the file itself names, if it names one.

    Returns:
        The text without byte-order mark; undecodable bytes become U+FFFD. UTF-8 wins
        over a declaration, as nothing else is valid UTF-8 by chance. Without either,
        Western text is read as cp1252, other text as charset-normalizer finds.

    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if declared and _SEVEN_BIT.match(declared.lower()):
        return _decoded(data, declared) or data.decode("ascii", errors="replace")
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return _unmarked_utf16(data)
    if len(_CONTROLS.findall(sample)) > _LARGEST_CONTROL_SHARE * len(sample):
        return None
    return _as_utf8(data) or (_decoded(data, declared) if declared else None) or _guessed(data)


def _as_utf8(data: bytes) -> str | None:
    """Decode UTF-8, leniently where three times as many characters beyond ASCII are valid as are not."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    bad = text.count("\ufffd")
    return text if len(_BEYOND_ASCII.findall(text)) >= (1 + _MANY_TO_ONE) * bad else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return str(data, encoding, errors="replace")
    except (LookupError, UnicodeError, ValueError):  # no text encoding of that name
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """Decode UTF-16 without a mark, known by zero bytes in every other place; None for anything else."""
    half = len(data[:_SAMPLE]) // 2
    if not half:
        return None
    low, high = data[1:_SAMPLE:2].count(0), data[0:_SAMPLE:2].count(0)
    mostly, hardly = 0.4 * half, 0.02 * half
    if low >= mostly and high <= hardly:
        return data.decode("utf-16-le", errors="replace")
    if high >= mostly and low <= hardly:
        return data.decode("utf-16-be", errors="replace")
    return None


def _guessed(data: bytes) -> str | None:
    """Decode eight-bit text of unknown encoding."""
    first = next((at for at, byte in enumerate(data) if byte > 127), 0)  # noqa: PLR2004 - the last ASCII character
    sample = data[max(0, first - _SAMPLE // 2) : first + _SAMPLE]
    share = sum(byte > 127 for byte in sample) / len(sample) if sample else 0.0  # noqa: PLR2004 - as above
    western = sample.decode("cp1252", errors="replace")
    if share <= _LARGEST_FOREIGN_SHARE and "\ufffd" not in western and not _NOT_WESTERN.search(western):
        return data.decode("cp1252", errors="replace")
    best = charset_normalizer.from_bytes(sample).best()
    return _decoded(data, best.encoding if best else "cp1252")
