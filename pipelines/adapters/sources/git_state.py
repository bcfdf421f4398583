"""What a git source remembers between two syncs: commit, hashes of blobs, last touches. May be lost at any time."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.adapters.sources.git_history import Touch
from pipelines.domain.values import Value


_FORM = 1


@dataclass(frozen=True, slots=True)
class GitState(Value):
    """
    What was true at the commit that was listed last.

    Attributes:
        commit: that commit; "" before the first listing.
        hashes: blob -> SHA-256 of its bytes; "" for one that points to Git LFS.
        touches: path within the repository -> the commit that touched it last.

    """

    commit: str
    hashes: Mapping[str, str]
    touches: Mapping[str, Touch]


NOTHING_YET = GitState("", {}, {})


def load_state(file: Path) -> GitState:
    """Return what was remembered; nothing where the file is missing, damaged or of another form."""
    try:
        data = json.loads(file.read_bytes())
        if data["form"] != _FORM:
            return NOTHING_YET
        touches = {path: Touch(one["commit"], one["day"]) for path, one in data["touches"].items()}
        return GitState(str(data["commit"]), dict(data["hashes"]), touches)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return NOTHING_YET


def save_state(file: Path, state: GitState) -> None:
    """Remember; a file that cannot be written costs the next sync time and nothing else."""
    touches = {path: asdict(touch) for path, touch in state.touches.items()}
    text = json.dumps({"form": _FORM, "commit": state.commit, "hashes": dict(state.hashes), "touches": touches})
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        fresh.write_bytes(text.encode())
        fresh.replace(file)
