"""Who is in a channel, asked of Slack just now: where a question is about to be put before everyone there."""

from bot.slack.web import SlackWeb


_PAGE = 999
_MOST_PAGES = 20
"""Of members; nobody waits for more."""


async def is_ours(web: SlackWeb, channel: str) -> bool:
    """
    Say whether we are in a channel or a conversation of several.

    Raises:
        SlackRefusal: Slack shows us no such channel.
        TransientError: it does not answer now.

    """
    told = await web.read("conversations.info", channel=channel)
    found = told.get("channel")
    return isinstance(found, dict) and (found.get("is_member") is True or found.get("is_mpim") is True)


async def is_in(web: SlackWeb, channel: str, user: str) -> bool:
    """
    Say whether somebody is in a channel; of very many members the first are looked at.

    Raises:
        SlackRefusal: Slack does not tell us.
        TransientError: it does not answer now.

    """
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        told = await web.read("conversations.members", channel=channel, limit=_PAGE, cursor=cursor)
        listed, metadata = told.get("members"), told.get("response_metadata")
        if isinstance(listed, list) and user in listed:
            return True
        following = metadata.get("next_cursor") if isinstance(metadata, dict) else None
        if not isinstance(following, str) or not following:
            return False
        cursor = following
    return False
