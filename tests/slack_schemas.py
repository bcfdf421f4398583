"""Slack's own published types as judges of what we send and of what we are sent. Needs Node; skips without."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator


TYPES = Path(__file__).parent / "slack_types"
_MINUTES = 5 * 60


class SlackTypes:
    """Says what Slack's types find wrong with a value; nothing where they find it right. They know no lengths."""

    def __init__(self, folder: Path) -> None:
        """Take the folder with the schemas."""
        self._schemas = {name: json.loads((folder / f"{name}.json").read_text()) for name in _NAMES}
        self._validators: dict[tuple[str, str], Draft7Validator] = {}

    def faults_of_blocks(self, blocks: list[Any]) -> list[str]:
        """Judge the blocks of a message."""
        return self._faults("Shapes", "blocks", blocks)

    def faults_of_chunks(self, chunks: list[Any]) -> list[str]:
        """Judge the pieces of a stream."""
        return self._faults("Shapes", "chunks", chunks)

    def faults_of_view(self, view: dict[str, Any]) -> list[str]:
        """Judge a dialogue or a Home tab, and its blocks as those of a message."""
        return [*self._faults("Shapes", view["type"], view), *self.faults_of_blocks(view["blocks"])]

    def faults_of_event(self, event: dict[str, Any]) -> list[str]:
        """Judge the `event` of an event's envelope."""
        return self._faults("Shapes", "event", event)

    def faults_of_manifest(self, manifest: dict[str, Any]) -> list[str]:
        """Judge an app's manifest; the names of scopes and events are those of the types' day."""
        return self._faults("Shapes", "manifest", manifest)

    def faults_of_call(self, method: str, arguments: dict[str, Any]) -> list[str]:
        """Judge the arguments of a call of the Web API, as JSON; a method that is not in shapes.ts is a fault."""
        for name in ("Calls", "OtherCalls"):
            if method in self._schemas[name]["definitions"][name]["properties"]:
                return self._faults(name, method, arguments)
        return [f"{method} is not in shapes.ts"]

    def _faults(self, name: str, part: str, value: Any) -> list[str]:
        errors = self._validator(name, part).iter_errors(json.loads(json.dumps(value)))
        return [f"{'/'.join(map(str, one.absolute_path)) or part}: {one.message[:300]}" for one in errors]

    def _validator(self, name: str, part: str) -> Draft7Validator:
        if (name, part) not in self._validators:
            schema = self._schemas[name]
            wanted = schema["definitions"][name]["properties"][part]
            self._validators[name, part] = Draft7Validator({**wanted, "definitions": schema["definitions"]})
        return self._validators[name, part]


_NAMES = ("Shapes", "Calls", "OtherCalls")


@cache
def slack_types() -> SlackTypes:
    """Return Slack's types as schemas, made once per version of them; the test is skipped where they cannot be."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed, which make schemas of Slack's types")
    folder = Path(tempfile.gettempdir()) / f"footnote-slack-types-{_digest()}-{os.getuid()}"
    if not folder.exists():
        _make(folder)
    return SlackTypes(folder)


def _digest() -> str:
    """Return a name of what the schemas are made of."""
    content = b"".join((TYPES / name).read_bytes() for name in ("package-lock.json", "shapes.ts", "make_schemas.sh"))
    return hashlib.sha256(content).hexdigest()[:16]


def _make(folder: Path) -> None:
    """Make the schemas in a folder beside it, which becomes it when all are there."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        command = ["sh", str(TYPES / "make_schemas.sh"), work]
        made = subprocess.run(command, capture_output=True, text=True, timeout=_MINUTES, check=False)
        if made.returncode:
            pytest.skip(f"the schemas of Slack's types could not be made: {made.stderr.strip()[-200:]}")
        ready = Path(work) / "ready"
        ready.mkdir()
        for name in _NAMES:
            shutil.move(Path(work) / f"{name}.json", ready)
        if not folder.exists():
            ready.rename(folder)
