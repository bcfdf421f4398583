"""The fake Slack's buttons, menus, modals, home tabs, commands, shortcuts, threads' statuses and response_urls."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_faults import fails
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_state import Message
from tests.unit.fakes.slack_scene import Scene, scene


def plain(text: str) -> dict[str, Any]:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


WHY = {"type": "plain_text_input", "action_id": "why"}
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "reason",
    "private_metadata": "answer 1",
    "title": plain("Why?"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [{"type": "input", "block_id": "reason", "label": plain("Why?"), "element": WHY}],
}
HOME = {"type": "home", "blocks": [{"type": "section", "text": plain("My questions")}]}
CHOICE = {
    "type": "static_select",
    "action_id": "base",
    "options": [{"text": plain("HR"), "value": "hr"}, {"text": plain("IT"), "value": "it"}],
}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "up"},
    "negative_button": {"text": plain("Bad"), "value": "down"},
}


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that a test moves."""
    return ManualClock()


@pytest.fixture
def town(clock: ManualClock) -> Iterator[Scene]:
    """Return a scene of its own."""
    with scene(clock=clock) as made:
        yield made


def answered(town: Scene) -> Message:
    """Return an answer with buttons."""
    trash = {"type": "icon_button", "action_id": "trash", "icon": "trash", "text": plain("Remove")}
    show = {"type": "button", "action_id": "show", "text": plain("Show"), "value": "1"}
    blocks = [
        {"type": "actions", "block_id": "acts", "elements": [show, CHOICE]},
        {"type": "context_actions", "elements": [FEEDBACK, trash | {"visible_to_user_ids": [town.ann.id]}]},
    ]
    town.call("chat.postMessage", channel=town.general.id, text="25 days", blocks=blocks)
    town.slack.settle()
    town.box.received.clear()
    return town.slack.messages(town.general)[-1]


def sent(town: Scene, delivery: Delivery | None) -> Any:
    """Return what the app got of an interaction."""
    assert delivery is not None
    assert delivery.wait().state == "acknowledged"
    [got] = [one.json for one in town.box.received if one.json == delivery.payload]
    return got


