"""Which Python Footnote runs in. Written so that older and newer ones can read it."""

from bot import texts


OLDEST = (3, 11)
NEWEST = (3, 13)


def complaint(major: int, minor: int) -> str:
    """Return one sentence about a Python that does not fit; empty for one that does."""
    found = f"{major}.{minor}"
    newest = f"{NEWEST[0]}.{NEWEST[1]}"
    if (major, minor) > NEWEST:
        return texts.python_too_new(found, newest)
    if (major, minor) < OLDEST:
        return texts.python_too_old(found, newest)
    return ""
