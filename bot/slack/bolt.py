"""
Slack's own framework between what was let in and our listeners.

It finds the listener of an event, a command, a button or a dialogue. It verifies nothing,
since the door did, and asks Slack nothing, since we know who we are.
"""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qs

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.deliveries import Work
from bot.slack.door import Reply
from bot.slack.events import parsed
from bot.slack.fields import Json, team_of, text_of
from bot.slack.identity import Identity
from bot.slack.web import SlackWeb
from pipelines.errors import BadInput


WORK = "footnote_work"
"""Name in a request's context of the delivery under work."""

OUTCOME = "footnote_outcome"
"""Name in a request's context under which a listener leaves the number of the recorded answer."""

_FAULT = "footnote_fault"
_log = logging.getLogger(__name__)


def bolt_app(web: SlackWeb, identity: Identity, token: str) -> AsyncApp:
    """
    Return Bolt's app, without listeners.

    Args:
        web: Slack.
        identity: who we are.
        token: the bot's.

    """

    async def authorize() -> AuthorizeResult:
        # Bolt's own asks `auth.test` for each event, or, told to remember, hands one person another's token.
        return AuthorizeResult(
            enterprise_id=identity.enterprise or None,
            team_id=identity.team,
            bot_token=token,
            bot_id=identity.bot_id,
            bot_user_id=identity.user,
        )

    app = AsyncApp(
        name="footnote",
        # As silent as `bot.slack.web` makes it: it warns of settings that are none of ours.
        logger=logging.getLogger("slack_bolt"),
        client=web.client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    @app.middleware
    async def ours(body: Json, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        if is_ours(body, identity):
            return await next_()
        # One app may be in several workspaces, and signs what happens in each of them alike.
        _log.warning("an event of another workspace is left aside")
        return BoltResponse(status=HTTPStatus.OK)

    @app.error
    async def keep(error: Exception, request: AsyncBoltRequest) -> None:
        request.context[_FAULT] = error

    return app


def is_ours(told: Json, identity: Identity) -> bool:
    """
    Say whether an event is told to the app of our own workspace.

    Of a button or a command this is not asked: whoever pressed it in a shared channel is of another workspace.
    """
    return text_of(told, "type") != "event_callback" or team_of(told) == identity.team


class Bolt:
    """Hands what was let in to the listeners of an app."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def work(self, work: Work) -> int | None:
        """
        Let a listener work on a delivery; it is a `bot.deliveries.Handler`.

        Raises:
            Exception: whatever the listener raised.

        """
        _, context = await self._dispatched(dict(parsed(work.lease.delivery.body)), {WORK: work})
        answer = context.get(OUTCOME)
        return answer if isinstance(answer, int) else None

    async def answer(self, body: str) -> Reply:
        """
        Answer a command, a button, a dialogue or a shortcut.

        Args:
            body: of the verified request: a form, or JSON from Socket Mode.

        Raises:
            BadInput: it is nothing that Slack sends.

        """
        try:
            response, _ = await self._dispatched(_payload(body), {})
        except (AttributeError, IndexError, KeyError, TypeError) as fault:
            # Bolt takes the shape of all parts for granted.
            _log.warning("an interaction could not be read", exc_info=fault)
            message = "the interaction has a shape that is none of Slack's"
            raise BadInput(message) from None
        content = response.first_headers().get("content-type", "")
        kind = "application/json" if content.startswith("application/json") else "text/plain"
        return Reply(
            HTTPStatus.OK if response.status == HTTPStatus.NOT_FOUND else response.status, response.body or "", kind
        )

    async def _dispatched(self, body: dict[str, object], context: dict[str, object]) -> tuple[BoltResponse, Json]:
        request = AsyncBoltRequest(body=body, mode="socket_mode", context=context)
        response = await self._app.async_dispatch(request)
        fault = request.context.get(_FAULT)
        if isinstance(fault, Exception):
            raise fault
        return response, request.context


def _payload(body: str) -> dict[str, object]:
    """Return what a form of Slack's says, or JSON as it is."""
    if body.lstrip().startswith("{"):
        return dict(parsed(body))
    fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    return dict(parsed(fields["payload"])) if "payload" in fields else dict(fields)
