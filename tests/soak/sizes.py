"""How much `make soak` runs: `TEST_SOAK_CASES` and `TEST_SOAK_STEPS` ask for more or less."""

import os


CASES = int(os.environ.get("TEST_SOAK_CASES", "1000"))
STEPS = int(os.environ.get("TEST_SOAK_STEPS", "50"))

RUNS = 10
"""Into so many runs the cases are divided."""

SERVER_CASES = CASES // 10
INTERLEAVINGS = CASES // 2
CHUNKS = 100 * CASES
"""Of the base that is restricted."""
