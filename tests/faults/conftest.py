"""What several tests of faults use."""

from collections.abc import Iterator

import pytest

from pipelines.adapters.parser_processes import ProcessParser
from pipelines.domain.reading import ParseLimits


@pytest.fixture(scope="module")
def parser() -> Iterator[ProcessParser]:
    """Return a parser with the limits of the product."""
    made = ProcessParser(ParseLimits())
    yield made
    made.close()
