"""The right Python, or one sentence."""

import pytest

from bot.cli.interpreter import complaint


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_a_python_that_fits_passes(minor: int) -> None:
    """3.11 to 3.13 are fine."""
    assert complaint(3, minor) == ""


@pytest.mark.parametrize(
    ("version", "way"), [((3, 14), "an older one"), ((4, 0), "an older one"), ((3, 10), "a newer")]
)
def test_another_python_gets_one_sentence(version: tuple[int, int], way: str) -> None:
    """Any other names what it is, what is needed and which way to go."""
    said = complaint(*version)
    assert f"this is {version[0]}.{version[1]}: start it with {way}" in said
    assert "3.11 to 3.13" in said
    assert "\n" not in said
