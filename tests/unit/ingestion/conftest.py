"""A small base over an empty folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_base import SmallBase, open_parts


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """Return a base whose folder is empty, in an installation of its own."""
    folder = tmp_path / "documents"
    folder.mkdir()
    with open_parts(tmp_path) as parts:
        yield SmallBase(parts, folder)
