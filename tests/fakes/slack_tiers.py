"""Slack's rate limits: so many calls a minute for each method, app and workspace, by tier."""

import math
from collections import deque
from collections.abc import Mapping


WINDOW_S = 60.0
_ROUNDING_S = 1e-6
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
OF_METHOD: Mapping[str, int] = {
    "agents.sessions.rename": 3,
    "agents.sessions.setStatus": 3,
    "apps.connections.open": 1,
    "assistant.threads.setSuggestedPrompts": 3,
    "assistant.threads.setTitle": 3,
    "bots.info": 3,
    "chat.appendStream": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
SPECIAL = {"auth.test": 600, "chat.getPermalink": 600, "assistant.threads.setStatus": 600}
POSTS_PER_CHANNEL = 60
"""`chat.postMessage` has no tier: about one message a second and channel, bursts allowed."""


class RateLimits:
    """
    Calls of the last minute, counted by method, app and workspace.

    Attributes:
        limits: method -> calls a minute; a test may set others.

    """

    def __init__(self) -> None:
        self.limits: dict[str, int] = {name: TIERS[tier] for name, tier in OF_METHOD.items()} | SPECIAL
        self.limits["chat.postMessage"] = POSTS_PER_CHANNEL
        self._calls: dict[tuple[str, ...], deque[float]] = {}

    def wait_s(self, method: str, app_id: str, team_id: str, channel: str, now_s: float) -> int:
        """Count a call and return 0, or return the whole seconds after which it may come again."""
        most = self.limits.get(method)
        if most is None:
            return 0
        within = (method, app_id, team_id, channel if method == "chat.postMessage" else "")
        calls = self._calls.setdefault(within, deque())
        while calls and calls[0] <= now_s - WINDOW_S:
            calls.popleft()
        if len(calls) >= most:
            return math.ceil(calls[0] + WINDOW_S - now_s + _ROUNDING_S)
        calls.append(now_s)
        return 0
