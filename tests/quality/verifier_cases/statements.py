"""Cases from squad2: a question and its answer joined into a statement, and the answer of another question put in."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from random import Random

from tests.quality.verifier_cases.shapes import Case, Family
from tests.quality.verifier_cases.sources import half_of, passages_of, questions
from tests.quality.verifier_cases.vocabulary import raised, shared_stems


_SET = "squad2"
_STATEMENTS = 260
"""Statements of a half."""

_PER_PARAGRAPH = 3
_FEWEST_WORDS = 6
_HELPERS = "did|was|were|is|are|does|do"
_TIMES = re.compile(rf"(?:When|In what year|What year|In which year) (?:{_HELPERS}) (.+)")
_PLACES = re.compile(rf"(?:Where|In what \w+|In which \w+) (?:{_HELPERS}) (.+)")
_PEOPLE = re.compile(r"Who ((?!did\b|do\b|does\b|is\b|was\b|were\b|are\b).+)")
_THINGS = re.compile(r"(?:What|Who) (is|was|are|were) (the .+|[A-Z].+)")
_COUNTS = re.compile(r"How many (\w+ (?:are|were|live|have|had|work|did).*)")
_KINDS = re.compile(r"(?:What|Which) (\w+ (?:is|was|are|were|has|had|gave|made|caused|built|led|won|became|lost) .+)")


def statement_cases(half: str, chance: Random) -> Iterator[Case]:
    """Yield statements of a half, and for some the same with a wrong answer."""
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in questions(_SET):
        if line["answerable"] and line["answers"] and half_of(_SET, line["gold_doc_ids"][0]) == half:
            asked[line["gold_doc_ids"][0]].append((line["question"], min(line["answers"], key=len)))
    made = 0
    for document in chance.sample(sorted(asked), len(asked)):
        for case in _of_paragraph(half, document, asked, chance):
            made += case.family is Family.STATEMENT
            if made > _STATEMENTS:
                return
            yield case


def statement(question: str, answer: str) -> str | None:
    """Return question and answer as a statement; None for a question whose form is not known."""
    asked, said = question.rstrip("? ").strip(), answer.strip()
    if found := _TIMES.fullmatch(asked):
        bare = re.match(r"(the )?\d|[A-Z]", said) and not said.lower().startswith("in ")
        return _sentence(f"{found[1]} in {said}" if bare else f"{found[1]} {said}")
    if found := _PLACES.fullmatch(asked):
        return _sentence(f"{found[1]} {said}" if re.match(r"(in|at|on|from) ", said) else f"{found[1]} in {said}")
    if found := _PEOPLE.fullmatch(asked):
        return _sentence(f"{said} {found[1]}")
    if found := _THINGS.fullmatch(asked):
        return _sentence(f"{found[2]} {found[1]} {said}")
    found = _COUNTS.fullmatch(asked) or _KINDS.fullmatch(asked)
    return _sentence(f"{said} {found[1]}") if found else None


def _of_paragraph(
    half: str, document: str, asked: Mapping[str, list[tuple[str, str]]], chance: Random
) -> Iterator[Case]:
    source = passages_of(_SET, document)[0]
    for question, answer in asked[document][:_PER_PARAGRAPH]:
        said = statement(question, answer)
        if said is None or len(said.split()) < _FEWEST_WORDS or answer not in source.text:
            continue
        yield Case(half, Family.STATEMENT, "statement", "statement", said, source, "")
        wrong = [other for _, other in asked[document] if _is_other(other, answer, question)]
        mixed = statement(question, chance.choice(wrong)) if wrong else None
        if mixed:
            yield Case(half, Family.HARMED, "wrong answer", "answer of another question", mixed, source, said)


def _is_other(other: str, answer: str, question: str) -> bool:
    """Say whether an answer is of the same kind as the right one, and shares nothing with it or the question."""
    alike = any(char.isdigit() for char in other) == any(char.isdigit() for char in answer)
    return alike and any(c.isalnum() for c in other) and not shared_stems(other, f"{answer} {question}")


def _sentence(text: str) -> str:
    return f"{raised(text)}."
