"""What becomes of a question before anything is written: refused, asked back, or answered by extracts."""

import logging
from functools import partial

from pipelines.answering.citing import cite
from pipelines.answering.clarifying import choices
from pipelines.answering.evidence_check import Verdict, check
from pipelines.answering.extracting import SENTENCES, WeighedQuestion, choose, show, weigh
from pipelines.answering.refusing import NO_CONTENT, NOT_FOUND, NOT_SAID, NOTHING_SYNCED, WHICH_ONE
from pipelines.answering.sentence_vectors import SentenceVectors
from pipelines.answering.steps import Evidence
from pipelines.domain.conversation import Answer, Outcome
from pipelines.errors import FootnoteError


CLOSEST = 3
"""Documents that a refusal names at most."""

_log = logging.getLogger(__name__)


def weighed_question(evidence: Evidence, vectors: SentenceVectors | None) -> WeighedQuestion:
    """Return the question with the sentences that its passages offer; by words alone where there are no vectors now."""
    text, candidates, embedder = evidence.asked.text, evidence.candidates, evidence.embedder
    if evidence.vector is None or vectors is None or embedder is None:
        return weigh(text, candidates, question_vector=evidence.vector, embed_texts=vectors)
    try:
        # Of the embedder that made the question's vector, whichever it is by now.
        by = partial(vectors.by, embedder)
        return weigh(text, candidates, question_vector=evidence.vector, embed_texts=by)
    except FootnoteError as fault:
        _log.warning("sentences are compared by words only: %s", fault)
        return weigh(text, candidates)


def unanswered(evidence: Evidence, weighed: WeighedQuestion) -> Answer | None:
    """Return the refusal or the question back; None where there is evidence for an answer."""
    verdict = check(weighed)
    if verdict is not Verdict.ANSWER:
        return refused(evidence, verdict)
    open_choices = choices(weighed)
    return Answer(Outcome.CLARIFY, WHICH_ONE, choices=open_choices) if open_choices else None


def refused(evidence: Evidence, verdict: Verdict = Verdict.NOT_SAID) -> Answer:
    """Return the refusal, with the documents that came near."""
    closest = () if verdict is Verdict.NO_CONTENT else evidence.closest[:CLOSEST]
    return Answer(Outcome.REFUSAL, _refusal(evidence, verdict), closest=closest)


def extracted(evidence: Evidence, weighed: WeighedQuestion) -> Answer:
    """Return the best sentences of the passages, verbatim and cited."""
    limit = evidence.asked.question.limit
    extract = show(weighed, choose(weighed, limit=min(limit, SENTENCES)))
    texts = {one.passage.text_hash: one.text for one in evidence.candidates}
    cited = cite(extract, texts, limit=limit)
    return Answer(Outcome.ANSWER, cited.text, citations=cited.citations)


def _refusal(evidence: Evidence, verdict: Verdict) -> str:
    if not evidence.scope.versions and evidence.asked.question.principal.admin:
        return NOTHING_SYNCED
    if verdict is Verdict.NO_CONTENT:
        return NO_CONTENT
    return NOT_SAID if evidence.closest else NOT_FOUND
