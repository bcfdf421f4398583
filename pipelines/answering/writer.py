"""
A model's text, while it comes, to sentences that may be shown. It calls no model and cites nothing itself.

Each sentence is judged by its own passages as soon as it is complete, and shown at once or
never. An address that could carry something away is not shown, even if a passage holds it:
the receipt does. The name of a host or a mailbox is, where a passage has it, in a form that
no chat client links.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipelines.answering.assembling import Assembly, Proof, SaidSentence
from pipelines.answering.extracting.shapes import Candidate
from pipelines.answering.prompts import NOTHING_FOUND
from pipelines.answering.sources import evidence_passage, passage_text
from pipelines.answering.verifying import (
    PreparedPassage,
    Quote,
    Reason,
    SentenceRole,
    Verdict,
    Verification,
    carries_reservation_prepared,
    needs_evidence,
    prepare,
    said_verbatim,
    verify_prepared,
)
from pipelines.answering.writing.inert import inert
from pipelines.answering.writing.sentence import Role, WrittenSentence
from pipelines.answering.writing.stream import AnswerStream
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError


_MOST_WITHHELD = 3
"""One sentence of so many may be left out; with more, extracts say it better."""


_ROLES = dict.fromkeys(Role, SentenceRole.SENTENCE) | {
    Role.LIST_ITEM: SentenceRole.LIST_ITEM,
    Role.HEADING: SentenceRole.HEADING,
    Role.TABLE_HEADER: SentenceRole.HEADING,
}


_LISTED = frozenset({Role.LIST_ITEM, Role.TABLE_ROW})
"""What a line that ends with a colon introduces."""

_ELSEWHERE = ((Reason.NO_SOURCE,), (Reason.WORDING,))
"""Why a sentence that its own passage does not hold may be one of another passage's."""


class GivenUp(FootnoteError):
    """What was withheld carries an exception or a condition: what is left would mislead."""


@dataclass(frozen=True, slots=True)
class Written(Value):
    """
    What became of a model's text.

    Attributes:
        said: the sentences that are shown, in order.
        withheld: how many were left out.
        unknown: how often it cited a number that the prompt did not give.
        nothing_found: it said, and said only, that the sources do not answer.

    """

    said: tuple[SaidSentence, ...]
    withheld: int
    unknown: int
    nothing_found: bool

    @property
    def claims(self) -> int:
        """Sentences that say something, shown or not."""
        return self.withheld + sum(bool(one.proofs) for one in self.said)

    @property
    def holds(self) -> bool:
        """Say whether enough of it is left to be an answer."""
        return self.claims > self.withheld and self.withheld * _MOST_WITHHELD <= self.claims


