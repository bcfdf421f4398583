"""What admins say about a channel of a chat platform: which bases it reads, and whether it is answered unasked."""

from dataclasses import dataclass
from typing import Any

from bot.commands.access import BaseReaders, change_readers
from bot.commands.authority import require_admin
from bot.commands.kb import find
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value


_KIND = "channel:"


@dataclass(frozen=True, slots=True)
class ChannelReads(Value):
    """Who may read a base beside admins, and whether that was changed for a channel just now."""

    readers: BaseReaders
    changed: bool

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {**self.readers.as_json(), "changed": self.changed}


@dataclass(frozen=True, slots=True)
class ChannelAnswers(Value):
    """Whether questions in a channel are answered without a mention."""

    channel: str
    auto: bool

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"channel": self.channel, "auto": self.auto}


def bind(footnote: Footnote, principal: Principal, name: str, channel: str) -> ChannelReads:
    """
    Let whoever reads in a channel read a base there, which counts with the next question.

    Args:
        footnote: the installation.
        principal: an admin.
        name: of the base.
        channel: the reader `channel:ID`.

    Raises:
        BadInput: the channel is no reader.
        NotAllowed: the person is no admin.
        NotFound: there is no such base.

    """
    base = find(footnote, principal, name)
    return ChannelReads(*change_readers(footnote, principal, base, allow=(channel,), remove=(), action="kb bind"))


def unbind(footnote: Footnote, principal: Principal, name: str, channel: str) -> ChannelReads:
    """Take that back; for arguments and errors see `bind`."""
    base = find(footnote, principal, name)
    return ChannelReads(*change_readers(footnote, principal, base, allow=(), remove=(channel,), action="kb unbind"))


def auto_answer(footnote: Footnote, principal: Principal, channel: str, *, on: bool | None) -> ChannelAnswers:
    """
    Let questions in a channel be answered without a mention, or not any more; with None only tell which.

    Args:
        footnote: the installation.
        principal: an admin.
        channel: the reader `channel:ID`.
        on: what is wished.

    Raises:
        BadInput: the channel's id cannot be kept.
        NotAllowed: the person is no admin.

    """
    require_admin(principal)
    channels, key = footnote.records.channels, channel.removeprefix(_KIND)
    before = key in channels.auto_answer()
    if on is None or on == before:
        return ChannelAnswers(key, before)
    channels.set_auto_answer(key, on)
    footnote.records.answers.audit(principal, "kb auto", key, {"before": before, "after": on})
    return ChannelAnswers(key, on)
