"""A question back, and how a person picks: through the terminal's chat, typed line by line."""

import re
from typing import Any

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.settings import Settings
from pipelines.wiring import open_footnote
from tests.scenarios.machine import Machine


HOLIDAYS = """\
# Holidays

## Germany

Everybody has 30 days of holidays in a year.

## Portugal

Everybody has 25 days of holidays in a year.

## Norway

Everybody has 28 days of holidays in a year.
"""
QUESTION = "How many days of holidays do I get?"
DAYS = {"Germany": "30 days", "Portugal": "25 days", "Norway": "28 days"}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with a base that answers a question in three ways."""
    home = tmp_path_factory.mktemp("clarify")
    (home / "documents").mkdir()
    (home / "documents" / "holidays.md").write_text(HOLIDAYS, encoding="utf-8")
    made = Machine(home)
    with open_footnote(Settings.load(made.environment, None)) as footnote:
        footnote.add_base("handbook", home / "documents", OPERATOR)
        footnote.sync("handbook")
    return made


def talk(machine: Machine, *typed: str) -> list[dict[str, Any]]:
    """Return the answers to lines typed into one chat."""
    exchanges = machine.json("chat", typed="\n".join(typed) + "\n")["exchanges"]
    return [exchange["answer"] for exchange in exchanges]


def countries(answer: dict[str, Any]) -> list[str]:
    """Return the countries whose days an answer tells; its quotes say as much."""
    assert (answer["outcome"], answer["choices"]) == ("answer", [])
    quotes = " ".join(one["quote"] for one in answer["citations"])
    found = [name for name, days in DAYS.items() if days in answer["text"]]
    assert found == [name for name, days in DAYS.items() if days in quotes]
    return found


def test_a_person_is_asked_back_and_picks(machine: Machine) -> None:
    """Number, label, label as a fragment: each picks one; a follow-up then changes the country alone."""
    picks = ["2", "Norway", "portugal.", "2.", "in Germany", "and in Germany?"]
    typed = [line for pick in picks for line in (QUESTION, pick, "and in Norway?")]
    answers = talk(machine, *typed)
    back = answers[::3]
    assert {answer["outcome"] for answer in back} == {"clarify"}
    assert all(answer["citations"] == [] for answer in back)
    assert len({tuple(answer["choices"]) for answer in back}) == 1
    choices = back[0]["choices"]
    assert sorted(choices) == [f"How many days of holidays do I get ({name})?" for name in sorted(DAYS)]
    second = re.sub(r".*\((.*)\)\?", r"\1", choices[1])
    picked = [countries(answer) for answer in answers[1::3]]
    assert picked == [[second], ["Norway"], ["Portugal"], [second], ["Germany"], ["Germany"]]
    assert [countries(answer) for answer in answers[2::3]] == [["Norway"]] * len(picks)


def test_what_is_no_pick_is_a_question(machine: Machine) -> None:
    """`no` is not Norway, a number beyond the choices is none, and the question asked again is asked back again."""
    answers = talk(machine, QUESTION, "no", QUESTION, "7", QUESTION, QUESTION, "How many days of holidays in Norway?")
    outcomes = [answer["outcome"] for answer in answers]
    assert outcomes == ["clarify", "refusal", "clarify", "refusal", "clarify", "clarify", "answer"]
    assert countries(answers[-1]) == ["Norway"]


def test_a_choice_counts_for_the_next_line_only(machine: Machine) -> None:
    """After another question a number is a question like any other."""
    answers = talk(machine, QUESTION, "How many days of holidays in Norway?", "1")
    assert [answer["outcome"] for answer in answers] == ["clarify", "answer", "refusal"]


def test_what_a_person_reads(machine: Machine) -> None:
    """The choices stand numbered on lines of their own, with a word on how to pick; no country's days are told yet."""
    asked = machine.run("ask", QUESTION).stdout
    talked = machine.run("chat", typed=f"{QUESTION}\n1\n").stdout
    numbered = re.findall(r"^\s*(\d)[.)]? (How many .*)$", talked, re.MULTILINE)
    assert [number for number, _ in numbered] == ["1", "2", "3"]
    assert all(choice in asked for _, choice in numbered)
    before, _, after = talked.partition("Type the number")
    assert not any(days in before + asked for days in DAYS.values())
    first = re.sub(r".*\((.*)\)\?", r"\1", numbered[0][1])
    assert [name for name, days in DAYS.items() if days in after] == [first]
