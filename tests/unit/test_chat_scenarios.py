"""Scenarios of chat platforms are for all of them."""

from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
WORDS = ("chat_office.py", "long_answers.py", "offered_file.py")
NEUTRAL = [*ROOT.glob("tests/*/test_chat_*.py"), *(ROOT / "tests" / "scenarios" / one for one in WORDS)]
PLATFORMS = ("slack", "teams")


@pytest.mark.parametrize("file", [one for one in NEUTRAL if one != Path(__file__)], ids=lambda one: one.name)
def test_a_scenario_for_every_platform_names_none(file: Path) -> None:
    """Neither in its words nor in what it imports: whatever is one platform's alone stands in a file of that."""
    text = file.read_text(encoding="utf-8").lower()
    assert [one for one in PLATFORMS if one in text] == []