def post(url: str, body: dict[str, Any]) -> tuple[int, str]:
    """Return status and body of a post to a response_url."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - an address of ours
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, str(json.loads(refused.read())["error"])


def test_a_click_tells_who_where_and_what(town: Scene) -> None:
    """The body names the person, the message, the action and a fresh trigger."""
    message = answered(town)
    body = sent(town, town.ann.clicks(message, "show"))
    assert (body["type"], body["user"]["id"], body["team"]["id"]) == ("block_actions", town.ann.id, town.team.id)
    assert (body["channel"]["name"], body["message"]["ts"]) == ("general", message.ts)
    [action] = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("show", "acts", "1")
    assert town.call("views.open", trigger_id=body["trigger_id"], view=MODAL)["ok"]


def test_menus_and_feedback_tell_the_choice(town: Scene) -> None:
    """A menu tells the chosen option, feedback which of the two buttons it was."""
    message = answered(town)
    [chosen] = sent(town, town.ann.clicks(message, "base", option="it"))["actions"]
    assert chosen["selected_option"]["value"] == "it"
    [voted] = sent(town, town.bob.clicks(message, "feedback", value="down"))["actions"]
    assert (voted["type"], voted["value"]) == ("feedback_buttons", "down")


def test_nobody_clicks_what_they_do_not_see(town: Scene) -> None:
    """A button for others, an option that is not there, a channel where one is not, a deleted message: no click."""
    message = answered(town)
    for person, action_id, more in (
        (town.bob, "trash", {}),
        (town.ann, "none", {}),
        (town.ann, "base", {"option": "x"}),
        (town.ann, "feedback", {"value": "x"}),
        (town.slack.person(town.team, "eve"), "show", {}),
    ):
        with pytest.raises(ValueError, match=r"sees no|does not see|has no option|no feedback button"):
            person.clicks(message, action_id, **more)
    assert sent(town, town.ann.clicks(message, "trash"))["actions"][0]["action_id"] == "trash"
    town.call("chat.delete", channel=message.channel, ts=message.ts)
    with pytest.raises(ValueError, match="does not see"):
        town.ann.clicks(message, "show")


def opened(town: Scene) -> str:
    """Return the id of a modal that is open before ann."""
    body = sent(town, town.ann.shortcuts(town.bot, "ask"))
    view: str = town.call("views.open", trigger_id=body["trigger_id"], view=MODAL)["view"]["id"]
    return view


def test_a_trigger_opens_one_modal_within_three_seconds(town: Scene, clock: ManualClock) -> None:
    """Used, old and invented triggers open nothing, nor does one for a view that Slack does not take."""
    first, second = (sent(town, town.ann.shortcuts(town.bot, "ask"))["trigger_id"] for _ in range(2))
    assert town.call("views.open", trigger_id=first, view=MODAL | {"blocks": "x"})["error"] == "invalid_arguments"
    assert town.call("views.open", trigger_id=first, view=MODAL)["ok"]
    assert town.call("views.open", trigger_id=first, view=MODAL)["error"] == "exchanged_trigger_id"
    assert town.call("views.open", trigger_id="1.2.3", view=MODAL)["error"] == "invalid_trigger_id"
    clock.advance(3)
    assert town.call("views.open", trigger_id=second, view=MODAL)["error"] == "expired_trigger_id"
    assert len(town.ann.modals) == 1
    assert town.bob.modals == []


def test_a_submitted_modal_tells_its_values_and_closes(town: Scene) -> None:
    """The app gets what was filled in, with private_metadata; an empty acknowledgement closes the modal."""
    opened(town)
    [modal] = town.ann.modals
    body = sent(town, town.ann.submits(modal, {"reason": {"why": {"value": "outdated"}}}))
    assert (body["type"], body["view"]["callback_id"]) == ("view_submission", "reason")
    assert body["view"]["private_metadata"] == "answer 1"
    filled = body["view"]["state"]["values"]["reason"]["why"]
    assert filled == {"type": "plain_text_input", "value": "outdated"}
    assert town.ann.modals == []
    with pytest.raises(ValueError, match="cannot submit"):
        town.ann.submits(modal)


def test_an_acknowledgement_may_answer_a_modal(town: Scene) -> None:
    """Errors are shown, an update and a further modal are put up, everything is cleared; nonsense is noted."""
    opened(town)
    [modal] = town.ann.modals

    def submit(body: dict[str, Any]) -> Delivery:
        town.box.replies.append((200, json.dumps(body).encode(), {"Content-Type": "application/json"}))
        return town.ann.submits(town.ann.modals[-1]).wait()

    submit({"response_action": "errors", "errors": {"reason": "Say why."}})
    assert town.ann.errors == {"reason": "Say why."}
    assert "invalid_errors" in submit({"response_action": "errors", "errors": {"other": "x"}}).wrong
    assert "invalid_response_action" in submit({"response_action": "sing"}).wrong
    assert "invalid_arguments" in submit({"response_action": "update", "view": {"type": "modal"}}).wrong
    submit({"response_action": "update", "view": MODAL | {"title": plain("Again")}})
    assert modal.content["title"]["text"] == "Again"
    submit({"response_action": "push", "view": MODAL})
    submit({"response_action": "push", "view": MODAL})
    assert [one.root_id for one in town.ann.modals] == [modal.id] * 3
    assert "push_limit_reached" in submit({"response_action": "push", "view": MODAL}).wrong
    submit({"response_action": "clear"})
    assert town.ann.modals == []


def test_a_modal_is_updated_by_its_hash(town: Scene) -> None:
    """An update with the hash of an earlier form is refused; a closed modal is not found."""
    view = opened(town)
    [modal] = town.ann.modals
    first = modal.hash
    changed = MODAL | {"title": plain("Sent")}
    assert town.call("views.update", view_id=view, hash=first, view=changed)["ok"]
    assert town.call("views.update", view_id=view, hash=first, view=MODAL)["error"] == "hash_conflict"
    assert modal.content["title"]["text"] == "Sent"
    body = sent(town, town.ann.closes(modal))
    assert (body["type"], body["is_cleared"]) == ("view_closed", False)
    assert town.call("views.update", view_id=view, view=MODAL)["error"] == "not_found"


def test_a_modal_is_put_on_another(town: Scene) -> None:
    """A click in a modal has a trigger with which another is put on it."""
    buttons = {"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": plain("More")}]}
    trigger = sent(town, town.ann.shortcuts(town.bot, "ask"))["trigger_id"]
    town.call("views.open", trigger_id=trigger, view={"type": "modal", "title": plain("x"), "blocks": [buttons]})
    body = sent(town, town.ann.clicks(town.ann.modals[0], "more"))
    assert body["container"] == {"type": "view", "view_id": town.ann.modals[0].id}
    pushed = town.call("views.push", trigger_id=body["trigger_id"], view=MODAL)["view"]
    assert pushed["root_view_id"] == pushed["previous_view_id"] == town.ann.modals[0].id
    lone = sent(town, town.ann.shortcuts(town.bot, "ask"))["trigger_id"]
    assert town.call("views.push", trigger_id=lone, view=MODAL)["error"] == "not_found"


def test_a_home_tab_is_each_persons_own(town: Scene) -> None:
    """What is published for one is seen by one; the next opening tells the app what is there."""
    assert town.call("views.publish", user_id=town.ann.id, view=HOME)["ok"]
    home = town.ann.home(town.bot)
    assert home is not None
    assert home.content["blocks"][0]["text"]["text"] == "My questions"
    assert town.bob.home(town.bot) is None
    assert town.call("views.publish", user_id=town.ann.id, view=HOME, hash="old")["error"] == "hash_conflict"
    assert town.call("views.publish", user_id="U404", view=HOME)["error"] == "invalid_arguments"
    assert town.call("views.publish", user_id=town.ann.id, view=MODAL)["error"] == "invalid_arguments"
    town.ann.opens_home(town.bot)
    town.slack.settle()
    assert town.box.events[-1]["view"]["hash"] == home.hash


def test_a_command_is_answered_to_one_person(town: Scene) -> None:
    """The form has Slack's fields; the acknowledgement is shown to who asked, as text or as JSON."""
    town.box.replies.append((200, b"Working on it", {"Content-Type": "text/plain"}))
    body = sent(town, town.ann.commands(town.bot, "/kb", "status", town.ann.direct(town.bot)))
    assert (body["command"], body["text"], body["channel_name"]) == ("/kb", "status", "directmessage")
    assert (body["user_id"], body["team_domain"]) == (town.ann.id, "acme")
    assert [one.text for one in town.ann.whispers(town.ann.direct(town.bot))] == ["Working on it"]
    reply = json.dumps({"response_type": "in_channel", "text": "All bases are fresh."}).encode()
    town.box.replies.append((200, reply, {"Content-Type": "application/json"}))
    sent(town, town.ann.commands(town.bot, "/kb", "status", town.general))
    assert [one.text for one in town.slack.messages(town.general)] == ["All bases are fresh."]
    assert sent(town, town.bob.commands(town.bot, "/kb", "", town.secret))["channel_name"] == "privategroup"
    assert town.bob.whispers(town.secret) == []


