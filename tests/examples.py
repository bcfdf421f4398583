"""How many random cases a test draws: a third of its number in `make test`, all of it in `make soak`."""

from hypothesis import settings


SHORT = "short"


def examples(number: int) -> int:
    """Return how many cases a test draws that is to draw so many when there is time."""
    return max(number // 3, 5) if settings.get_current_profile_name() == SHORT else number
