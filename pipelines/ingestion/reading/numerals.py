"""Numbers of list items and headings as documents write them: 3, c, C, iii, III."""

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_SMALL_ROMAN = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LARGEST_ROMAN = 4999
_LETTERS = 26


def letters(number: int) -> str:
    """Return 1 as a, 26 as z, 27 as aa as word processors count (aa, bb, cc); below 1 the digits."""
    if number < 1:
        return str(number)
    times, letter = divmod(number - 1, _LETTERS)
    return chr(ord("a") + letter) * min(times + 1, _LETTERS)


def roman(number: int) -> str:
    """Return the Roman numeral in small letters; outside 1..4999 the digits."""
    if not 1 <= number <= _LARGEST_ROMAN:
        return str(number)
    written = ""
    for value, sign in _ROMAN + _SMALL_ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written
