"""Bodies as they were sent to bodies as they were meant, never larger than was asked for."""

import zlib
from collections.abc import Iterable, Iterator

from pipelines.adapters.safe_http.faults import Refused, TooLarge, Unreachable


_GZIP = 31
"""zlib's window bits for gzip alone."""


def unpacked(chunks: Iterable[bytes], encoding: str, *, max_bytes: int, shown: str) -> Iterator[bytes]:
    """
    Yield a body's parts.

    Args:
        chunks: the body as it comes.
        encoding: value of Content-Encoding; only `gzip` and none are read.
        max_bytes: where the sum of what is yielded, and of what comes, ends.
        shown: the address, for messages.

    Raises:
        TooLarge: there is more.
        Refused: another encoding, or no gzip where it is said to be.
        Unreachable: it ends before its end.

    """
    names = [one.strip().lower() for one in encoding.split(",") if one.strip() and one.strip().lower() != "identity"]
    if names not in ([], ["gzip"], ["x-gzip"]):
        raise Refused(f"{shown} came in the encoding {encoding[:40]!r}, which was not asked for")
    came = went = 0
    gzip = _Gunzip(shown) if names else None
    for chunk in chunks:
        came += len(chunk)
        _require(came, max_bytes, shown)
        for part in gzip.feed(chunk, max_bytes - went + 1) if gzip else (chunk,):
            went += len(part)
            _require(went, max_bytes, shown)
            yield part
    if gzip:
        gzip.end()


class _Gunzip:
    """One gzip stream of any number of members."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, data: bytes, most: int) -> Iterator[bytes]:
        """Yield what a part unpacks to, at most so many bytes at a time."""
        rest = data
        while rest:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP)
            self._begun = True
            try:
                yield self._member.decompress(rest, most)
            except zlib.error as fault:
                raise Refused(f"{self._shown} is not the gzip that it says it is") from fault
            rest = self._member.unconsumed_tail or self._member.unused_data

    def end(self) -> None:
        """Refuse a stream that ends before its end."""
        if self._begun and not self._member.eof:
            raise Unreachable(f"{self._shown} broke off before its end")


def _require(size: int, max_bytes: int, shown: str) -> None:
    if size > max_bytes:
        raise TooLarge(f"{shown} is larger than {max_bytes} bytes", None)
