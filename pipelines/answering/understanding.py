"""
A question made to stand alone: by rule, or by one cheap call where a model is set and the rules leave room.

A model that is away, slow, out of budget or not to be believed costs nothing but its call: the
rules have the last word.
"""

import logging
from dataclasses import dataclass

from pipelines.answering.digests import digest_of
from pipelines.answering.flights import SharedWork
from pipelines.answering.follow_up import stand_alone
from pipelines.answering.follow_ups.rewriting import MOST_TOKENS, may_lean, read_rewriting, rewriting_prompt
from pipelines.answering.prompts import Prompt
from pipelines.answering.purse import Purse
from pipelines.answering.telling import Telling
from pipelines.answering.written import messages_of
from pipelines.domain.conversation import Question
from pipelines.domain.model_budget import Refused
from pipelines.errors import FootnoteError
from pipelines.ports.answer_cache import AnswerCache
from pipelines.ports.model import CallCancelled, ChatModel, Finish
from pipelines.ports.records import Records


_MOST_CHARS = 8 * MOST_TOKENS
"""Of a reply; one that is longer is no question."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplyMemory:
    """
    Where a model's replies are kept.

    Attributes:
        cache: keeps them.
        work: lets one process ask what several wait for.
        seconds: how long one is kept.

    """

    cache: AnswerCache
    work: SharedWork
    seconds: float


class Understanding:
    """Makes follow-ups stand alone with a model's help. Safe between threads."""

    def __init__(
        self,
        model: ChatModel,
        records: Records,
        purse: Purse,
        *,
        seconds: float,
        memory: ReplyMemory | None = None,
    ) -> None:
        """
        Take the parts.

        Args:
            model: called once for a question, or not at all.
            records: which bases a person searches, and their budgets.
            purse: pays for the call.
            seconds: that it may take.
            memory: where replies are kept; None to ask again each time.

        """
        self._model = model
        self._records = records
        self._purse = purse
        self._seconds = seconds
        self._memory = memory

    def stand_alone(self, question: Question, telling: Telling) -> str:
        """
        Return the question as it can be understood without the turns before it.

        Raises:
            CallCancelled: who watches wants it no longer.

        """
        by_rule = stand_alone(question.text, question.turns)
        if not may_lean(question.text, question.turns):
            return by_rule
        prompt = rewriting_prompt(question.text, question.turns)
        reply = self._kept(prompt, question, telling)
        return read_rewriting(reply, question.text, question.turns, by_rule=by_rule) if reply else by_rule

    def _kept(self, prompt: Prompt, question: Question, telling: Telling) -> str:
        """Return what the model wrote to this prompt, now or before."""
        if self._memory is None:
            return self._reply(prompt, question, telling)
        memory, said = self._memory, [self._records.installation, self._model.name, prompt.system, prompt.user]
        slot = memory.cache.slot("understood:" + digest_of(said))

        def make() -> str:
            reply = self._reply(prompt, question, telling)
            if reply:
                slot.put(reply.encode(errors="replace"), memory.seconds)
            return reply

        return memory.work.kept_or_made(slot, lambda data: data.decode(errors="replace"), make, telling.check_wanted)

    def _reply(self, prompt: Prompt, question: Question, telling: Telling) -> str:
        """Return what the model writes; nothing where it is not asked, or says nothing whole."""
        scope = self._records.access.scope(question.principal, question.bases)
        shares = dict.fromkeys(scope.versions, 1)
        if not shares:
            return ""
        taken = self._purse.take(prompt, shares, self._records.answering_rules.of(shares), question.principal.name)
        if isinstance(taken, Refused):
            return ""
        heard = _Heard()
        with self._purse.paying(taken, prompt, shares) as bill:
            try:
                reply = self._model.write(
                    messages_of(prompt),
                    seconds=self._seconds,
                    listener=heard,
                    cancelled=lambda: heard.chars > _MOST_CHARS or telling.watcher.stopped(),
                )
                bill.count(reply)
            except CallCancelled as fault:
                bill.fault(fault)
                telling.check_wanted()
                return ""
            except FootnoteError as fault:
                bill.fault(fault)
                _log.warning("a follow-up was understood by rule: %s", fault)
                return ""
        return reply.text if reply.finish is Finish.STOP else ""


class _Heard:
    """Counts what is written, to stop what is no question."""

    def __init__(self) -> None:
        self.chars = 0

    def hear(self, piece: str) -> None:
        """Count a piece."""
        self.chars += len(piece)

    def start_over(self) -> bool:
        """Forget all pieces."""
        self.chars = 0
        return True