class AnswerWriter:
    """Hears one reply. It is a `ports.model.PieceListener`."""

    def __init__(self, sources: Sequence[Candidate], *, strict: bool, show: Callable[[str], None]) -> None:
        """
        Take what the prompt was made of.

        Args:
            sources: passages in the order of the prompt.
            strict: withhold what is in the model's own words.
            show: gets each sentence with its marks as soon as it may be shown.

        """
        self._sources = sources
        self._strict = strict
        self._show = show
        self._prepared: dict[int, PreparedPassage] = {}
        self._begin()

    def hear(self, piece: str) -> None:
        """
        Take the next piece of text.

        Raises:
            GivenUp: a sentence had to be withheld without which the others mislead.

        """
        for sentence in self._stream.feed(piece):
            self._take(sentence)

    def start_over(self) -> bool:
        """Forget everything; False if something was shown."""
        if self._said:
            return False
        self._begin()
        return True

    def end(self, *, whole: bool = True) -> Written:
        """
        Take the end of the text.

        Args:
            whole: whether the model came to its end; else the sentence that was cut off is dropped.

        Raises:
            GivenUp: as `hear`.

        """
        last = self._stream.end()
        for sentence in last if whole else last[:-1]:
            self._take(sentence)
        self._take_lead_in(())
        nothing = self._nothing_found and not self._said
        return Written(tuple(self._said), self._withheld, self._unknown, nothing)

    @property
    def shown(self) -> bool:
        """Say whether a sentence was shown."""
        return bool(self._said)

    def _begin(self) -> None:
        self._stream = AnswerStream(len(self._sources))
        self._assembly = Assembly(self._sources)
        self._said: list[SaidSentence] = []
        self._withheld = 0
        self._unknown = 0
        self._nothing_found = False
        self._lead_in: WrittenSentence | None = None

    def _take(self, sentence: WrittenSentence) -> None:
        self._unknown += sentence.unknown
        if not sentence.text.strip():
            return
        self._take_lead_in(sentence.sources if sentence.role in _LISTED else ())
        if _says_nothing_was_found(sentence.text):
            self._nothing_found = True
        elif (
            not sentence.sources and not sentence.addresses and not needs_evidence(sentence.text, _ROLES[sentence.role])
        ):
            self._say(sentence, None)
        elif sentence.role is Role.LEAD_IN and not sentence.sources:
            self._lead_in = sentence
        else:
            self._judge(sentence)

    def _take_lead_in(self, sources: tuple[int, ...]) -> None:
        """Judge the line that introduced what comes now by the sources of that: it cites none itself."""
        held, self._lead_in = self._lead_in, None
        if held is not None:
            self._judge(replace(held, sources=sources))

    def _judge(self, sentence: WrittenSentence) -> None:
        """Show a sentence with its proof, or count it as withheld."""
        found = self._verified(sentence)
        own_words = found.verdict is Verdict.OWN_WORDS
        if found.quote is not None and not self._is_barred(sentence, found):
            self._say(sentence, found.quote, own_words=own_words)
            return
        self._withheld += 1
        cited = [number - 1 for number in sentence.sources] or range(len(self._sources))
        if carries_reservation_prepared(sentence.text, [self._passage(at) for at in cited]):
            raise GivenUp(f"a sentence with a reservation is not supported ({', '.join(found.reasons)})")

    def _is_barred(self, sentence: WrittenSentence, found: Verification) -> bool:
        if found.verdict is Verdict.CONTRADICTED or (found.verdict is Verdict.OWN_WORDS and self._strict):
            return True
        return any(self._leads_away(address) for address in sentence.addresses)

    def _leads_away(self, address: str) -> bool:
        """Say whether something that looks like an address may not be shown: one with a path or a scheme never is."""
        return any(sign in address for sign in "/:?") or all(address not in one.text for one in self._sources)

    def _verified(self, sentence: WrittenSentence) -> Verification:
        """
        Judge by the passages that it cites; where these do not hold it, by all.

        Only a passage that says the same may take the place of the one that was named.
        """
        cited = [number - 1 for number in sentence.sources]
        found = self._by(sentence, cited)
        if found is not None and found.reasons not in _ELSEWHERE:
            return found
        anywhere = self._by(sentence, [at for at in range(len(self._sources)) if at not in cited])
        if anywhere is not None and anywhere.verdict is Verdict.SUPPORTED:
            return anywhere
        return found or Verification(Verdict.CONTRADICTED, (Reason.NO_SOURCE,), None)

    def _by(self, sentence: WrittenSentence, places: Sequence[int]) -> Verification | None:
        """Judge by these passages; the quote names its passage among all."""
        if not places:
            return None
        if sentence.role is Role.CODE:
            return self._by_code(sentence.text, places)
        first = places[0]
        if (span := said_verbatim(sentence.text, evidence_passage(self._sources[first]))) is not None:
            # Of several passages that support it the first is quoted: what the others say need not be known.
            return Verification(Verdict.SUPPORTED, (), Quote(first, *span))
        found = verify_prepared(sentence.text, [self._passage(at) for at in places])
        if found.quote is None:
            return found
        quote = Quote(places[found.quote.passage], found.quote.start, found.quote.end)
        return Verification(found.verdict, found.reasons, quote)

    def _passage(self, at: int) -> PreparedPassage:
        """Return a passage taken apart; most answers cite few of them, so that each is when it is first needed."""
        if at not in self._prepared:
            self._prepared[at] = prepare(evidence_passage(self._sources[at]))
        return self._prepared[at]

    def _by_code(self, line: str, places: Sequence[int]) -> Verification:
        """Judge a line of code: it stands in a passage as it is, or nowhere."""
        for at in places:
            start = passage_text(self._sources[at]).find(line.strip())
            if start >= 0:
                return Verification(Verdict.SUPPORTED, (), Quote(at, start, start + len(line.strip())))
        return Verification(Verdict.CONTRADICTED, (Reason.NO_SOURCE,), None)

    def _say(self, sentence: WrittenSentence, quote: Quote | None, *, own_words: bool = False) -> None:
        proofs = () if quote is None else (Proof(quote.passage + 1, quote.start, quote.end),)
        said = SaidSentence(inert(sentence.lead + sentence.text), sentence.before, proofs, own_words)
        self._said.append(said)
        self._show(self._assembly.add(said))


def _says_nothing_was_found(text: str) -> bool:
    return text.strip(" .\"'“”*").casefold() == NOTHING_FOUND.casefold()
