"""
What a model wrote, kept with the evidence that it was written from: the second level of memory.

After a sync that changed nothing of a question's evidence the same sentences are shown, and cited
where they stand today. Who may read the evidence is the search's business: only what was found
and confirmed for this reader, word for word and in this order, finds them again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipelines.answering.assembling import Proof, SaidSentence
from pipelines.answering.code_version import code_version
from pipelines.answering.digests import digest_of
from pipelines.answering.extracting.shapes import Candidate
from pipelines.answering.flights import SharedWork
from pipelines.answering.json_values import flat, listed, moment
from pipelines.answering.prompts import PROMPT_VERSION, Prompt
from pipelines.answering.sources import lead_text, passage_text
from pipelines.domain.conversation import Answer
from pipelines.domain.values import Value
from pipelines.ports.answer_cache import AnswerCache, AnswerSlot


CODEC = 1
"""Version of the form; bytes of another one are unreadable."""

MOST_BYTES = 262_144
"""Bytes of one answer that are kept at most."""


@dataclass(frozen=True, slots=True)
class KeptWriting(Value):
    """
    A written answer without its citations, which are placed anew.

    Attributes:
        said: its sentences, at least one with a proof.
        model: name of the model that wrote it.
        withheld: sentences that were left out.
        made_at: when, aware.

    """

    said: tuple[SaidSentence, ...]
    model: str
    withheld: int
    made_at: datetime


class KeptWritings:
    """Written answers by their evidence. Safe between threads."""

    def __init__(self, cache: AnswerCache, work: SharedWork, *, installation: str, seconds: float) -> None:
        """
        Take the parts.

        Args:
            cache: where they are kept.
            work: lets one process write what several wait for.
            installation: id of the installation.
            seconds: how long one is kept.

        """
        self._cache = cache
        self._work = work
        self._installation = installation
        self._seconds = seconds

    def slot(self, prompt: Prompt, sources: Sequence[Candidate], *, model: str, strict: bool) -> AnswerSlot:
        """
        Return where a model's answer to a prompt over these passages is kept.

        No word of it can be read in the key.
        """
        evidence = [[one.passage.passage.chunk_id, passage_text(one), lead_text(one), *_beside(one)] for one in sources]
        of = [self._installation, model, PROMPT_VERSION, code_version(), strict]
        everything = [*of, prompt.system, prompt.user, evidence]
        return self._cache.slot("written:" + digest_of(everything))

    def keep(self, slot: AnswerSlot, written: KeptWriting) -> None:
        """Keep an answer, unless it has too many bytes or holds half a character."""
        data = encode(written)
        if data is not None:
            slot.put(data, self._seconds)

    def kept_or_made(
        self,
        slot: AnswerSlot,
        sources: Sequence[Candidate],
        place: Callable[[KeptWriting], Answer],
        make: Callable[[], Answer],
        wanted: Callable[[], None],
    ) -> Answer:
        """
        Return the answer that is kept, or the one that is made now.

        Args:
            slot: where it may be kept.
            sources: the passages that it is to be cited from.
            place: what is kept as an answer.
            make: makes it, and keeps it.
            wanted: raises when nobody waits for it any longer.

        """

        def read(data: bytes) -> Answer | None:
            kept = decode(data)
            return place(kept) if kept is not None and fits(kept, sources) else None

        return self._work.kept_or_made(slot, read, make, wanted)


def fits(kept: KeptWriting, sources: Sequence[Candidate]) -> bool:
    """Say whether there is a proof, and every one lies inside one of the passages."""
    lengths = [len(passage_text(one)) for one in sources]
    proofs = [proof for one in kept.said for proof in one.proofs]
    return bool(proofs) and all(
        1 <= one.source <= len(lengths) and 0 <= one.start < one.end <= lengths[one.source - 1] for one in proofs
    )


def encode(kept: KeptWriting) -> bytes | None:
    """Return the bytes; None for what has too many, or holds half a character."""
    values = {"codec": CODEC, **asdict(kept), "made_at": kept.made_at.isoformat()}
    try:
        data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return None
    return data if len(data) <= MOST_BYTES else None


def decode(data: bytes) -> KeptWriting | None:
    """Return what `encode` was given; None for anything else, whatever the bytes are."""
    try:
        values: Any = json.loads(data.decode())
        if values.pop("codec") != CODEC:
            return None
        said = tuple(_sentence(one) for one in listed(values["said"]))
        return flat(KeptWriting, {**values, "said": said, "made_at": moment(values["made_at"])})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _sentence(values: Mapping[str, Any]) -> SaidSentence:
    proofs = tuple(flat(Proof, one) for one in listed(values["proofs"]))
    return flat(SaidSentence, {**values, "proofs": proofs})


def _beside(source: Candidate) -> list[str | None]:
    """Return the ids of the passages around one: a list that grew there is other evidence."""
    return [one.chunk_id if one else None for one in (source.before, source.after)]
