"""
Whether a thread is one in which we are spoken to: somebody asked us there, or we said something.

In one that began with a question to which we had nothing to say by ourselves, people talk to each other.
"""

from contextlib import suppress

from bot.slack.events import key_of, lane_of, parsed
from bot.slack.said import said
from pipelines.domain.deliveries import DeliveryKind, KnownDelivery
from pipelines.errors import BadInput
from pipelines.ports.records import Records


def is_addressed(records: Records, team: str, channel: str, thread: str) -> bool:
    """
    Say whether we are spoken to in a thread, by what is on record now. What was taken back does not count. Blocks.

    Not every outcome is a recorded answer: a stop, a greeting, a notice and what is said of a file are none. Of these
    the deliveries know, for as long as they are kept.

    Args:
        records: of the installation.
        team: the workspace.
        channel: where.
        thread: time of the message that it begins with.

    Raises:
        FootnoteError: the records do not answer.

    """
    lane = lane_of(team, channel, thread)
    if records.answers.turns(lane, 1):
        return True
    known = records.deliveries.in_lane(lane)
    return any(_is_for_us(one) and not _is_taken_back(records, one, team, channel) for one in known)


def is_deleted(records: Records, team: str, channel: str, ts: str) -> bool:
    """
    Say whether we were told of the deletion of a message, by its time. Blocks.

    Raises:
        FootnoteError: the records do not answer.

    """
    return records.deliveries.find(key_of(DeliveryKind.DELETE, team, channel, ts)) is not None


def _is_for_us(known: KnownDelivery) -> bool:
    """Say whether something asked us, or something was shown for it."""
    if known.delivery.kind is DeliveryKind.ACTION or known.shown.get("messages"):
        return True
    # One that is done showed something if it asked us, unless an edit took its place. Its words are not kept.
    with suppress(BadInput):
        return bool(known.delivery.body) and said(parsed(known.delivery.body)).mentions
    return False


def _is_taken_back(records: Records, known: KnownDelivery, team: str, channel: str) -> bool:
    """Say whether the message that asked was deleted."""
    if known.delivery.kind is DeliveryKind.ACTION:
        return False
    return is_deleted(records, team, channel, known.delivery.key.split(":")[3])
