"""The root of all frozen types: a value is never copied, since it can never change."""

from typing import Self


class Value:
    """
    A frozen value. Copying one, however deeply, returns the value itself.

    Haystack copies what it hands from component to component; for values that
    would be work without effect.
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        """Return the value itself."""
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        """Return the value itself."""
        return self
