"""The files of a message, fetched from Slack when they are asked about. Nothing of them is written anywhere."""

import logging
from collections.abc import Sequence

from bot import slack_file_texts
from bot.file_questions import Fetched
from bot.slack.fields import Json, object_of, text_of
from bot.slack.web import SlackRefusal, SlackWeb
from pipelines.domain.handed_files import HandedFile, UnreadFile
from pipelines.errors import TransientError


MOST_FILES = 10
"""That one question may be about, as many as Slack lets a person attach at once."""

_MEGABYTE = 2**20
_HIDDEN = frozenset({"tombstone", "hidden_by_limit"})

_log = logging.getLogger(__name__)


class MessageFiles:
    """`bot.file_questions.Files` of a message in Slack."""

    def __init__(self, web: SlackWeb, files: Sequence[str], max_file_mb: int, language: str) -> None:
        """
        Take what names them; nothing is asked yet.

        Args:
            web: Slack.
            files: their ids.
            max_file_mb: larger ones are not fetched, nor more than that of all together.
            language: in which it is told what is not fetched.

        """
        self._web = web
        self._files = files
        self._most = max_file_mb * _MEGABYTE
        self._max_file_mb = max_file_mb
        self._language = language

    async def fetch(self) -> Fetched:
        """Return the files, one after another, and why others cannot be had."""
        fetched: list[HandedFile] = []
        unread: list[UnreadFile] = []
        left = self._most
        for number, one in enumerate(self._files, start=1):
            found = await self._fetched(one, number, left)
            if isinstance(found, HandedFile):
                left -= len(found.data)
                fetched.append(found)
            else:
                unread.append(found)
        return Fetched(tuple(fetched), tuple(unread))

    async def _fetched(self, file: str, number: int, left: int) -> HandedFile | UnreadFile:
        name = slack_file_texts.nth_file(self._language, number)
        if number > MOST_FILES:
            return UnreadFile(name, slack_file_texts.too_many_files(self._language, MOST_FILES))
        try:
            told = object_of(await self._web.read("files.info", file=file), "file")
            name = text_of(told, "name") or text_of(told, "title") or name
            reason = self._hindrance(told, left)
            data = None if reason else await self._web.download(text_of(told, "url_private_download"), left)
        except (SlackRefusal, TransientError) as fault:
            _log.warning("a file cannot be fetched: %s", fault)
            refused = isinstance(fault, SlackRefusal)
            words = slack_file_texts.file_unseen if refused else slack_file_texts.file_not_sent
            return UnreadFile(name, words(self._language))
        if data is None:
            return UnreadFile(name, reason or self._too_large())
        if len(data) != told.get("size"):
            # In place of a file that it does not hand out Slack sends a page to sign in at.
            return UnreadFile(name, slack_file_texts.file_unseen(self._language))
        return HandedFile(name, data)

    def _hindrance(self, told: Json, left: int) -> str:
        """Return why a file is not even fetched; empty if it is."""
        if told.get("is_external") is True or text_of(told, "mode") == "external":
            return slack_file_texts.file_elsewhere(self._language)
        size = told.get("size")
        if text_of(told, "mode") in _HIDDEN or not text_of(told, "url_private_download") or not isinstance(size, int):
            return slack_file_texts.file_unseen(self._language)
        return self._too_large() if size > left else ""

    def _too_large(self) -> str:
        return slack_file_texts.files_too_large(self._language, self._max_file_mb)
