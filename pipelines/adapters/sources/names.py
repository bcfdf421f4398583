"""Names of files to the paths under which a source lists them. Reads nothing."""

import unicodedata
from collections.abc import Callable, Container, Iterable

from pipelines.domain.reading import Rejected


def sort_out(names: Iterable[str]) -> tuple[dict[str, str], dict[str, Rejected]]:
    """
    Return (path -> name as it is, path shown -> why there is no document), all paths different.

    A path is a name in NFC. Names that cannot be shown, that would lead elsewhere, or that
    are another's in another Unicode spelling have a path made up for them.
    """
    paths: dict[str, str] = {}
    odd: list[tuple[str, Rejected]] = []
    for path, _, name in sorted((_composed(name), name != _composed(name), name) for name in names):
        if unprintable(path):
            reason = Rejected("its name holds control characters or is not valid Unicode")
            odd.append((_composed(escaped(name, unprintable)), reason))
        elif any(part in ("", ".", "..") for part in path.split("/")):
            odd.append((escaped(name, unprintable), Rejected("its name would lead elsewhere")))
        elif path in paths:
            reason = Rejected("another file has the same name in another Unicode spelling")
            odd.append((escaped(name, _beyond_ascii), reason))
        else:
            paths[path] = name
    shown: dict[str, Rejected] = {}
    for path, reason in odd:
        shown[free_path(path, {**paths, **shown})] = reason
    return paths, shown


def free_path(path: str, taken: Container[str]) -> str:
    """Return the path, with a number if it is taken."""
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{path} ({number})"
    return free


def too_large(size: int | None, max_file_mb: int) -> Rejected:
    """Return why a file of so many bytes is not taken; None stands for a size that nobody knows."""
    shown = f"it has {-(-size // 2**20)} MB" if size is not None else "it is too large"
    return Rejected(f"{shown}, the limit is {max_file_mb} MB (FOOTNOTE_LIMITS__MAX_FILE_MB)")


def unprintable(path: str) -> bool:
    """Say whether a name holds what cannot be shown."""
    return any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in path)


def escaped(path: str, odd: Callable[[str], bool]) -> str:
    """Return a path with every odd character written as its code."""
    return "".join(char.encode("unicode_escape", "surrogatepass").decode() if odd(char) else char for char in path)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _beyond_ascii(path: str) -> bool:
    return not path.isascii()
