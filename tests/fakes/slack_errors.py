"""How the fake Slack refuses a call of its Web API: Slack's own codes, in Slack's own form."""

from collections.abc import Iterable
from typing import Any


class ApiError(Exception):
    """A call that is answered with `ok: false`; `extra` is sent beside the code."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    @property
    def body(self) -> dict[str, Any]:
        """Return the answer."""
        return {"ok": False, "error": self.code, **self.extra}


def refused(code: str, messages: Iterable[str]) -> ApiError:
    """Return an error that explains itself, as Slack does for arguments, blocks and chunks."""
    said = [f"[ERROR] {one}" for one in messages]
    return ApiError(code, response_metadata={"messages": said}, errors=[one.removeprefix("[ERROR] ") for one in said])
