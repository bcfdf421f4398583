"""The ways in for what happens on chat platforms. A platform that is added here runs every scenario `test_chat_*`."""

from collections.abc import Mapping

from tests.scenarios import slack_chat
from tests.scenarios.chat_office import WayIn


WAYS_IN: Mapping[str, WayIn] = {"slack-http": slack_chat.by_http, "slack-socket": slack_chat.by_socket}
ONE_EACH = ("slack-http",)
"""One way of each platform, for what is costly to look at and the same by each of its ways."""
