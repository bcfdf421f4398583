"""A model's reply, or why there is none, as JSON. Only these faults are told from one process to another."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from pipelines.errors import BadSettings, FootnoteError
from pipelines.ports.model import (
    Finish,
    ModelAway,
    ModelBusy,
    ModelRefused,
    ModelReply,
    ModelTooSlow,
    PromptTooLong,
    Usage,
)


Stored: TypeAlias = dict[str, Any]

_FAULTS: Mapping[str, Callable[[str, Any], FootnoteError]] = {
    "busy": ModelBusy,
    "too_slow": lambda said, stalled: ModelTooSlow(said, stalled=bool(stalled)),
    "too_long": PromptTooLong,
    "refused": lambda said, _: ModelRefused(said),
    "settings": lambda said, _: BadSettings(said),
    "away": lambda said, _: ModelAway(said),
}


def stored_outcome(outcome: ModelReply | FootnoteError) -> Stored:
    """Return the JSON of an outcome; a fault that has no form of its own is told as `ModelAway`."""
    if isinstance(outcome, ModelReply):
        return {"reply": asdict(outcome)}
    match outcome:
        case ModelBusy():
            kind, detail = "busy", outcome.retry_after_s
        case ModelTooSlow():
            kind, detail = "too_slow", outcome.stalled
        case PromptTooLong():
            kind, detail = "too_long", outcome.limit
        case ModelRefused():
            kind, detail = "refused", None
        case BadSettings():
            kind, detail = "settings", None
        case _:
            kind, detail = "away", None
    return {"fault": kind, "said": str(outcome), "detail": detail}


def outcome_of(stored: Stored) -> ModelReply | FootnoteError:
    """Return what was stored; what another release stored otherwise is a call that brought nothing."""
    try:
        if "fault" in stored:
            return _FAULTS[stored["fault"]](stored["said"], stored["detail"])
        reply = dict(stored["reply"])
        usage = reply.pop("usage")
        finish = Finish(reply.pop("finish"))
        return ModelReply(**reply, finish=finish, usage=None if usage is None else Usage(**usage))
    except (KeyError, TypeError, ValueError):
        return ModelAway("the reply cannot be read: workers and bot are of different releases")
