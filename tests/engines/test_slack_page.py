"""The page that plays Slack in a real browser, where one is installed."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engines.browser import Tab, chromium, tab
from tests.unit.fakes.slack_page_scene import TOO_LONG, at_the_page
from tests.unit.fakes.slack_scene import Scene, scene


pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian's package chromium)"),
]
HOSTILE = (
    "<img src=x onerror=document.title='owned'> <b>bold</b> [here](javascript:alert(1)) **so** &lt;!here&gt; "
    "[\\[1\\]](https://docs.example/leave#:~:text=25)"
)
REPLY = "#log article + article"
"""The second message of the channel."""


def in_the_browser(profile: Path, play: Callable[[Scene, Tab], Awaitable[None]]) -> None:
    """Open the page in a browser, as Ann in the public channel, and let something happen there."""
    program = chromium()
    assert program is not None

    async def work(town: Scene) -> None:
        async with at_the_page(town) as page:
            url = f"{page.url}/#as={town.ann.id}&in={town.general.id}"
            async with tab(program, profile, url) as opened:
                await opened.until("document.title === '#general – as Ann Lee'")
                await play(town, opened)
                assert opened.faults == []

    with scene() as town:
        asyncio.run(work(town))


async def press(opened: Tab, name: str, inside: str) -> None:
    """Press the button that shows this text, as soon as it is there."""
    button = f"[...document.querySelectorAll('{inside} button')].find(one => one.textContent === '{name}')"
    await opened.until(button)
    await opened.says(f"{button}.click()")


def test_a_conversation_happens_by_keyboard_and_buttons(tmp_path: Path) -> None:
    """A question is typed, the answer's button opens a modal, which is filled in until the app takes it."""

    async def play(_town: Scene, opened: Tab) -> None:
        await opened.says("document.querySelector('#composer-text').focus()")
        await opened.types("@helper how many days?")
        await opened.until("document.querySelector('#thread-log article + article strong')")
        await press(opened, "Why?", "#thread-log")
        await opened.until("document.querySelector('dialog[open] input')")
        await press(opened, "Send", "dialog")
        assert "required" in await opened.says("document.querySelector('dialog .wrong').textContent")
        await opened.types("because it is so")
        await opened.until(f"document.querySelector('dialog .wrong').textContent === '{TOO_LONG}'")
        await opened.says("document.querySelector('dialog input').value = ''")
        await opened.types("because")
        await opened.until("!document.querySelector('dialog[open]')")

    in_the_browser(tmp_path / "profile", play)


def test_no_text_becomes_markup_in_the_browser(tmp_path: Path) -> None:
    """HTML stays text, links of another kind than the web's are none, and the others open without a way back."""

    async def play(town: Scene, opened: Tab) -> None:
        asked = town.ann.writes(town.general, HOSTILE)
        markdown = {"type": "markdown", "text": HOSTILE}
        mrkdwn = {"type": "section", "text": {"type": "mrkdwn", "text": HOSTILE}}
        shown: dict[str, Any] = {"channel": asked.channel, "text": "x", "blocks": [markdown, mrkdwn]}
        client = asyncio.to_thread(town.call, "chat.postMessage", **shown)
        assert (await client)["ok"]
        await opened.until(f"document.querySelector('{REPLY}')")
        assert await opened.says("document.querySelectorAll('#log img, #log b, #log [href^=javascript]').length") == 0
        assert await opened.says("document.title") == "#general – as Ann Lee"
        links = f"[...document.querySelectorAll('{REPLY} .text:first-child a')]"
        assert await opened.says(f"{links}.map(one => [one.textContent, one.href, one.rel])") == [
            ["[1]", "https://docs.example/leave#:~:text=25", "noopener noreferrer"]
        ]
        text = await opened.says(f"document.querySelector('{REPLY} .text').textContent")
        assert text == "<img src=x onerror=document.title='owned'> <b>bold</b> here so <!here> [1]"

    in_the_browser(tmp_path / "profile", play)
