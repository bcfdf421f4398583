"""
Lines of answers beside the set's own marks: every metric that the marks allow.

Headline is the CRAG score: +1 for a right answer, 0 where none was given, -1 for a wrong one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec

from pipelines.errors import BadSettings
from pipelines.evaluation import texts
from pipelines.evaluation.intervals import Measured, Shares, area_under_curve, measured
from pipelines.evaluation.lines import AnswerLine, Quoted
from pipelines.evaluation.material import Asked
from pipelines.evaluation.sets import UnitName


SHORT = 8
"""Words of a reference up to which an answer must hold it to be right; a longer one is somebody's own wording."""

DEPTH = 10
_NO_SUPPORT = -10.0
_LEVELS = ("document", "page")
Pairs = Sequence[tuple[Asked, AnswerLine]]


def scores(pairs: Pairs, verbatim: Callable[[Quoted], bool], *, answered: bool, seed: int) -> dict[str, Measured]:
    """
    Return name -> figure.

    Args:
        pairs: questions and what became of them.
        verbatim: tells whether a quote stands in its document.
        answered: answers were asked for, not only what is found.
        seed: of the intervals.

    """
    if not pairs:
        return {}
    metrics: dict[str, Shares] = {}
    if answered:
        metrics |= {"CRAG": _each(pairs, _crag, lambda _: True)}
        metrics |= _refusals(pairs)
        metrics |= {"quotes verbatim": _verbatim(pairs, verbatim)}
        metrics |= _citations(pairs)
        metrics |= _wording(pairs)
    metrics |= ranking(pairs)
    found = measured(metrics, seed=seed)
    area = _area(pairs, seed) if answered else None
    return found | ({"refusal AUROC": area} if area else {})


def require_scorers() -> None:
    """
    Look for the packages that score, before anything is asked.

    Raises:
        BadSettings: one is not installed.

    """
    missing = [name for name in ("ir_measures", "rouge_score", "sacrebleu") if find_spec(name) is None]
    if missing:
        shown = ", ".join(name.replace("_", "-") for name in missing)
        raise BadSettings(f"what scores evaluations is not installed ({shown}): pip install 'footnote[eval]'")


def is_right(asked: Asked, line: AnswerLine) -> bool:
    """
    Tell whether an answer is right, as far as the set's marks can tell.

    Where a reference is short, the answer must hold one; else a citation must stand in what
    the set marks as evidence; where it marks none, the answer holds a reference.
    """
    if not asked.answerable:
        return False
    short = [one for one in asked.answers if len(one.split()) <= SHORT]
    if short or not asked.grades:
        return bool(texts.contained(texts.shown_words(line.text), short or asked.answers))
    return any(_unit(asked, one) in asked.grades for one in line.citations)


def _crag(asked: Asked, line: AnswerLine) -> float:
    if line.outcome != "answer":
        return 0.0
    return 1.0 if is_right(asked, line) else -1.0


def _each(pairs: Pairs, gain: Callable[[Asked, AnswerLine], float], counts: Callable[[Asked], bool]) -> Shares:
    """Return what each question gives; 0 with weight 0 where it does not count."""
    rows = [(gain(asked, line), 1.0) if counts(asked) else (0.0, 0.0) for asked, line in pairs]
    return Shares([gained for gained, _ in rows], [weight for _, weight in rows])


def _refusals(pairs: Pairs) -> dict[str, Shares]:
    """Return how well refusing tells questions without an answer; false refusals also where all have one."""
    refused = [float(line.outcome == "refusal") for _, line in pairs]
    without = [float(not asked.answerable) for asked, _ in pairs]
    both = [one * other for one, other in zip(refused, without, strict=True)]
    false = [one * (1 - other) for one, other in zip(refused, without, strict=True)]
    found = {"false refusals": Shares(false, [1 - one for one in without])}
    if any(without):
        found["refusal precision"] = Shares(both, refused)
        found["refusal recall"] = Shares(both, without)
        found["refusal F1"] = Shares([2 * one for one in both], [a + b for a, b in zip(refused, without, strict=True)])
    return found


def _area(pairs: Pairs, seed: int) -> Measured | None:
    """Return how well the support alone tells what can be answered from what cannot."""
    support = [_NO_SUPPORT if line.surplus is None else line.surplus for _, line in pairs]
    return area_under_curve(support, [asked.answerable for asked, _ in pairs], seed=seed)


