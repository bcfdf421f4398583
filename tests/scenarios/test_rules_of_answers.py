"""What an admin says of answers at a terminal: shown, changed, refused in one sentence."""

from pathlib import Path

import pytest

from tests.scenarios.machine import Machine


@pytest.fixture
def handbook(tmp_path: Path) -> Machine:
    """A machine with one base."""
    machine = Machine(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\nEverybody has 30 days of leave.\n")
    machine.run("kb", "add", "handbook", "documents")
    return machine


def test_rules_are_said_shown_and_taken_back(handbook: Machine) -> None:
    """Each option changes its own part; `off` and empty texts take a part back."""
    (handbook.home / "words.txt").write_text("PTO: paid time off\n")
    options = ("--style", "Short.", "--glossary-file", "words.txt", "--own-words", "withhold", "--money-per-day", "2.5")
    said = handbook.json("kb", "answers", "handbook", *options)
    assert (said["style"], said["own_words"], said["money_per_day"]) == ("Short.", "withhold", "2.50")
    assert said["glossary"] == [{"word": "PTO", "meaning": "paid time off"}]
    assert handbook.json("kb", "answers", "handbook") == said
    back = handbook.json("kb", "answers", "handbook", "--style", "", "--money-per-day", "off", "--own-words", "show")
    assert back == said | {"style": "", "money_per_day": None, "own_words": "show"}


@pytest.mark.parametrize(
    ("options", "kind", "sentence", "code"),
    [
        (("--tokens-per-day", "lots"), "bad_input", "expected a whole number of tokens", 2),
        (("--own-words", "hide"), "usage", "hide", 2),
        (("--glossary-file", "nowhere.txt"), "system", "nowhere.txt", 3),
    ],
)
def test_a_wrong_option_is_refused(
    handbook: Machine, options: tuple[str, ...], kind: str, sentence: str, code: int
) -> None:
    """In one sentence that names it; nothing was changed."""
    error = handbook.json("kb", "answers", "handbook", *options, code=code)["error"]
    assert error["kind"] == kind
    assert sentence in error["message"]
    assert handbook.json("kb", "answers", "handbook")["tokens_per_day"] is None
