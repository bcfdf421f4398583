"""What admins say about channels, in SQL."""

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new
from pipelines.domain.channels import checked_channel


class SqlChannels:
    """`ports.channels.ChannelRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def set_auto_answer(self, channel: str, on: bool) -> None:  # noqa: FBT001 - the port's
        """Let questions in a channel be answered without a mention, or not any more."""
        channels, key = t.auto_answer_channels, checked_channel(channel)
        with self._db.write() as c:
            if on:
                c.execute(insert_new(c, channels).values(channel=key))
            else:
                c.execute(channels.delete().where(channels.c.channel == key))

    def auto_answer(self) -> frozenset[str]:
        """Return the channels in which questions are answered without a mention."""
        with self._db.look() as c:
            return frozenset(c.scalars(sa.select(t.auto_answer_channels.c.channel)))
