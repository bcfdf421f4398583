"""How many random cases a test draws that does not say so itself; `tests.examples` is for those that do."""

from hypothesis import HealthCheck, settings

from tests.examples import SHORT


# How long it takes to draw cases tells of the machine, which other work keeps busy.
settings.register_profile(SHORT, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(SHORT)