def _verbatim(pairs: Pairs, verbatim: Callable[[Quoted], bool]) -> Shares:
    """Return the share of all citations whose quote holds."""
    held = [float(sum(verbatim(one) for one in line.citations)) for _, line in pairs]
    return Shares(held, [float(len(line.citations)) for _, line in pairs])


def _citations(pairs: Pairs) -> dict[str, Shares]:
    """Return precision, of what was cited, and recall, of what is marked; a refusal recalls nothing."""
    found: dict[str, Shares] = {}
    for level in _LEVELS:
        rows = [(_gold(asked, level), _cited(line, level)) for asked, line in pairs]
        precise = [sum(one in gold for one in own) / len(own) if gold and own else 0.0 for gold, own in rows]
        recalled = [len(gold.keys() & set(own)) / len(gold) if gold else 0.0 for gold, own in rows]
        found[f"citation precision by {level}"] = Shares(precise, [float(bool(gold and own)) for gold, own in rows])
        found[f"citation recall by {level}"] = Shares(recalled, [float(bool(gold)) for gold, _ in rows])
    return found


def _wording(pairs: Pairs) -> dict[str, Shares]:
    """Return how near answers come to the references; a refusal comes nowhere near."""
    compared: Mapping[str, Callable[[str, Sequence[str]], float]] = {
        "contains a reference": texts.contained,
        "exact match": texts.exact_match,
        "token F1": texts.token_f1,
        "ROUGE-L": texts.rouge,
        "BLEU": texts.bleu,
    }

    def gain(compare: Callable[[str, Sequence[str]], float]) -> Callable[[Asked, AnswerLine], float]:
        return lambda asked, line: (
            compare(texts.shown_words(line.text), asked.answers) if line.outcome == "answer" else 0.0
        )

    return {
        name: _each(pairs, gain(compare), lambda asked: asked.answerable and bool(asked.answers))
        for name, compare in compared.items()
    }


def ranking(pairs: Pairs) -> dict[str, Shares]:
    """Return nDCG, reciprocal rank and recall of the first ten, by ir-measures."""
    import ir_measures  # noqa: PLC0415 - an extra: `require_scorers` looked for it

    measures = {
        "nDCG@10": ir_measures.nDCG @ DEPTH,
        "MRR": ir_measures.RR @ DEPTH,
        "R@1": ir_measures.R @ 1,
        "R@5": ir_measures.R @ 5,
        "R@10": ir_measures.R @ DEPTH,
    }
    found: dict[str, Shares] = {}
    for level in _LEVELS:
        gold = [_gold(asked, level) for asked, _ in pairs]
        if not any(gold):
            continue
        qrels = {str(at): {_key(unit): grade for unit, grade in one.items()} for at, one in enumerate(gold) if one}
        run = {
            str(at): {_key(unit): -float(rank) for rank, unit in enumerate(_ranked(line, level))}
            for at, (_, line) in enumerate(pairs)
            if gold[at]
        }
        values = {
            (str(one.measure), int(one.query_id)): float(one.value)
            for one in ir_measures.iter_calc(list(measures.values()), qrels, run)
        }
        counts = [float(bool(one)) for one in gold]
        for name, measure in measures.items():
            gains = [values.get((str(measure), at), 0.0) for at in range(len(pairs))]
            found[f"{name} by {level}"] = Shares(gains, counts)
    return found


def _gold(asked: Asked, level: str) -> dict[UnitName, int]:
    """Return what answers a question, by documents or by pages; nothing where it is not marked so."""
    if level == "page":
        return dict(asked.grades) if asked.paged else {}
    best: dict[UnitName, int] = {}
    for (document, _), grade in asked.grades.items():
        best[document, None] = max(best.get((document, None), 0), grade)
    return best


def _cited(line: AnswerLine, level: str) -> list[UnitName]:
    return [(one.doc_id, one.page if level == "page" else None) for one in line.citations]


def _ranked(line: AnswerLine, level: str) -> Iterator[UnitName]:
    """Yield what was found, best first, each once."""
    yield from dict.fromkeys((one.doc_id, one.page if level == "page" else None) for one in line.retrieved)


def _unit(asked: Asked, cited: Quoted) -> UnitName:
    return cited.doc_id, cited.page if asked.paged else None


def _key(unit: UnitName) -> str:
    document, page = unit
    return document if page is None else f"{document}\t{page}"
