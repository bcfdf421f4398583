"""The page that plays Slack: what a browser gets and sends while people talk with an app."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack_page import page as page_module
from tests.unit.fakes.slack_page_scene import TOO_LONG, Browser, at_the_page
from tests.unit.fakes.slack_scene import Scene, scene


STATIC = Path(page_module.__file__).parent / "static"
Talk = Callable[[Scene, Browser], Awaitable[None]]


def played(talk: Talk) -> None:
    """Let a conversation happen at the page."""

    async def work(town: Scene) -> None:
        async with at_the_page(town) as browser:
            await talk(town, browser)

    with scene() as town:
        asyncio.run(work(town))


def test_a_question_is_answered_in_its_thread() -> None:
    """Typed with the app's name, it becomes a mention; the streamed answer and its button are seen in the thread."""

    async def talk(town: Scene, ann: Browser) -> None:
        asked = await ann.does("write", text="@helper how many days?")
        ann.thread = asked["root"]
        told = await ann.until(lambda seen: len(seen["thread"]["messages"]) == 2 and _blocks(seen)[1:])
        assert asked["named"]
        assert [one["key"] for one in told["messages"]] == [asked["ts"]]
        assert told["messages"][0]["replies"] == 1
        assert told["messages"][0]["typed"] == "@helper how many days?"
        assert _blocks(told)[0] == {"type": "markdown", "text": "**25** days"}
        assert told["thread"]["messages"][1]["author"] == {"id": town.bot.bot_user, "name": "Helper", "bot": True}

    played(talk)


def test_what_happens_is_seen_within_300_ms() -> None:
    """A browser that waits hears of another person's message in far less than a blink."""

    async def talk(town: Scene, ann: Browser) -> None:
        before = await ann.seen()
        waiting = asyncio.create_task(ann.seen(before["seen"]))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        town.bob.writes(town.general, "hello")
        began = time.monotonic()
        told = await waiting
        assert time.monotonic() - began < 0.3
        assert [one["text"] for one in told["messages"]] == ["hello"]

    played(talk)


def test_a_button_opens_a_modal_that_is_filled_in() -> None:
    """What the app finds wrong comes back beside its field, and the modal stays; then it takes it and closes."""

    async def talk(_town: Scene, ann: Browser) -> None:
        asked = await ann.does("write", text="@helper how many days?")
        ann.thread = asked["root"]
        told = await ann.until(lambda seen: len(seen["thread"]["messages"]) == 2 and _blocks(seen)[1:])
        assert await ann.does("click", ts=told["thread"]["messages"][1]["key"], action_id="why") == {"ok": True}
        view = (await ann.until(lambda seen: seen["modals"]))["modals"][0]
        assert view["title"]["text"] == "Why?"
        refused = await ann.does("submit", view=view["id"], values=_reason("because it is so"))
        assert refused["errors"] == {"reason": TOO_LONG}
        assert (await ann.seen())["modals"] == [view]
        taken = await ann.does("submit", view=view["id"], values=_reason("because"))
        assert taken == {"ok": True, "errors": {}}
        assert (await ann.seen())["modals"] == []

    played(talk)


def test_what_is_typed_behind_a_slash_is_a_command() -> None:
    """Its answer is seen by the one who typed it alone; names come to the app as ids with labels."""

    async def talk(town: Scene, ann: Browser) -> None:
        assert await ann.does("write", text="/kb bind hr #general") == {"ok": True}
        told = await ann.until(lambda seen: seen["messages"])
        assert [one["kind"] for one in told["messages"]] == ["whisper"]
        assert told["messages"][0]["text"] == f"you typed bind hr <#{town.general.id}|general>"
        assert (await ann.at(town.general.id, town.bob).seen())["messages"] == []

    played(talk)


def test_a_message_is_edited_reacted_to_and_deleted() -> None:
    """By the one who wrote it; a second reaction with the same sign takes the first one back."""

    async def talk(town: Scene, ann: Browser) -> None:
        ts = (await ann.does("write", text="good mornin"))["ts"]
        await ann.does("edit", ts=ts, text="good morning")
        bob = ann.at(town.general.id, town.bob)
        await bob.does("react", ts=ts, emoji="+1")
        shown = (await bob.seen())["messages"][0]
        assert (shown["text"], shown["edited"], shown["mine"]) == ("good morning", True, False)
        assert shown["reactions"] == [{"name": "+1", "count": 1, "mine": True}]
        await bob.does("react", ts=ts, emoji="+1")
        assert (await bob.seen())["messages"][0]["reactions"] == []
        assert "cannot change" in (await bob.does("delete", ts=ts))["error"]
        await ann.does("delete", ts=ts)
        assert (await bob.seen())["messages"] == []

    played(talk)


def test_an_app_that_works_is_stopped() -> None:
    """While it works the thread shows what it does and that it can be stopped, and then no more."""

    async def talk(town: Scene, ann: Browser) -> None:
        direct = ann.at(town.ann.direct(town.bot).id)
        asked = await direct.does("write", text="how many days?")
        direct.thread = asked["root"]
        told = await direct.until(lambda seen: seen["thread"]["status"] == "is reading" and seen["thread"]["stop"])
        assert told["messages"][0]["work"]["status"] == "is reading"
        await direct.does("stop", ts=asked["root"])
        await direct.until(lambda seen: not seen["thread"]["status"] and not seen["thread"]["stop"])

    played(talk)


