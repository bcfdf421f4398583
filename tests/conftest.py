"""How many random cases a test draws that does not say so itself."""

from hypothesis import settings


settings.register_profile("short", max_examples=40)
settings.load_profile("short")
