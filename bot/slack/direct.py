"""Messages that begin where no thread is: in a person's direct conversation with us, or at the end of a channel."""

from collections.abc import Collection

from bot.slack.blocks.shapes import Message
from bot.slack.checks import check_message
from bot.slack.posting import patiently
from bot.slack.web import SlackRefusal, SlackWeb


async def direct_channel(web: SlackWeb, user: str) -> str:
    """
    Return the id of a person's direct conversation with us.

    Raises:
        SlackRefusal: there can be none.
        TransientError: Slack does not answer now.

    """
    told = await patiently(lambda: web.write("conversations.open", users=user))
    channel = told.get("channel")
    found = channel.get("id") if isinstance(channel, dict) else None
    if not isinstance(found, str):
        raise SlackRefusal("conversations.open", "no_channel")
    return found


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
