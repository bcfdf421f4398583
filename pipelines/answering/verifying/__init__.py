"""
Each sentence of an answer against the passages that it cites: contradicted, supported, or the answer's own words.

Rules alone, pure functions. What becomes of a verdict is decided by the answer's graph.
"""

from pipelines.answering.verifying.checking import verify, verify_prepared
from pipelines.answering.verifying.claims import (
    SentenceRole,
    carries_reservation,
    carries_reservation_prepared,
    needs_evidence,
)
from pipelines.answering.verifying.preparing import PreparedPassage, prepare, said_verbatim
from pipelines.answering.verifying.shapes import EvidencePassage, Quote, Reason, Verdict, Verification


__all__ = [
    "EvidencePassage",
    "PreparedPassage",
    "Quote",
    "Reason",
    "SentenceRole",
    "Verdict",
    "Verification",
    "carries_reservation",
    "carries_reservation_prepared",
    "needs_evidence",
    "prepare",
    "said_verbatim",
    "verify",
    "verify_prepared",
]
