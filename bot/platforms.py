"""Which chat platforms are switched on. The only place that opens them."""

from concurrent.futures import ThreadPoolExecutor

from bot.facade import Footnote
from bot.serving import Platform
from pipelines.ports.clock import Clock


def open_platforms(
    footnote: Footnote, threads: ThreadPoolExecutor, answering: ThreadPoolExecutor, clock: Clock
) -> dict[str, Platform]:
    """Return the platforms by name; the modules of those that are switched off are not loaded."""
    opened: dict[str, Platform] = {}
    if footnote.settings.slack is not None:
        from bot.slack.service import SlackService  # noqa: PLC0415 - Slack's packages cost a second

        opened["Slack"] = SlackService(footnote, footnote.settings.slack, threads, answering, clock)
    return opened
