"""How many random cases a test draws that does not say so itself; `tests.examples` is for those that do."""

from hypothesis import settings

from tests.examples import SHORT


settings.register_profile(SHORT, max_examples=25)
settings.load_profile(SHORT)
