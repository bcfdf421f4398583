"""Names the code that makes answers, so that an answer of another release is not remembered for this one's."""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path


_PACKAGES = ("answering", "retrieval", "domain")


@functools.cache
def code_version() -> str:
    """
    Return a hash of the source of everything that decides an answer, as it was when first asked for.

    A number that somebody must remember to raise would sometimes not be raised.
    """
    return source_hash(Path(__file__).parents[1])


def source_hash(root: Path, packages: Sequence[str] = _PACKAGES) -> str:
    """Return the hash of the names and bytes of the packages under a folder."""
    found = hashlib.sha256()
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            found.update(f"{path.relative_to(root).as_posix()}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
