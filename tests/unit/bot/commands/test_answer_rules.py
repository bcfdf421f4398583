"""Rules of answers through the command: shown, changed whole or not at all, for admins, audited."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.answer_rule_texts import no_price
from bot.cli.terminal import Terminal
from bot.commands import kb
from bot.commands.answer_rules import answer_rules
from bot.commands.answer_wishes import NO_WISHES, AnswerWishes, OwnWords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.model_budget import Charge
from pipelines.errors import BadInput, NotAllowed, NotFound
from pipelines.settings import Settings
from tests.fakes.installation import FakeInstallation


EVERYTHING = AnswerWishes(
    style=" Short sentences.\r\nNo jokes. ",
    glossary="PTO: paid time off\nOps: the operations team",
    own_words=OwnWords.WITHHOLD,
    tokens_per_day="200000",
    money_per_day="2.5",
)
Said = Callable[[], str]


@pytest.fixture
def handbook(footnote: FakeInstallation, folder: Path) -> FakeInstallation:
    """One base."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    return footnote


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What was written to stdout since the last look."""
    return lambda: capsys.readouterr().out


def audited(footnote: FakeInstallation) -> list[Any]:
    """Return what was audited of answers: subject and details."""
    database = Database(footnote.settings.database_url)
    with database.read() as c:
        wanted = sa.select(t.audit.c.subject, t.audit.c.details).where(t.audit.c.action == "kb answers")
        rows = [tuple(row) for row in c.execute(wanted.order_by(t.audit.c.id))]
    database.close()
    return rows


def with_settings(footnote: FakeInstallation, **values: str) -> FakeInstallation:
    """Return the installation with other settings."""
    given = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), **values}
    return FakeInstallation(Settings.load(given, None), footnote.records)


def test_a_base_begins_without_rules(handbook: FakeInstallation) -> None:
    """Nothing is said of its answers, nothing limits them, nothing was used; to look is not audited."""
    assert answer_rules(handbook, OPERATOR, "Handbook").as_json() == {
        "kb": "handbook",
        "style": "",
        "glossary": [],
        "own_words": "show",
        "tokens_per_day": None,
        "money_per_day": None,
        "today": {"calls": 0, "tokens_in": 0, "tokens_out": 0, "money": "0.00"},
    }
    assert audited(handbook) == []


def test_each_wish_changes_its_own_part(handbook: FakeInstallation) -> None:
    """The rest stays as it was; an empty text and `off` take a part back."""
    all_set = answer_rules(handbook, OPERATOR, "handbook", EVERYTHING)
    assert all_set.as_json() | {"today": None} == {
        "kb": "handbook",
        "style": "Short sentences.\nNo jokes.",
        "glossary": [
            {"word": "PTO", "meaning": "paid time off"},
            {"word": "Ops", "meaning": "the operations team"},
        ],
        "own_words": "withhold",
        "tokens_per_day": 200_000,
        "money_per_day": "2.50",
        "today": None,
    }
    assert answer_rules(handbook, OPERATOR, "handbook") == all_set
    shown = answer_rules(handbook, OPERATOR, "handbook", AnswerWishes(own_words=OwnWords.SHOW))
    assert (shown.rules.style, shown.rules.strict, shown.rules.money_per_day) == (all_set.rules.style, False, 2_500_000)
    nothing = AnswerWishes(style="", glossary="", tokens_per_day="OFF", money_per_day=" off ")
    assert answer_rules(handbook, OPERATOR, "handbook", nothing).as_json()["glossary"] == []
    assert answer_rules(handbook, OPERATOR, "handbook").rules.tokens_per_day is None


def test_what_changed_is_audited(handbook: FakeInstallation) -> None:
    """Before and after of each part that changed; a wish for what is so already is none."""
    answer_rules(handbook, OPERATOR, "handbook", AnswerWishes(style="Short.", tokens_per_day="0"))
    answer_rules(handbook, OPERATOR, "handbook", AnswerWishes(style=" Short. "))
    answer_rules(handbook, OPERATOR, "handbook", AnswerWishes(style="Long.", glossary="PTO: paid time off"))
    assert audited(handbook) == [
        (
            "handbook",
            {"before": {"style": "", "tokens_per_day": None}, "after": {"style": "Short.", "tokens_per_day": 0}},
        ),
        (
            "handbook",
            {
                "before": {"style": "Short.", "glossary": []},
                "after": {"style": "Long.", "glossary": [["PTO", "paid time off"]]},
            },
        ),
    ]


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (AnswerWishes(tokens_per_day="many"), "expected a whole number of tokens such as 200000, got 'many', or off"),
        (AnswerWishes(money_per_day="2,50"), "expected an amount such as 2.50 with at most six places, got '2,50'"),
        (AnswerWishes(glossary="PTO"), "line 1 of the glossary is 'PTO': write each line as word: meaning"),
        (AnswerWishes(style="x" * 2001), "the style has 2,001 characters, the limit is 2,000"),
    ],
)
def test_one_wrong_wish_changes_nothing(handbook: FakeInstallation, wishes: AnswerWishes, sentence: str) -> None:
    """It is refused in one sentence, with all the others beside it, and nothing is audited."""
    with pytest.raises(BadInput) as caught:
        answer_rules(handbook, OPERATOR, "handbook", wishes)
    assert sentence in str(caught.value)
    assert answer_rules(handbook, OPERATOR, "handbook").rules.style == ""
    assert audited(handbook) == []


@pytest.mark.parametrize("wishes", [NO_WISHES, EVERYTHING])
def test_only_an_admin_sees_and_changes_rules(handbook: FakeInstallation, wishes: AnswerWishes) -> None:
    """Others are not told what there is; an admin is told that a base is not there."""
    with pytest.raises(NotAllowed):
        answer_rules(handbook, principal_as(["everyone"]), "handbook", wishes)
    with pytest.raises(NotFound):
        answer_rules(handbook, OPERATOR, "hand", wishes)
    assert answer_rules(handbook, OPERATOR, "handbook").rules.strict is False


def test_a_person_reads_rules_and_use(handbook: FakeInstallation, said: Said) -> None:
    """Style and glossary line by line, strictness, budget, today's use; and what has no effect yet."""
    handbook.records.model_usage.reserve({1: Charge(11_800, 640, 2_154, 3)}, {}, "user:anna", 0)
    terminal = Terminal(as_json=False, installation=lambda: handbook)
    terminal.answers("handbook", NO_WISHES, None, None)
    assert said().splitlines() == [
        "handbook",
        "  Nothing is said of how answers are to be written.",
        "  Sentences in a language model's own words are shown, marked, and with their quote.",
        "  Budget of a day for written answers: no limit.",
        "  Today (UTC): 3 calls, 11,800 tokens read and 640 written, 0.002154 of money.",
        "  No language model writes answers here (FOOTNOTE_MODEL); all this counts once one does.",
    ]
    answer_rules(handbook, OPERATOR, "handbook", EVERYTHING)
    unpriced = with_settings(handbook, FOOTNOTE_MODEL="a-model", OPENAI_BASE_URL="http://models.example/v1")
    Terminal(as_json=False, installation=lambda: unpriced).answers("handbook", NO_WISHES, None, None)
    assert said().splitlines()[1:] == [
        "  Answers are to be written like this:",
        "    Short sentences.",
        "    No jokes.",
        "  2 words of this organisation:",
        "    PTO: paid time off",
        "    Ops: the operations team",
        "  Sentences in a language model's own words are withheld.",
        "  Budget of a day for written answers: 200,000 tokens and 2.50 of money.",
        "  Today (UTC): 3 calls, 11,800 tokens read and 640 written, 0.002154 of money.",
        f"  {no_price()}",
    ]
    priced = with_settings(
        handbook, FOOTNOTE_MODEL="a-model", OPENAI_BASE_URL="http://models.example/v1", FOOTNOTE_MODELS__PRICE_OUT="0.6"
    )
    Terminal(as_json=False, installation=lambda: priced).answers("handbook", NO_WISHES, None, None)
    assert said().splitlines()[-1].startswith("  Today (UTC): 3 calls")


