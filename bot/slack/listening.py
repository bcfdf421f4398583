"""Which listener a button reaches."""

import re

from bot.slack.actions import Action


def action_pattern(action: Action) -> re.Pattern[str]:
    """Return what the `action_id` of all buttons of an action is like, whichever of several it is."""
    return re.compile(rf"^{re.escape(action)}(?::|\Z)")
