"""When a source lost so much that a person must say that this is right. Pure."""

MANY_DOCUMENTS = 5
MANY_PERCENT = 30


def needs_consent(*, before: int, lost: int, stays: int) -> bool:
    """
    Say whether a sync would take so much from readers that it looks like a mistake.

    A drive that is not there, a wrong branch or a site that moved all look like documents
    that somebody deleted.

    Args:
        before: documents that readers see, >= 0.
        lost: those of them whose file is gone, 0..before; one that was renamed is not lost.
        stays: documents that readers would see afterwards, new ones included.

    Returns:
        True for at least 5 documents that are at least 30 % of all, and when nothing would be left.

    """
    if lost == 0:
        return False
    return stays == 0 or (lost >= MANY_DOCUMENTS and lost * 100 >= before * MANY_PERCENT)
