"""What records promise of the channels of chat platforms."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.domain.channels import MOST_CHANNEL_CHARS
from pipelines.errors import BadInput
from pipelines.ports.records import Records


class ChannelRecordsContract:
    """The promises of `pipelines.ports.channels.ChannelRecords`."""

    def test_a_channel_is_answered_without_a_mention_where_somebody_says_so(self, records: Records) -> None:
        """Each channel by itself, until it is taken back; saying so twice changes nothing."""
        channels = records.channels
        assert channels.auto_answer() == frozenset()
        for key in ("slack:T1:C1", "slack:T1:c1", "slack:T1:C1", "teams:19:Gr\u00f6\u00dfe@thread.tacv2"):
            channels.set_auto_answer(key, on=True)
        assert channels.auto_answer() == {"slack:T1:C1", "slack:T1:c1", "teams:19:Gr\u00f6\u00dfe@thread.tacv2"}
        for _ in range(2):
            channels.set_auto_answer("slack:T1:C1", on=False)
        channels.set_auto_answer("slack:T1:C", on=False)
        assert channels.auto_answer() == {"slack:T1:c1", "teams:19:Gr\u00f6\u00dfe@thread.tacv2"}

    def test_two_admins_may_say_so_at_once(self, records: Records) -> None:
        """Nobody fails, and every channel is there once."""
        keys = [f"slack:T1:C{number % 3}" for number in range(12)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda key: records.channels.set_auto_answer(key, on=True), keys))
        assert records.channels.auto_answer() == set(keys)

    @pytest.mark.parametrize("key", ["", "x" * (MOST_CHANNEL_CHARS + 1), "slack:\x00", "slack:\ud800", "slack:C1\n"])
    def test_what_is_no_key_is_refused(self, records: Records, key: str) -> None:
        """The longest one is taken whole; anything else changes nothing."""
        longest = "\u00e4" * MOST_CHANNEL_CHARS
        records.channels.set_auto_answer(longest, on=True)
        for on in (True, False):
            with pytest.raises(BadInput, match="is no channel: a key has 1 to 250 visible characters"):
                records.channels.set_auto_answer(key, on=on)
        assert records.channels.auto_answer() == {longest}