def test_the_home_tab_is_seen() -> None:
    """The app is told that it was opened, and what it publishes is shown."""

    async def talk(_town: Scene, ann: Browser) -> None:
        home = ann.at("home")
        assert (await home.seen())["home"] is None
        await home.does("open")
        told = await home.until(lambda seen: seen["home"])
        assert told["home"]["blocks"][0]["text"]["text"] == "Welcome"

    played(talk)


def test_a_shortcut_on_a_message_reaches_the_app() -> None:
    """It opens the app's modal."""

    async def talk(_town: Scene, ann: Browser) -> None:
        ts = (await ann.does("write", text="25 days"))["ts"]
        assert await ann.does("shortcut", callback_id="explain", ts=ts) == {"ok": True}
        await ann.until(lambda seen: seen["modals"])

    played(talk)


def test_a_file_is_attached() -> None:
    """It is in Slack with the bytes that the browser sent."""

    async def talk(town: Scene, ann: Browser) -> None:
        file = {"name": "plan.md", "mimetype": "text/markdown", "content": b64encode(b"# Plan").decode()}
        await ann.does("write", text="", files=[file])
        assert (await ann.seen())["messages"][0]["files"] == ["plan.md"]
        assert [one.content for one in town.slack.world.files.values()] == [b"# Plan"]
        damaged = await ann.does("write", text="", files=[file | {"content": "?"}])
        assert damaged["error"] == "The file came damaged."

    played(talk)


def test_each_person_sees_their_own_places() -> None:
    """A private channel is listed for who is in it, the app's direct conversation for who has the app."""

    async def talk(town: Scene, ann: Browser) -> None:
        other = town.slack.workspace("Other")
        eve = town.slack.person(other, "eve")
        joint = town.slack.channel(town.team, "joint", [town.ann, eve, town.bot], shared_with=[other])
        seen = {}
        for who in (town.ann, town.bob, eve):
            told = await ann.at(joint.id if who is eve else town.general.id, who).seen()
            seen[who.user.name] = ([one["name"] for one in told["places"]], told["app"]["here"])
        assert seen == {
            "ann": (["general", "secret", "Helper", "joint"], True),
            "bob": (["general", "Helper"], True),
            "eve": (["joint"], False),
        }
        told = await ann.at(town.secret.id, town.bob).seen()
        assert (told["status"], told["ok"]) == (400, False)
        assert "/kb is no command here." in (await ann.at(joint.id, eve).does("write", text="/kb status"))["error"]

    played(talk)


@pytest.mark.parametrize(
    ("act", "more", "sentence"),
    [
        ("dance", {}, "There is no act 'dance'."),
        ("write", {"text": " "}, "There is nothing to send."),
        ("write", {"text": "/dance"}, "/dance is no command here."),
        ("write", {"text": 5}, "text must be a text."),
        ("edit", {"ts": "1.1", "text": "x"}, "There is no message '1.1' any more."),
        ("submit", {"view": "V1"}, "There is no dialogue 'V1' any more."),
        ("write", {"as": "U1", "text": "x"}, "Nobody here has the id 'U1'."),
    ],
)
def test_what_cannot_be_done_is_said(act: str, more: dict[str, Any], sentence: str) -> None:
    """In a sentence for the one who tried it."""

    async def talk(_town: Scene, ann: Browser) -> None:
        assert await ann.does(act, **more) == {"ok": False, "error": sentence}

    played(talk)


def test_an_app_that_is_silent_is_told_of() -> None:
    """As Slack tells it: the person learns that the app did not respond."""

    async def talk(town: Scene, ann: Browser) -> None:
        town.app.request_url = "http://127.0.0.1:9/"
        assert (await ann.does("write", text="/kb status"))["error"] == "Helper did not respond in time, or refused."
        town.slack.deliveries.clear()

    played(talk)


def test_only_the_page_itself_is_listened_to() -> None:
    """A name that leads here does not open it, and what a form of another page can send is no act."""

    async def talk(_town: Scene, ann: Browser) -> None:
        async with ann.session.get(f"{ann.url}/", headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421
        async with ann.session.post(f"{ann.url}/api/act", data="{}", headers={"Content-Type": "text/plain"}) as answer:
            assert answer.status == 415
        async with ann.session.get(f"{ann.url}/") as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy

    played(talk)


def test_the_page_is_whole() -> None:
    """Each file that the page names is served, and the page offers what was offered to it."""

    async def talk(_town: Scene, ann: Browser) -> None:
        for name in ("page.css", "page.js"):
            async with ann.session.get(f"{ann.url}/static/{name}") as answer:
                assert answer.status == 200
        async with ann.session.get(f"{ann.url}/api/offer") as answer:
            told = await answer.json()
        assert [one["name"] for one in told["people"]] == ["Ann Lee", "Bob"]
        assert (told["commands"], told["shortcuts"][0]["title"]) == (["/kb"], "Explain")

    played(talk)


@pytest.mark.parametrize("name", sorted(one.name for one in STATIC.glob("*.js")))
def test_no_text_becomes_markup(name: str) -> None:
    """The page's code has no way to read a text as HTML or as code."""
    code = (STATIC / name).read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML =", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc"):
        assert way not in code


def _blocks(seen: dict[str, Any]) -> list[Any]:
    """Return the blocks of the first reply of the thread."""
    shown: list[Any] = seen["thread"]["messages"][1]["blocks"]
    return shown


def _reason(text: str) -> dict[str, Any]:
    return {"reason": {"reason": {"value": text}}}
