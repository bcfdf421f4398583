"""Whether the first row of a table without a marked header is one."""

from collections.abc import Sequence


_LONGEST_LABEL = 80


def count_header_rows(first_rows: Sequence[Sequence[str]]) -> int:
    """
    Return 1 when the first of two or more rows looks like a header, else 0.

    It does when it has at least two labels, all short, different, not mostly numbers
    and none that ends like a sentence, and misses none but the first.
    """
    if len(first_rows) < 2:  # noqa: PLR2004 - a header and a row
        return 0
    labels = [cell.strip() for cell in first_rows[0]]
    while labels and not labels[-1]:
        labels.pop()
    named = [label for label in labels if label]
    fits = (
        len(named) >= 2  # noqa: PLR2004 - one column needs no header
        and len(set(named)) == len(named)
        and all(labels[1:])
        and all(len(label) <= _LONGEST_LABEL and not label.endswith((".", ";", "!")) for label in named)
    )
    numbers = sum(not any(char.isalpha() for char in label) for label in named)
    return int(fits and 2 * numbers < len(named))
