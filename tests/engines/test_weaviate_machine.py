"""The index in Weaviate against the fake, over any order of writes, as one process and as another sees it."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from pipelines.adapters.weaviate_index import WeaviateIndex
from tests.contracts.chunk_index_rows import DIMENSIONS
from tests.engines.weaviate_scene import identity, remove, server_at
from tests.fakes.memory_index import MemoryIndex
from tests.unit.adapters.sqlite_index.test_index_machine import BASES, EVERY_RULE, MOST, IndexMachine, first_row


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(300)]


class WeaviateMachine(IndexMachine):
    """The embedded index's machine, over a collection instead of a file."""

    url = ""
    forget_changes = None
    """A collection has no table of changes."""

    @initialize()
    def make(self) -> None:
        """Begin with a collection that two processes use, and some rows in two versions of each base."""
        self.server, self.who = server_at(self.url), identity()
        self.fake = MemoryIndex(DIMENSIONS)
        self.here = WeaviateIndex(self.server, self.who)
        self.elsewhere = WeaviateIndex(self.server, self.who)
        self.both("stage", [first_row(kb, number) for kb in BASES for number in range(1, MOST + 1)])
        self.compare(self.elsewhere, dict.fromkeys(BASES, 1), EVERY_RULE)

    def teardown(self) -> None:
        """Look at every version once more, and delete the collection."""
        if not hasattr(self, "elsewhere"):
            return
        for version in range(MOST + 2):
            self.compare(self.elsewhere, dict.fromkeys(BASES, version), EVERY_RULE)
        remove(self.server, self.here.collection)
        self.here.close()
        self.elsewhere.close()

    @rule()
    def reopen(self) -> None:
        """End the writing process and start another."""
        self.here.close()
        self.here = WeaviateIndex(self.server, self.who)


def test_the_index_in_weaviate_is_the_fake(weaviate_url: str) -> None:
    """No order of writes, of any process, lets one of two processes see anything else than the fake does."""
    WeaviateMachine.url = weaviate_url
    run_state_machine_as_test(
        WeaviateMachine,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