def test_a_command_that_is_not_acknowledged_is_not_repeated(town: Scene) -> None:
    """Commands and clicks come once, whatever the answer."""
    town.box.replies.append((500, b"", {}))
    assert town.ann.commands(town.bot, "/kb", "", town.general).wait().state == "gave_up"
    assert len(town.box.received) == 1


def test_a_message_shortcut_tells_the_message(town: Scene) -> None:
    """It brings the message, its channel, a trigger and a response_url."""
    written = town.ann.writes(town.general, "how many days?")
    body = sent(town, town.bob.shortcuts(town.bot, "answer", written))
    assert (body["type"], body["callback_id"]) == ("message_action", "answer")
    assert (body["message"]["text"], body["message_ts"]) == ("how many days?", written.ts)
    assert body["response_url"].startswith(town.slack.url)


def test_a_response_url_works_five_times_in_half_an_hour(town: Scene, clock: ManualClock) -> None:
    """The sixth use and one after 30 minutes are refused, so is a body that Slack does not take."""
    urls = [sent(town, town.ann.commands(town.bot, "/kb", "", town.general))["response_url"] for _ in range(2)]
    assert post(urls[0], {"text": "x", "colour": "red"}) == (400, "invalid_payload")
    assert post(urls[0], {"text": ""}) == (400, "no_text")
    for number in range(5):
        assert post(urls[0], {"text": str(number)}) == (200, "ok")
    assert post(urls[0], {"text": "x"}) == (404, "used_url")
    assert [one.text for one in town.ann.whispers(town.general)] == list("01234")
    clock.advance(1800)
    assert post(urls[1], {"text": "x"}) == (404, "expired_url")
    assert post(f"{town.slack.url}/response/none", {"text": "x"}) == (404, "invalid_url")
    assert len(town.slack.calls_of("response_url")) == 10
    town.slack.script("response_url", fails(502))
    assert post(urls[1], {"text": "x"}) == (502, "internal_error")


