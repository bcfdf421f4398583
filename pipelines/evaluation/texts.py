"""What two texts have in common: exact match, containment, token F1, ROUGE-L and BLEU of an answer."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize


if TYPE_CHECKING:
    from rouge_score.rouge_scorer import RougeScorer
    from sacrebleu.metrics.bleu import BLEU


_MARK = re.compile(r"\s*\[\d+\]")
_LATIN = re.compile(r"[a-z0-9]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}“”‘’…–—]")


def shown_words(text: str) -> str:
    """Return an answer without marks of citations, bullets and quotation marks around it."""
    return " ".join(_MARK.sub("", text).replace("“", "").replace("”", "").split())


def plain(text: str) -> str:
    """Return a text in one form of each letter, with single blanks."""
    return " ".join(normalize("NFC", text).split())


def squad_words(text: str) -> list[str]:
    """Return a text's words as the SQuAD evaluation compares them: lower case, no punctuation, no articles."""
    return _ARTICLES.sub(" ", _PUNCTUATION.sub("", plain(text).lower())).split()


def exact_match(text: str, references: Sequence[str]) -> float:
    """Return 1 if the text is one of the references, else 0."""
    return float(any(squad_words(text) == squad_words(one) for one in references))


def contained(text: str, references: Sequence[str]) -> float:
    """Return 1 if a reference stands in the text in one piece, in our alphabet as whole words; else 0."""
    words = " ".join(squad_words(text))
    own = (" ".join(squad_words(one)) for one in references)
    return float(any(one and re.search(_whole(one), words) for one in own))


def token_f1(text: str, references: Sequence[str]) -> float:
    """Return the best F1 of shared words, 0..1."""
    return max((_f1(Counter(squad_words(text)), Counter(squad_words(one))) for one in references), default=0.0)


def rouge(text: str, references: Sequence[str]) -> float:
    """Return the best ROUGE-L F1 without stemming, 0..1."""
    scorer = _rouge_scorer()
    return max((float(scorer.score(one, text)["rougeL"].fmeasure) for one in references), default=0.0)


def bleu(text: str, references: Sequence[str]) -> float:
    """Return the sentence's BLEU against all references, 0..1."""
    return float(_bleu_scorer().sentence_score(text, list(references)).score) / 100


def _whole(words: str) -> str:
    """Return a pattern of words that begin and end where letters of our alphabet do not go on."""
    before = r"(?<![a-z0-9])" if _LATIN.match(words[0]) else ""
    after = r"(?![a-z0-9])" if _LATIN.match(words[-1]) else ""
    return before + re.escape(words) + after


def _f1(ours: Counter[str], theirs: Counter[str]) -> float:
    shared = (ours & theirs).total()
    return 2 * shared / (ours.total() + theirs.total()) if shared else 0.0


@cache
def _rouge_scorer() -> "RougeScorer":
    from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415 - an extra, loaded when it scores

    return RougeScorer(["rougeL"], use_stemmer=False)


@cache
def _bleu_scorer() -> "BLEU":
    from sacrebleu.metrics.bleu import BLEU  # noqa: PLC0415 - an extra, loaded when it scores

    return BLEU(effective_order=True)
