"""Stored texts of documents, the newest used ones kept in memory."""

from collections import OrderedDict
from threading import Lock

from pipelines.errors import NotFound, StorageDamaged
from pipelines.ports.blobs import Blobs


class StoredTexts:
    """Reads texts by hash from the blobs. Safe to share between threads."""

    def __init__(self, blobs: Blobs, *, max_characters: int = 20_000_000) -> None:
        """
        Take the blobs.

        Args:
            blobs: where texts are stored as UTF-8.
            max_characters: characters kept in memory, of all texts together.

        """
        self._blobs = blobs
        self._max = max_characters
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def get(self, text_hash: str) -> str:
        """
        Return a stored text.

        Raises:
            StorageDamaged: it is missing, or its bytes do not have this hash.

        """
        with self._lock:
            if text_hash in self._kept:
                self._kept.move_to_end(text_hash)
                return self._kept[text_hash]
        try:
            text = self._blobs.get(text_hash).decode()
        except NotFound as fault:
            # Not the answer "not found": something was lost that the records name.
            raise StorageDamaged(str(fault)) from fault
        with self._lock:
            if text_hash not in self._kept:
                self._kept[text_hash] = text
                self._characters += len(text)
            while self._characters > self._max and len(self._kept) > 1:
                self._characters -= len(self._kept.popitem(last=False)[1])
        return text
