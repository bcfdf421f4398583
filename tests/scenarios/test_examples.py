"""The examples of docs/reference/commands.md are what the product writes: same fields, same steps, same form."""

from typing import Any

import pytest

from bot.cli.examples import EXAMPLES
from tests.scenarios.machine import Machine


LEAVE = """\
---
author: People team
date: 2026-03-01
---
# Leave policy

## Parental leave

Every parent takes up to 24 weeks of paid leave.
"""
TRAVEL = """\
# Travel policy

The office pays for trains and hotels.
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with the handbook of the examples."""
    home = tmp_path_factory.mktemp("examples")
    (home / "documents").mkdir()
    (home / "documents" / "leave.md").write_text(LEAVE, encoding="utf-8")
    (home / "documents" / "travel.md").write_text(TRAVEL, encoding="utf-8")
    made = Machine(home)
    made.run("kb", "add", "handbook", "documents")
    made.run("kb", "sync", "handbook")
    return made


def form(value: Any) -> Any:
    """Return the fields of a JSON value, in order, with the kind of each; of a list those of its first entry."""
    if isinstance(value, dict):
        return [(name, form(one)) for name, one in value.items()]
    if isinstance(value, list):
        return [form(one) for one in value[:1]]
    return type(value).__name__


def test_the_example_of_an_answer_is_like_one(machine: Machine) -> None:
    """Fields and steps are those of a real answer, and the text is that of a real one with this quote."""
    example: Any = EXAMPLES["ask"].as_json()
    real = machine.json("ask", "How many weeks of paid leave does every parent take?")
    assert form(example) == form(real)
    assert example["text"] == real["text"]
    assert [one["quote"] for one in example["citations"]] == [one["quote"] for one in real["citations"]]


def test_the_example_of_a_refusal_is_like_one(machine: Machine) -> None:
    """A refusal that names the closest document has these fields, these steps and this sentence."""
    (example,) = _exchanges(EXAMPLES["chat"].as_json())
    real = machine.json("ask", example["question"], code=1)
    assert form(example["answer"]) == form(real)
    assert example["answer"]["text"] == real["text"]


def test_the_example_of_a_chat_is_like_one(machine: Machine) -> None:
    """What a chat leaves behind has these fields."""
    example = EXAMPLES["chat"].as_json()
    (exchange,) = _exchanges(example)
    real = machine.json("chat", typed=exchange["question"] + "\n")
    assert form(example) == form(real)


def _exchanges(chat: Any) -> list[Any]:
    """Return the exchanges of a chat."""
    return list(chat["exchanges"])
