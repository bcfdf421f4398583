"""What a request to a model server may hold, as strictly as OpenAI documents it: the fake is not kinder."""

from collections.abc import Mapping
from typing import Any


CHAT_FIELDS = frozenset(
    [
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "moderation",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    ]
)
EMBEDDING_FIELDS = frozenset(["dimensions", "encoding_format", "input", "model", "user"])
MAX_INPUTS = 2048
_ROLES = ("developer", "system", "user", "assistant", "tool")
_NUMBERS = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
    "max_tokens": (1, 10**7),
    "max_completion_tokens": (1, 10**7),
    "n": (1, 128),
    "seed": (-(2**63), 2**63),
    "dimensions": (1, 10**5),
}
_WHOLE = ("max_tokens", "max_completion_tokens", "n", "seed", "dimensions")


class BadRequest(Exception):
    """A request that is answered with 400, or another status of the fours, in OpenAI's form."""

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(message, param=param, code=code)


def error_body(
    message: str, *, kind: str = "invalid_request_error", param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """Return an error in OpenAI's form."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def check_chat(body: Mapping[str, Any]) -> None:
    """
    Check a request for a chat completion.

    Raises:
        BadRequest: a field is not documented, is missing, or has another type or range.

    """
    _check_fields(body, CHAT_FIELDS)
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("'messages' must be a list with at least one message", param="messages")
    for place, message in enumerate(messages):
        _check_message(message, f"messages[{place}]")
    if not isinstance(body.get("stream", False), bool):
        raise BadRequest("'stream' must be a boolean", param="stream")
    if body.get("stream_options") is not None:
        _check_stream_options(body)
    if body.get("max_tokens") is not None and body.get("max_completion_tokens") is not None:
        raise BadRequest("'max_tokens' and 'max_completion_tokens' exclude each other", param="max_tokens")


def check_embedding(body: Mapping[str, Any]) -> list[str]:
    """
    Check a request for embeddings and return its texts.

    Raises:
        BadRequest: as `check_chat`.

    """
    _check_fields(body, EMBEDDING_FIELDS)
    if body.get("encoding_format", "float") not in ("float", "base64"):
        raise BadRequest("'encoding_format' must be 'float' or 'base64'", param="encoding_format")
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    whole = isinstance(texts, list) and all(isinstance(one, str) and one for one in texts)
    if not isinstance(texts, list) or not texts or not whole:
        raise BadRequest("'input' must be a text or a list of texts, none of them empty", param="input")
    if len(texts) > MAX_INPUTS:
        raise BadRequest(f"'input' holds {len(texts)} texts, at most {MAX_INPUTS} are allowed", param="input")
    return texts


def _check_fields(body: Mapping[str, Any], documented: frozenset[str]) -> None:
    for name in body:
        if name not in documented:
            raise BadRequest(f"Unrecognized request argument supplied: {name}", param=name, code="unknown_parameter")
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise BadRequest("you must provide a model parameter", param="model")
    for name, (least, most) in _NUMBERS.items():
        value = body.get(name)
        kinds = (int,) if name in _WHOLE else (int, float)
        if value is not None and (isinstance(value, bool) or not isinstance(value, kinds)):
            raise BadRequest(f"Invalid type for '{name}'", param=name, code="invalid_type")
        if value is not None and not least <= value <= most:
            raise BadRequest(f"'{name}' must be from {least} to {most}", param=name, code="invalid_value")


def _check_message(message: Any, place: str) -> None:
    if not isinstance(message, dict) or message.get("role") not in _ROLES:
        raise BadRequest(f"'{place}.role' must be one of {', '.join(_ROLES)}", param=f"{place}.role")
    unknown = set(message) - {"role", "content", "name", "tool_calls", "tool_call_id", "refusal", "audio"}
    if unknown:
        raise BadRequest(f"unknown fields in {place}: {sorted(unknown)}", param=place, code="unknown_parameter")
    if not isinstance(message_text(message), str):
        raise BadRequest(f"'{place}.content' must be a text or a list of parts", param=f"{place}.content")


def _check_stream_options(body: Mapping[str, Any]) -> None:
    options = body["stream_options"]
    if not body.get("stream"):
        raise BadRequest("'stream_options' is only allowed when 'stream' is enabled", param="stream_options")
    if not isinstance(options, dict) or set(options) - {"include_usage", "include_obfuscation"}:
        raise BadRequest("'stream_options' holds what is not documented", param="stream_options")


def message_text(message: Mapping[str, Any]) -> str | None:
    """Return the text of a message; None if it has none."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [one.get("text") if isinstance(one, dict) else None for one in content]
        return "".join(str(one) for one in parts) if all(isinstance(one, str) for one in parts) else None
    return content if isinstance(content, str) else None
