"""Every sentence about a recorded answer beside today's, one function per sentence."""

from bot.texts import counted


def recorded(number: int, asked_at: str, principal: str) -> str:
    """Say which answer it is."""
    return f"Answer {number}, asked by {principal} at {asked_at}"


def asked(question: str, searched: str) -> str:
    """Say what was asked, and what was searched where that is another text."""
    return f"Question: {question}" if question == searched else f"Question: {question}  (searched: {searched})"


def then() -> str:
    """Introduce the recorded answer."""
    return "It was told:"


def today() -> str:
    """Introduce the answer of now."""
    return "Today it is told:"


def the_same_today() -> str:
    """Say that nothing of the text differs."""
    return "Today it is told the same."


def evidence(*, same: bool, gone: int, new: int) -> str:
    """Say how the passages of then and of today differ."""
    if same:
        return "It is made of the same passages, in the same order."
    if not gone and not new:
        return "It is made of the same passages, in another order."
    return f"{counted(gone, 'passage')} of then not found today, {counted(new, 'passage')} new."


def prompt(*, same: bool) -> str:
    """Say whether a model is told the same."""
    return "A model is told the same." if same else "A model is told something else than then."


def rank(then: tuple[int, float] | None, today: tuple[int, float] | None) -> str:
    """Say where a passage stood, and stands."""
    return f"{_place(then)} -> {_place(today)}"


def deleted() -> str:
    """Stand for a passage whose version was deleted."""
    return "(its version is deleted)"


def _place(one: tuple[int, float] | None) -> str:
    return f"{one[0]}. ({one[1]:.4f})" if one else "-"
