"""A machine of its own for one scenario: a home, and the product's command in it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.scenarios.warm_commands import WarmCommands


ROOT = Path(__file__).parents[2]
warm_commands = cache(WarmCommands)
"""The one server of a test process; `conftest.py` ends it."""


@dataclass(frozen=True)
class Machine:
    """A machine of its own: a home, and the command."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command; by words only, so that no model is loaded."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
        own = {"HOME": str(self.home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "FOOTNOTE_EMBEDDER": "none"}
        return kept | own

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *words],
            cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, typed: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command, which must end with this code and without a traceback."""
        done = warm_commands().run(words, folder=self.home, environment=self.environment, typed=typed)
        assert "Traceback" not in done.stderr + done.stdout
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def json(self, *words: str, code: int = 0, typed: str = "") -> Any:
        """Run a command with --json and return its document."""
        return json.loads(self.run(*words, "--json", code=code, typed=typed).stdout)
