"""Is a word a slip of the hand for another one? By letters alone: it knows no dictionary and corrects nothing."""

from collections.abc import Iterable


_ONE_SLIP = 5
"""Letters from which a word may hold one slip; of shorter ones too many differ by one."""

_TWO_SLIPS = 9


def is_misspelling(word: str, known: Iterable[str]) -> bool:
    """
    Return whether a word differs from a known one by one slip, from nine letters on by two.

    A slip is a letter too many, one too few, a wrong one, or two neighbours exchanged.

    Args:
        word: the word, in lower case; one of fewer than five letters is no misspelling.
        known: words in lower case. A word that is itself among them is not looked up here.

    """
    if len(word) < _ONE_SLIP:
        return False
    most = 2 if len(word) >= _TWO_SLIPS else 1
    return any(abs(len(word) - len(other)) <= most and slips(word, other, most=most) <= most for other in known)


def slips(word: str, other: str, *, most: int) -> int:
    """
    Return the optimal string alignment distance of two words, or `most` + 1 where it is more.

    Source: Damerau (1964), "A technique for computer detection and correction of spelling
    errors"; each place is changed at most once.
    """
    before, above = list[int](), list(range(len(other) + 1))
    for row, letter in enumerate(word, start=1):
        line = [row]
        for column, its in enumerate(other, start=1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and its == word[row - 2]:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, above = above, line
    return min(above[-1], most + 1)
