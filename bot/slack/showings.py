"""What is shown of an answer beside its page: its bases and their readers, who may take it away, whom to ask."""

import logging
from collections.abc import Sequence
from functools import reduce

from bot.slack.blocks.showing import Showing
from bot.slack.desk import Desk
from bot.slack.events import PLATFORM
from bot.slack.places import Place
from pipelines.domain.access import EVERYONE, PUBLIC, narrowed
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Answer
from pipelines.errors import NotFound, TransientError


_log = logging.getLogger(__name__)


class Showings:
    """Knows the records."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of(self, answer: Answer, place: Place) -> Showing:
        """Return what is to be known of an answer at a place; of readers and people only where members read alone."""
        return Showing(
            removers=(place.user,),
            bases=tuple(one.kb for one in answer.citations),
            readers=await self._desk.asked(self._readers, answer.citations) if place.inside else (),
            for_people=place.by_member,
            person=await self._person(place.team) if place.inside else "",
        )

    def _readers(self, citations: Sequence[Citation]) -> tuple[tuple[str, ...] | None, ...]:
        """Return who satisfies the rules of each cited document; None where its base was removed meanwhile."""
        records = self._desk.footnote.records
        lives = records.ledger.lives({one.document_version for one in citations})
        bases = {name: self._base_readers(name) for name in {one.kb for one in citations}}
        rules = {rule for one in lives.values() for rule in (one.rule, one.rule_today)}
        narrower = {rule: records.access.rule_readers(rule) for rule in rules}
        found: list[tuple[str, ...] | None] = []
        for one in citations:
            readers, life = bases[one.kb], lives.get(one.document_version)
            if readers is not None and life is not None:
                readers = reduce(narrowed, (narrower[rule] for rule in {life.rule, life.rule_today}), readers)
            found.append(None if readers is None else _told(readers))
        return tuple(found)

    def _base_readers(self, name: str) -> tuple[str, ...] | None:
        """Return who may read a base; None where it was removed meanwhile."""
        records = self._desk.footnote.records
        try:
            return records.access.readers(records.bases.get(name).id)
        except NotFound:
            return None

    async def _person(self, team: str) -> str:
        """Return the first admin whose mail address is named, else the name of the first in Slack; empty for none."""
        admins = [one.removeprefix("user:") for one in sorted(self._desk.footnote.settings.admin_readers)]
        mails = [one for one in admins if "@" in one]
        if mails:
            return mails[0]
        known = f"{PLATFORM}:{team}:"
        for one in (one.removeprefix(known) for one in admins if one.startswith(known)):
            try:
                found = await self._desk.people.somebody(team, one)
            except TransientError as fault:
                _log.warning("nobody is named as a person to ask: %s", fault)
                return ""
            if found.admin:
                return found.name
        return ""


def _told(readers: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return the readers of a document that are told: where all may read it, no person, group or channel is named.

    They would add nothing, and whoever is no member would learn who is one.
    """
    return next(((rule,) for rule in (PUBLIC, EVERYONE) if rule in readers), readers)
