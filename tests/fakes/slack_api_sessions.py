"""The methods `agents.sessions.*` and `assistant.threads.*`: what a thread shows while an app works."""

from tests.fakes.slack_errors import ApiError, refused
from tests.fakes.slack_methods import Asked, Method
from tests.fakes.slack_shapes import listing, record, string
from tests.fakes.slack_state import Json, Prompts, Session, ThreadStatus


STATUSES = ("active", "processing", "suspended", "closed")
TITLE_CHARS = 200
_PROMPTS = listing(record({"title": string(1), "message": string(1)}), 1, 4)
_LOOKS = ("icon_emoji", "icon_url", "username")
_UNSUBSCRIBED = "missing_agent_session_stopped_event_subscription"


def set_session(asked: Asked, channel: str, thread_ts: str, status: str) -> Session:
    """Return the session of a thread, made where there is none, with its new status."""
    key = (asked.installation.app.id, channel, thread_ts)
    session = asked.world.sessions.setdefault(key, Session(channel, thread_ts, asked.installation.app.id))
    session.status = status
    session.history.append(status)
    return session


def _thread(asked: Asked) -> tuple[str, str]:
    """Return channel and thread of a call; the thread is that of a message which is there."""
    channel = asked.channel("channel_id", member=True)
    message = asked.world.messages.get(channel.id, {}).get(asked.text("thread_ts"))
    if message is None:
        raise ApiError("invalid_thread_ts")
    return channel.id, message.root


def _set_session_status(asked: Asked) -> Json:
    channel, thread_ts = _thread(asked)
    status, title = asked.text("status"), asked.text("title")
    wrong = [] if status in STATUSES else [f"must be one of {', '.join(STATUSES)} [json-pointer:/status]"]
    wrong += string(0, TITLE_CHARS)(title, "/title")
    if wrong:
        raise refused("invalid_arguments", wrong)
    if asked.text("initiator_user_id"):
        asked.person("initiator_user_id")
    session = set_session(asked, channel, thread_ts, status)
    session.title = session.title or title
    session.initiator = session.initiator or asked.text("initiator_user_id")
    answer: Json = {"ok": True, "status": status, "agent_status": status, "title": session.title}
    if "agent_session_stopped" not in asked.installation.app.events:
        answer |= {"warning": _UNSUBSCRIBED, "response_metadata": {"warnings": [_UNSUBSCRIBED]}}
    return answer


def _rename_session(asked: Asked) -> Json:
    channel, thread_ts = _thread(asked)
    wrong = string(1, TITLE_CHARS)(asked.text("title"), "/title")
    if wrong:
        raise refused("invalid_arguments", wrong)
    session = asked.world.sessions.get((asked.installation.app.id, channel, thread_ts))
    if session is None:
        raise ApiError("session_not_found")
    session.title = asked.text("title")
    return {"ok": True, "title": session.title}


def _set_status(asked: Asked) -> Json:
    channel, thread_ts = _thread(asked)
    messages = asked.arguments.get("loading_messages", [])
    wrong = listing(string(1), 0, 10)(messages, "/loading_messages")
    if wrong:
        raise refused("invalid_arguments", wrong)
    if "status" not in asked.arguments:
        raise refused("invalid_arguments", ["missing required field: status"])
    text = asked.text("status")
    if text:
        now = asked.world.clock.monotonic()
        asked.world.statuses[channel, thread_ts] = ThreadStatus(text, list(messages), now)
    else:
        asked.world.statuses.pop((channel, thread_ts), None)
    return {"ok": True}


def _set_suggested_prompts(asked: Asked) -> Json:
    channel = asked.channel("channel_id", member=True)
    if channel.kind != "im":
        raise ApiError("channel_not_found")
    wrong = _PROMPTS(asked.arguments["prompts"], "/prompts")
    if wrong:
        raise refused("invalid_arguments", wrong)
    thread_ts = _thread(asked)[1] if asked.text("thread_ts") else ""
    asked.world.prompts[channel.id, thread_ts] = Prompts(asked.text("title"), asked.arguments["prompts"])
    return {"ok": True}


def _set_title(asked: Asked) -> Json:
    asked.world.titles[_thread(asked)] = asked.text("title")
    return {"ok": True}


METHODS = {
    "agents.sessions.setStatus": Method(
        _set_session_status,
        ("channel_id", "thread_ts", "status"),
        ("title", "initiator_user_id", *_LOOKS),
        ("chat:write",),
    ),
    "agents.sessions.rename": Method(_rename_session, ("channel_id", "thread_ts", "title"), (), ("chat:write",)),
    "assistant.threads.setStatus": Method(
        _set_status,
        ("channel_id", "thread_ts"),
        ("status", "loading_messages", *_LOOKS),
        ("chat:write", "assistant:write"),
    ),
    "assistant.threads.setSuggestedPrompts": Method(
        _set_suggested_prompts, ("channel_id", "prompts"), ("thread_ts", "title"), ("assistant:write",)
    ),
    "assistant.threads.setTitle": Method(_set_title, ("channel_id", "thread_ts", "title"), (), ("assistant:write",)),
}
