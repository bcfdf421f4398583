"""The announcements' contract, run against the memory of this process."""

import pytest

from pipelines.adapters.memory_announcements import MemoryAnnouncements
from pipelines.ports.announcements import Announcements
from tests.contracts.announcements import AnnouncementsContract


class TestMemoryAnnouncements(AnnouncementsContract):
    """The embedded default."""

    @pytest.fixture(scope="class")
    @classmethod
    def announcements(cls) -> Announcements:
        """Return announcements."""
        return MemoryAnnouncements()
