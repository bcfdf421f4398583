"""Bounds of a question that the platforms name in their help. Imports nothing."""

MAX_CITATIONS = 20
DEFAULT_CITATIONS = 4
KEPT_TURNS = 10
"""Earlier exchanges that a follow-up may refer to."""

NEWEST_FEEDBACK = 20
"""How much of what people said is told where nobody says how much."""

MOST_FEEDBACK = 500
