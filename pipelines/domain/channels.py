"""Channels of chat platforms, as the records know them."""

from pipelines.domain.characters import is_unseen
from pipelines.errors import BadInput


MOST_CHANNEL_CHARS = 250
_SHOWN = 60


def checked_channel(key: str) -> str:
    """
    Return the key of a channel as it is stored.

    Raises:
        BadInput: it is empty, longer than 250 characters, or holds some that cannot be seen.

    """
    if not key or len(key) > MOST_CHANNEL_CHARS or any(map(is_unseen, key)):
        raise BadInput(f"{key[:_SHOWN]!r} is no channel: a key has 1 to {MOST_CHANNEL_CHARS} visible characters")
    return key
