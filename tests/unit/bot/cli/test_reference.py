"""docs/reference is what the code says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.cli.app import app
from bot.cli.examples import EXAMPLES
from bot.cli.reference import pages


REFERENCE = Path(__file__).parents[4] / "docs" / "reference"


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "kb.md"])
def test_the_reference_is_written_from_the_code(name: str) -> None:
    """The tables of settings, commands and `/kb` are current: else run `python -m bot.cli.reference`."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages()[name]


def test_every_command_has_an_example() -> None:
    """Every command is documented with what its --json looks like."""
    assert set(EXAMPLES) == set(commands(get_command(app)))


def commands(group: Any, before: str = "") -> Iterator[str]:
    """Yield the names of all commands, those of groups in groups too."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, f"{before}{name} ")
        else:
            yield f"{before}{name}"
