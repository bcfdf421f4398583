"""Why a file goes beyond a limit: each reason names the value, the limit and its setting."""

from pipelines.domain.reading import ParseLimits, Rejected


MEBIBYTE = 1024 * 1024
EXPANSION_FLOOR = 1_000_000
"""Bytes or characters that any file may unpack to (Apache Tika's SecureContentHandler)."""


def too_large(size: int, limits: ParseLimits) -> Rejected | None:
    """Reject a file of `size` bytes that is above the limit."""
    if size <= limits.max_file_mb * MEBIBYTE:
        return None
    tenths = -(-10 * size // MEBIBYTE)  # rounded up, or the value could equal the limit
    shown = f"{tenths / 10:.1f}".removesuffix(".0")
    return Rejected(f"it has {shown} MB, the limit is {limits.max_file_mb} MB (FOOTNOTE_LIMITS__MAX_FILE_MB)")


def too_many_pages(pages: int, limits: ParseLimits) -> Rejected | None:
    """Reject a document with more pages than the limit."""
    if pages <= limits.max_pages:
        return None
    return Rejected(f"it has {pages:,} pages, the limit is {limits.max_pages:,} (FOOTNOTE_LIMITS__MAX_PAGES)")


def too_deep(depth: int, limits: ParseLimits) -> Rejected | None:
    """Reject elements that are nested deeper than the limit."""
    if depth <= limits.nesting_depth:
        return None
    return Rejected(
        f"its elements are nested {depth} deep, the limit is {limits.nesting_depth} (FOOTNOTE_LIMITS__NESTING_DEPTH)"
    )


def too_expanded(expanded: int, size: int, limits: ParseLimits) -> Rejected | None:
    """Reject a file of `size` bytes that unpacks to too many bytes or characters."""
    if expanded <= max(EXPANSION_FLOOR, limits.expansion_ratio * size):
        return None
    ratio = -(-expanded // max(size, 1))  # rounded up, or the value could equal the limit
    return Rejected(
        f"it unpacks to {ratio:,} times its size, the limit is {limits.expansion_ratio} times"
        " (FOOTNOTE_LIMITS__EXPANSION_RATIO)"
    )


def too_long(characters: int, limits: ParseLimits) -> Rejected | None:
    """Reject a text with more characters than the largest file has bytes."""
    most = limits.max_file_mb * MEBIBYTE
    if characters <= most:
        return None
    return Rejected(f"its text has {characters:,} characters, the limit is {most:,} (FOOTNOTE_LIMITS__MAX_FILE_MB)")


def too_slow(limits: ParseLimits) -> Rejected:
    """Return the reason of a file that was not read in time."""
    return Rejected(
        f"reading it took longer than {limits.parse_seconds:g} s, the limit (FOOTNOTE_LIMITS__PARSE_SECONDS)"
    )


def too_hungry(limits: ParseLimits) -> Rejected:
    """Return the reason of a file that could not be read within the memory."""
    return Rejected(
        f"reading it took more than {limits.parse_memory_mb} MB of memory, the limit (FOOTNOTE_LIMITS__PARSE_MEMORY_MB)"
    )
