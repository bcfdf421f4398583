"""
Messages in a thread: posted, changed, taken away, and found again after a process died.

No invalid message leaves: where blocks are refused, by our own checks or by Slack, the plain form is sent.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.slack.blocks.shapes import Json, Message
from bot.slack.blocks.showing import EVENT_TYPE
from bot.slack.checks import InvalidMessage, check_message
from bot.slack.web import SlackBusy, SlackRefusal, SlackWeb
from pipelines.domain.deliveries import LeasedDelivery
from pipelines.domain.values import Value


_MOST_WAIT_S = 15.0
"""That Slack is waited for where it wants to be asked less often; then the question is tried again as a whole."""

_CLOCKS_S = 300.0
"""By which Slack's clock and that of our records may differ; the door lets no more pass."""

_BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
_GONE = frozenset({"message_not_found", "cant_delete_message", "cant_update_message", "channel_not_found"})
_STREAMED = "streaming_state_conflict"
_NO_REPLIES = "thread_not_found"
_NUMBERS = ("answer", "delivery", "part", "parts")
_Result = TypeVar("_Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnMessage(Value):
    """
    A message of ours that answers a question.

    Attributes:
        ts: its time.
        answer: number of the recorded answer; 0 if it tells none.
        delivery: number of the delivery that it answers; 0 if it tells none.
        part: which of several it is; 0 where it does not tell.
        parts: how many there are; 0 where it does not tell.
        is_open: a stream of it was begun and not ended.

    """

    ts: str
    answer: int
    delivery: int
    part: int
    parts: int
    is_open: bool

    @property
    def is_named(self) -> bool:
        """Whether it says what it answers, as all do but streams that were not ended."""
        return self.parts > 0


async def patiently(call: Callable[[], Awaitable[_Result]]) -> _Result:
    """
    Return what a call says; where Slack wants it later, wait and ask once more.

    Raises:
        SlackBusy: it would be too long to wait, or it was busy again.

    """
    try:
        return await call()
    except SlackBusy as busy:
        if busy.retry_after_s > _MOST_WAIT_S:
            raise
        await asyncio.sleep(busy.retry_after_s)
    return await call()


async def post(
    web: SlackWeb, channel: str, message: Message, *, thread: str = "", mentions: Collection[str] = ()
) -> str:
    """
    Post a message; return its time.

    Args:
        web: Slack.
        channel: where.
        message: it.
        thread: in which; empty for none.
        mentions: ids of the people whom it may name.

    Raises:
        InvalidMessage: it was not sent, since Slack would refuse it.
        SlackRefusal: Slack refused it.
        TransientError: Slack does not take it now.

    """
    check_message(message, mentions)
    place = {"channel": channel, "thread_ts": thread or None}
    told = await patiently(lambda: web.write("chat.postMessage", **place, **message.post_arguments()))
    return str(told["ts"])


async def post_once(
    web: SlackWeb,
    bot: str,
    lease: LeasedDelivery,
    channel: str,
    message: Message,
    *,
    says: str,
    thread: str = "",
    mentions: Collection[str] = (),
) -> str:
    """
    Post a message of a delivery, if no earlier lease of it has done so; return its time.

    It carries the delivery's number, by which it is found again where a process died or Slack's answer was lost.
    Where Slack does not let us look, it is posted.

    Args:
        web: Slack.
        bot: id of our own user.
        lease: the delivery.
        channel: id of the conversation.
        message: it.
        says: tells it from the delivery's other messages in the same place.
        thread: in which; empty for none.
        mentions: ids of the people whom it may name.

    Raises:
        InvalidMessage: it was not sent, since Slack would refuse it.
        SlackRefusal: Slack refused it.
        TransientError: Slack does not take it now, or does not say now whether it did.

    """
    named = {"delivery": lease.id, "says": says}
    if lease.was_taken_before:
        place = {"channel": channel, "ts": thread or None, "oldest": f"{lease.received_at - _CLOCKS_S:.6f}"}
        there = await _posted(web, bot, place, named)
        if there:
            return there
    marked = replace(message, metadata={"event_type": EVENT_TYPE, "event_payload": named})
    return await post(web, channel, marked, thread=thread, mentions=mentions)


async def _posted(web: SlackWeb, bot: str, place: Json, named: Json) -> str:
    """
    Return the time of our message with such a name; empty if there is none, or none may be read.

    Args:
        web: Slack.
        bot: id of our own user.
        place: conversation, thread and beginning, as Slack names them.
        named: the payload of its metadata.

    """
    method = "conversations.replies" if place["ts"] else "conversations.history"
    try:
        # Told no end, Slack lists those that are closest to the beginning.
        told = await patiently(lambda: web.read(method, include_all_metadata=True, limit=200, **place))
    except SlackRefusal as refusal:
        _log.warning("a message of ours cannot be looked for, and may be posted twice: %s", refusal)
        return ""
    return next((str(one["ts"]) for one in _messages_of(told, bot) if _payload_of(one) == named), "")


async def answer_of(web: SlackWeb, channel: str, ts: str, bot: str) -> int:
    """
    Return the number of the answer that a message of ours shows; 0 if it shows none, or may not be read.

    Args:
        web: Slack.
        channel: where it is.
        ts: its time.
        bot: id of our own user.

    """
    around = {"channel": channel, "latest": ts, "oldest": ts, "inclusive": True, "limit": 10}
    try:
        told = await web.read("conversations.replies", ts=ts, include_all_metadata=True, **around)
    except SlackRefusal as refusal:
        _log.warning("a message of ours cannot be looked at: %s", refusal)
        return 0
    shown = next((one for one in _messages_of(told, bot) if one.get("ts") == ts), {})
    return _number(_payload_of(shown), "answer")


class Thread:
    """The messages of ours in one thread that answer one question of it."""

    def __init__(self, web: SlackWeb, channel: str, thread: str, question: str) -> None:
        """
        Take where it is.

        Args:
            web: Slack.
            channel: id of the conversation.
            thread: time of the message that the thread begins with.
            question: time of the message that asks.

        """
        self._web = web
        self._channel = channel
        self._thread = thread
        self._question = question

    async def post(self, message: Message) -> str:
        """Post a message; return its time; raises as the function `post` does."""
        return await post(self._web, self._channel, message, thread=self._thread)

    async def update(self, ts: str, message: Message) -> None:
        """Put a message in the place of one of ours; raises as `post` does."""
        check_message(message)
        place = {"channel": self._channel, "ts": ts}

        async def call() -> None:
            await self._web.write("chat.update", **place, **message.update_arguments())

        try:
            await patiently(call)
        except SlackRefusal as refusal:
            if refusal.code != _STREAMED:
                raise
            await self.end_stream(ts)
            await patiently(call)

    async def end_stream(self, ts: str) -> None:
        """End a stream of ours as it is; one that is over stays so."""
        with suppress(SlackRefusal):
            await patiently(lambda: self._web.write("chat.stopStream", channel=self._channel, ts=ts))

    async def delete(self, ts: str) -> None:
        """Take a message of ours away; one that is gone stays so."""
        try:
            await patiently(lambda: self._web.write("chat.delete", channel=self._channel, ts=ts))
        except SlackRefusal as refusal:
            if refusal.code not in _GONE:
                raise

    async def settle(
        self, messages: Sequence[Message], plain: Callable[[], Sequence[Message]], there: Sequence[str]
    ) -> tuple[str, ...]:
        """
        Let the thread show exactly these messages; return their times.

        Args:
            messages: as they are to be shown.
            plain: returns the same without blocks, for when blocks are refused.
            there: times of messages of ours that are in their place so far; what is too many is taken away.

        """
        shown = list(there)
        try:
            await self._show(messages, shown)
        except (InvalidMessage, SlackRefusal) as fault:
            if isinstance(fault, SlackRefusal) and fault.code not in _BAD_BLOCKS:
                raise
            _log.error("an answer is shown without blocks: %s", fault)
            await self._show(plain(), shown)
        return tuple(shown)

    async def _show(self, messages: Sequence[Message], shown: list[str]) -> None:
        """Put messages in the place of those that are shown; afterwards the list has their times."""
        for number, message in enumerate(messages):
            if number < len(shown) and await self._replaced(shown[number], message):
                continue
            shown[number : number + 1] = [await self.post(message)]
        while len(shown) > len(messages):
            await self.delete(shown.pop())

    async def own(self, bot: str) -> tuple[OwnMessage, ...]:
        """Return our messages in the thread that answer its question, oldest first; none where none may be read."""
        try:
            told = await self._web.read(
                "conversations.replies",
                channel=self._channel,
                ts=self._thread,
                oldest=self._question,
                include_all_metadata=True,
                limit=200,
            )
        except SlackRefusal as refusal:
            if refusal.code != _NO_REPLIES:
                _log.warning("our own messages cannot be looked for: %s", refusal)
            return ()
        found = (self._recognised(one) for one in _messages_of(told, bot))
        return tuple(one for one in found if one is not None)

    def _recognised(self, told: Json) -> OwnMessage | None:
        """Return a message of ours if it is about this question, or a stream that was never ended."""
        state = told.get("streaming_state")
        payload = _payload_of(told)
        if payload:
            if payload.get("question") != self._question:
                return None
            answer, delivery, part, parts = (_number(payload, one) for one in _NUMBERS)
            return OwnMessage(str(told["ts"]), answer, delivery, part, parts, state == "in_progress")
        # A stream gets its metadata when it ends; questions of a thread are answered one after another.
        if state in ("in_progress", "errored"):
            return OwnMessage(str(told["ts"]), 0, 0, 0, 0, state == "in_progress")
        return None

    async def _replaced(self, ts: str, message: Message) -> bool:
        """Put a message in the place of one; False if that one is gone."""
        try:
            await self.update(ts, message)
        except SlackRefusal as refusal:
            if refusal.code not in _GONE:
                raise
            return False
        return True


def _messages_of(told: Json, bot: str) -> Iterator[Json]:
    """Yield our own of the messages that Slack lists."""
    listed = told.get("messages")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("user") == bot:
            yield one


def _payload_of(told: Json) -> Json:
    """Return what a message of ours is recognised by; empty for any other."""
    metadata = told.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


def _number(payload: Json, name: str) -> int:
    """Return a whole number; 0 if it is none."""
    value = payload.get(name)
    return value if isinstance(value, int) else 0
