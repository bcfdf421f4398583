"""When work is due that nobody asks for each time: intervals in words, and the next time. Pure."""

import re


MINUTE, HOUR, DAY = 60, 3600, 86_400
SHORTEST, LONGEST = 5 * MINUTE, 90 * DAY
OFF = "off"

SETTLED_S = 4 * MINUTE
"""
After which nobody writes into the index who lost a lease: longer than a lease (120 s) and a write into Weaviate (60 s).

But for a process that froze: that one asks for a census when it finds its lease gone. Shorter
than `SHORTEST`, so that a base that is synced all the time is compared in between.
"""

_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}
_FORM = re.compile(r"([0-9]{1,6})([mhd])")


def parse_interval(text: str) -> int | None:
    """
    Return the seconds of an interval such as `30m`, `6h` or `1d`; None for `off`.

    Raises:
        ValueError: it has another form, or is shorter than 5 minutes or longer than 90 days.

    """
    wanted = text.strip().lower()
    if wanted == OFF:
        return None
    found = _FORM.fullmatch(wanted)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError(text)
    return seconds


def interval_words(seconds: int) -> str:
    """Return an interval as `parse_interval` takes it, in its largest whole unit."""
    unit = next((unit for unit in ("d", "h") if seconds % _UNITS[unit] == 0), "m")
    return f"{seconds // _UNITS[unit]}{unit}"


def next_time(due: float, every: int, now: float) -> float:
    """
    Return the next time after `now` of something that was due; what was missed is not made up for.

    Args:
        due: when it was due, seconds.
        every: its interval, seconds > 0.
        now: the time, in the same seconds.

    """
    if due > now:
        return due
    return due + every * ((now - due) // every + 1)


def first_time(kb: int, every: int, now: float) -> float:
    """Return the first time of a chore of a base: bases are spread over the interval by their number."""
    return now + kb * 997 % every
