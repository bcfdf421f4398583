"""A person's direct conversation with us."""

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