def test_a_response_url_changes_what_was_clicked(town: Scene) -> None:
    """An ephemeral message is replaced and deleted by it, since nothing else can."""
    go = {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": plain("Go")}]}
    town.call("chat.postEphemeral", channel=town.general.id, user=town.ann.id, text="psst", blocks=[go])
    [whisper] = town.ann.whispers(town.general)
    url = sent(town, town.ann.clicks(whisper, "go"))["response_url"]
    assert post(url, {"text": "done", "replace_original": True}) == (200, "ok")
    assert (whisper.text, whisper.blocks) == ("done", [])
    assert post(url, {"delete_original": True}) == (200, "ok")
    assert town.ann.whispers(town.general) == []
    message = answered(town)
    url = sent(town, town.ann.clicks(message, "show"))["response_url"]
    assert post(url, {"text": "gone", "replace_original": True}) == (200, "ok")
    assert (message.text, message.versions) == ("gone", ["25 days"])
    assert post(url, {"delete_original": True}) == (200, "ok")
    assert message.deleted


def test_a_status_vanishes(town: Scene, clock: ManualClock) -> None:
    """A status is shown until a message comes, it is emptied, or two minutes have passed."""
    asked = town.ann.tells(town.bot, "how many days?")
    thread = {"channel_id": asked.channel, "thread_ts": asked.ts}
    town.call("assistant.threads.setStatus", **thread, status="is reading", loading_messages=["Searching"])
    assert town.slack.status(asked) == "is reading"
    clock.advance(120)
    assert town.slack.status(asked) == ""
    town.call("assistant.threads.setStatus", **thread, status="is reading")
    town.call("assistant.threads.setStatus", **thread, status="")
    assert town.slack.status(asked) == ""
    town.call("assistant.threads.setStatus", **thread, status="is reading")
    town.call("chat.postMessage", channel=asked.channel, thread_ts=asked.ts, text="25 days")
    assert town.slack.status(asked) == ""
    eleven = town.call("assistant.threads.setStatus", **thread, status="x", loading_messages=["x"] * 11)
    assert eleven["error"] == "invalid_arguments"


def test_sessions_prompts_and_titles(town: Scene) -> None:
    """A session keeps its first title until it is renamed; five prompts are too many; no thread, no session."""
    asked = town.ann.tells(town.bot, "how many days?")
    thread = {"channel_id": asked.channel, "thread_ts": asked.ts}
    assert town.call("agents.sessions.rename", **thread, title="x")["error"] == "session_not_found"
    told = town.call("agents.sessions.setStatus", **thread, status="processing", title="Days")
    assert "warning" not in told
    town.call("agents.sessions.setStatus", **thread, status="active", title="Other")
    session = town.slack.session(town.app, asked)
    assert session is not None
    assert session.title == "Days"
    town.call("agents.sessions.rename", **thread, title="Leave")
    assert session.title == "Leave"
    town.ann.retitles(town.bot, asked, "Holidays")
    town.slack.settle()
    assert [town.box.events[-1][name] for name in ("title", "previous_title")] == ["Holidays", "Leave"]
    assert town.call("agents.sessions.setStatus", **thread, status="busy")["error"] == "invalid_arguments"
    wrong = {"channel_id": asked.channel, "thread_ts": "1.000001", "status": "active"}
    assert town.call("agents.sessions.setStatus", **wrong)["error"] == "invalid_thread_ts"
    prompt = {"title": "Leave", "message": "How many days?"}
    where = {"channel_id": asked.channel}
    assert town.call("assistant.threads.setSuggestedPrompts", **where, prompts=[prompt] * 5)["error"]
    assert town.call("assistant.threads.setSuggestedPrompts", **where, prompts=[prompt])["ok"]
    assert town.slack.world.prompts[asked.channel, ""].prompts == [prompt]
    assert town.call("assistant.threads.setTitle", **thread, title="Leave")["ok"]


def test_without_its_subscription_a_session_has_no_stop_button(town: Scene) -> None:
    """Slack warns an app that does not want to hear of the button, and shows none."""
    town.app.events = frozenset(["message.im"])
    asked = town.ann.tells(town.bot, "how many days?")
    told = town.call("agents.sessions.setStatus", channel_id=asked.channel, thread_ts=asked.ts, status="processing")
    assert told["warning"] == "missing_agent_session_stopped_event_subscription"
    with pytest.raises(ValueError, match="no stop button"):
        town.ann.stops(town.bot, asked)
