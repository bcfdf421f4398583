"""What admins say about the channels of chat platforms."""

from typing import Protocol


class ChannelRecords(Protocol):
    """Channels by their keys: platform, team and id, such as `slack:T1:C1`, at most 250 characters."""

    def set_auto_answer(self, channel: str, on: bool) -> None:  # noqa: FBT001 - a wish, not a mode
        """
        Let questions in a channel be answered without a mention, or not any more.

        Raises:
            BadInput: it is no key of a channel, see `channels.checked_channel`.

        """

    def auto_answer(self) -> frozenset[str]:
        """Return the channels in which questions are answered without a mention."""
