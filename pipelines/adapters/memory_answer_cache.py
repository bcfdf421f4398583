"""Remembered answers in the memory of this process."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from pipelines.ports.clock import Clock


_OVERHEAD_BYTES = 400
"""What an entry costs beside its bytes: key, objects and places in the dictionary."""


@dataclass(frozen=True, slots=True)
class _Entry:
    data: bytes
    until: float


class MemoryAnswerCache:
    """`ports.answer_cache.AnswerCache` in a dictionary. What was not asked for the longest goes first."""

    def __init__(self, clock: Clock, *, max_bytes: int) -> None:
        """
        Begin empty.

        Args:
            clock: for the time that an entry may live.
            max_bytes: what all entries cost at most.

        """
        self._clock = clock
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._bytes = 0
        self._holders: dict[str, tuple[object, float]] = {}

    @property
    def cost_bytes(self) -> int:
        """What all entries cost now."""
        return self._bytes

    def slot(self, key: str) -> "MemoryAnswerSlot":
        """Return a slot."""
        return MemoryAnswerSlot(self, key)

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._holders.clear()
            self._bytes = 0

    def get(self, key: str) -> bytes | None:
        """Return what a key holds."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.until <= self._clock.monotonic():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return entry.data

    def put(self, key: str, data: bytes, seconds: float) -> None:
        """Let a key hold the bytes, unless they alone are too many."""
        with self._lock:
            self._drop(key)
            cost = _cost(data)
            if cost > self._max_bytes:
                return
            while self._bytes + cost > self._max_bytes:
                self._drop(next(iter(self._entries)))
            self._entries[key] = _Entry(data, self._clock.monotonic() + seconds)
            self._bytes += cost

    def hold(self, key: str, holder: object, seconds: float) -> bool:
        """Let somebody hold the right to compute a key, if nobody else does."""
        with self._lock:
            if self._holder(key) is not None:
                return False
            self._holders[key] = (holder, self._clock.monotonic() + seconds)
            return True

    def held(self, key: str) -> bool:
        """Say whether somebody holds that right."""
        with self._lock:
            return self._holder(key) is not None

    def let_go(self, key: str, holder: object) -> None:
        """Give the right back, if it is this one's."""
        with self._lock:
            if self._holder(key) is holder:
                del self._holders[key]

    def _holder(self, key: str) -> object | None:
        holder, until = self._holders.get(key, (None, 0.0))
        if holder is not None and until <= self._clock.monotonic():
            del self._holders[key]
            return None
        return holder

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= _cost(entry.data)


class MemoryAnswerSlot:
    """`ports.answer_cache.AnswerSlot` over the dictionary."""

    def __init__(self, cache: MemoryAnswerCache, key: str) -> None:
        self._cache = cache
        self._key = key

    @property
    def key(self) -> str:
        """Its key."""
        return self._key

    def get(self) -> bytes | None:
        """Return what is remembered."""
        return self._cache.get(self._key)

    def put(self, data: bytes, seconds: float) -> None:
        """Remember the bytes for some seconds."""
        self._cache.put(self._key, data, seconds)

    def take(self, seconds: float) -> bool:
        """Take the right to compute the answer."""
        return self._cache.hold(self._key, self, seconds)

    def taken(self) -> bool:
        """Say whether some slot holds that right."""
        return self._cache.held(self._key)

    def release(self) -> None:
        """Give the right back."""
        self._cache.let_go(self._key, self)


def _cost(data: bytes) -> int:
    return len(data) + _OVERHEAD_BYTES
