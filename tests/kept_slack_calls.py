"""A plugin that writes down which calls the fake Slacks of a test run were made. Judges none of them."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_http import METHODS
from tests.fakes.slack_journal import Call
from tests.fakes.slack_methods import read_arguments
from tests.fakes.slack_server import AT_THE_END, FakeSlack


UNREAD = frozenset({"status", "body", "silence", "reset"})
"""Kinds of faults that strike before the arguments of a call are read."""


@dataclass(frozen=True, slots=True)
class KeptCall:
    """
    A call of a run.

    Attributes:
        test: that was run last when the fake ended.
        method: its name.
        arguments: with their types.
        error: Slack's code of the refusal; empty for none.

    """

    test: str
    method: str
    arguments: dict[str, Any]
    error: str


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file."""
    parser.addoption("--slack-calls-to", type=Path, help="file for the calls, one in each line")


def pytest_configure(config: pytest.Config) -> None:
    """Listen to all fakes."""
    file: Path = config.getoption("slack_calls_to")
    AT_THE_END.append(lambda slack: _keep(slack, file))


def kept_calls(file: Path) -> Iterator[KeptCall]:
    """Yield what was written down."""
    for line in file.read_text(encoding="utf-8").splitlines():
        yield KeptCall(**json.loads(line))


def _keep(slack: FakeSlack, file: Path) -> None:
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    with file.open("a", encoding="utf-8") as kept:
        for call in slack.calls:
            if call.ended and call.fault not in UNREAD:
                told = {"test": test, "method": call.method, "arguments": _typed(call), "error": call.error}
                kept.write(json.dumps(told) + "\n")


def _typed(call: Call) -> dict[str, Any]:
    """Return the arguments in their types, also of a call that was refused; as they came, where they are unreadable."""
    method = METHODS.get(call.method)
    if method is None:
        return call.arguments
    try:
        return read_arguments(method, call.arguments)
    except ApiError:
        return call.arguments
