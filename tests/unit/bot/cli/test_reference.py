"""docs/reference is what the code says."""

from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli.app import app
from bot.cli.examples import EXAMPLES
from bot.cli.reference import pages


REFERENCE = Path(__file__).parents[4] / "docs" / "reference"


@pytest.mark.parametrize("name", ["settings.md", "commands.md"])
def test_the_reference_is_written_from_the_code(name: str) -> None:
    """The tables of settings and commands are current: else run `python -m bot.cli.reference`."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages()[name]


def test_every_command_has_an_example() -> None:
    """Every command is documented with what its --json looks like."""
    root = get_command(app)
    groups = {name: one for name, one in root.commands.items() if hasattr(one, "commands")}  # type: ignore[attr-defined]
    commands = set(root.commands) - set(groups)  # type: ignore[attr-defined]
    within = {f"{name} {one}" for name, group in groups.items() for one in group.commands}
    assert set(EXAMPLES) == commands | within
