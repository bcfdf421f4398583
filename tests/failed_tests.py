"""A plugin that tells which tests a run failed, and writes down those that one more run may decide. Repeats nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest


if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

MOST: Final = 10
"""Failures of one run that a busy machine may explain."""

_FAULTS = "tests/faults/"
"""Where tests look for losses, as those with the mark `losses` do."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file."""
    help_text = "file for the ids of tests that may be run again, empty if any failure counts at once"
    parser.addoption("--failed-to", type=Path, help=help_text)


def pytest_terminal_summary(terminalreporter: "TerminalReporter", config: pytest.Config) -> None:
    """Tell and write, in the process that has the results of all."""
    reports = [one for kind in ("failed", "error") for one in terminalreporter.stats.get(kind, [])]
    failed = {one.nodeid: one for one in reports}
    final = [name for name, one in failed.items() if not may_be_repeated(one)]
    again = [] if final or len(failed) > MOST else list(failed)
    config.getoption("failed_to").write_text("".join(f"{name}\n" for name in again), encoding="utf-8")
    if failed:
        terminalreporter.section("failed first, one more run decides" if again else "failed, and is not run again")
        for name in failed:
            counts = ": it may have found a loss, so it counts at once" if name in final else ""
            terminalreporter.line(f"{name}{counts}", red=True)


def may_be_repeated(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Say whether a deadline may have been missed: nothing else, and no loss that comes now and then."""
    marks = getattr(report, "keywords", {})
    return "engines" in marks and "losses" not in marks and not report.nodeid.startswith(_FAULTS)
