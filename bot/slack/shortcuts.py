"""Shortcuts: answer this message, in its thread; ask a question, answered in the direct conversation."""

import asyncio
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import slack_reply_texts
from bot.slack.actions import Dialogue, Field, Shortcut
from bot.slack.blocks.modals import question_modal
from bot.slack.blocks.shapes import Json
from bot.slack.counter import PROMPT_S, Counter, Reply, words_of_fault
from bot.slack.direct import direct_channel
from bot.slack.membership import is_ours
from bot.slack.presses import Called, Spot, Submission, called_of
from bot.slack.requests import Request, RequestKind
from bot.slack.said import plain
from bot.slack.web import SlackRefusal
from pipelines.errors import FootnoteError, TransientError


class Shortcuts:
    """Takes what is asked by shortcuts, and keeps it as requests."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def register(self, app: AsyncApp) -> None:
        """Listen to both shortcuts and to the dialogue."""
        app.shortcut(str(Shortcut.ANSWER_WITH_SOURCES))(self._on_message)
        app.shortcut(str(Shortcut.ASK))(self._on_ask)
        app.view(str(Dialogue.QUESTION))(self._counter.on_submission(self._sent))

    async def _on_message(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        called = called_of(body, self._counter.team)
        if called is None or not called.message or not self._counter.is_new(called.spot):
            return
        try:
            await self._answer(called)
        except FootnoteError as fault:
            self._counter.whisper(called.spot, words_of_fault(fault))

    async def _answer(self, called: Called) -> None:
        """Keep the words of a message as a request, and tell who wants them answered where they are."""
        spot, text = called.spot, plain(called.words, self._counter.desk.identity.user)
        if not text:
            self._counter.whisper(spot, slack_reply_texts.no_words)
            return
        if not await self._are_we_in(spot):
            self._counter.whisper(spot, slack_reply_texts.not_here)
            return
        request = Request(
            kind=RequestKind.SHORTCUT,
            team=spot.team,
            channel=spot.channel,
            thread=called.thread,
            question_ts=called.message,
            user=spot.user,
            text=text,
            private=spot.private,
        )
        await self._counter.accept(request.delivery(called.message, spot.trigger))
        self._counter.whisper(spot, slack_reply_texts.answered_here)

    async def _are_we_in(self, spot: Spot) -> bool:
        """
        Say whether we can write where a message stands: not between two other people.

        Raises:
            TransientError: Slack does not tell it soon.

        """
        web = self._counter.desk.web
        try:
            async with asyncio.timeout(PROMPT_S):
                if spot.private:
                    return await direct_channel(web, spot.user) == spot.channel
                return await is_ours(web, spot.channel)
        except SlackRefusal:
            return False
        except TimeoutError as late:
            raise TransientError("Slack did not tell in time what a conversation is") from late

    async def _on_ask(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        called = called_of(body, self._counter.team)
        if called is not None and self._counter.is_new(called.spot):
            await self._counter.open(called.spot, self._dialogue(called))

    async def _dialogue(self, called: Called) -> Json:
        return question_modal(await self._counter.language(called.spot.user))

    async def _sent(self, submission: Submission) -> Reply:
        spot, text = submission.spot, submission.values.get(Field.QUESTION, "").strip()
        if not text:
            return await self._counter.wordless(submission)
        request = Request(RequestKind.PRIVATE, spot.team, "", "", "", spot.user, text, private=True)
        await self._counter.accept(request.delivery(spot.trigger))
        return await self._counter.said(submission, slack_reply_texts.answered_privately)