def test_texts_stand_in_files(handbook: FakeInstallation, folder: Path, said: Said) -> None:
    """In UTF-8, with or without a mark at the beginning; an empty file takes the glossary back."""
    style, glossary = folder / "style.txt", folder / "glossary.txt"
    style.write_text("\ufeffKurz.\n", encoding="utf-8")
    glossary.write_bytes("\ufeffPTO: bezahlte Tage\r\nÜ: über\r\n".encode())
    terminal = Terminal(as_json=True, installation=lambda: handbook)
    assert terminal.answers("handbook", NO_WISHES, style, glossary) == 0
    shown = json.loads(said())
    assert (shown["style"], shown["glossary"][0]["word"], shown["glossary"][1]["meaning"]) == ("Kurz.", "PTO", "über")
    glossary.write_text("")
    terminal.answers("handbook", NO_WISHES, None, glossary)
    assert json.loads(said())["glossary"] == []


def test_a_file_that_is_no_text_is_named(handbook: FakeInstallation, folder: Path) -> None:
    """So is one that is too large; a style that stands in two places is refused; nothing was changed."""
    terminal, file = Terminal(as_json=False, installation=lambda: handbook), folder / "style.txt"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"style\.txt is not UTF-8 text"):
        terminal.answers("handbook", NO_WISHES, file, None)
    file.write_bytes(b"x" * 1_000_001)
    with pytest.raises(BadInput, match=r"style\.txt has more than 1,000,000 bytes"):
        terminal.answers("handbook", NO_WISHES, None, file)
    file.write_bytes(b"x")
    with pytest.raises(BadInput, match="one of --style and --style-file"):
        terminal.answers("handbook", AnswerWishes(style="y"), file, None)
    assert answer_rules(handbook, OPERATOR, "handbook").rules.style == ""
