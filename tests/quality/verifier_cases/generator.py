"""All cases of a half, always the same for the same sets: seeds drawn by chance, each kind up to a quota."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from pipelines.domain.reading import BlockKind
from tests.quality.verifier_cases.harmed_values import VALUES
from tests.quality.verifier_cases.harmed_wording import UNLISTED, WORDING
from tests.quality.verifier_cases.paraphrases import paraphrase_cases
from tests.quality.verifier_cases.shapes import Case, Family, Kind, Seed
from tests.quality.verifier_cases.sources import SEED, SET_NAMES, Source, Unit, drawn_passages
from tests.quality.verifier_cases.statements import statement_cases
from tests.quality.verifier_cases.tables import list_cases, table_cases
from tests.quality.verifier_cases.unharmed import LIGHT, REWORDED
from tests.quality.verifier_cases.vocabulary import Vocabulary, is_held, shared_stems


QUOTA = 40
"""Cases of one kind from a half of one set, at most."""

_PER_DOCUMENT = {"northwind": 40, "squad2": 6}
_PER_DOCUMENT_ELSE = 3
_OTHERS = 12
"""Passages that are looked at for one which lacks the fact."""

_WORDS = range(7, 39)
_VERB = re.compile(r"\b(is|are|was|were|can|will|should|must|may|have|has|had|be|do|does|did|[a-z]{3,}(?:ed|es|s))\b")
_NO_PROSE = re.compile(r"https?:|[{}<>|=\[\]]|…")
_KINDS = (*LIGHT, *REWORDED, *VALUES, *WORDING, *UNLISTED)


def cases_of(half: str, sets: Sequence[str] = SET_NAMES) -> Iterator[Case]:
    """Yield all cases of a half: made of these sets, then the paraphrases."""
    for name in sets:
        yield from _cases_of_set(half, name)
    yield from paraphrase_cases(half)


def _cases_of_set(half: str, name: str) -> Iterator[Case]:
    sources = drawn_passages(half, name)
    words = Vocabulary(sources)
    seeds = seeds_of(sources, Random(f"{SEED}/{half}/{name}/seeds"))
    for kind in _KINDS:
        yield from _cases_of_kind(kind, seeds, words, Random(f"{SEED}/{half}/{name}/{kind.name}"))
    yield from _swapped(seeds, Random(f"{SEED}/{half}/{name}/swapped"))
    chance = Random(f"{SEED}/{half}/{name}/tables")
    yield from table_cases(sources, words, chance)
    yield from list_cases(sources, words, chance)
    if name == "squad2":
        yield from statement_cases(half, Random(f"{SEED}/{half}/statements"))


def seeds_of(sources: Sequence[Source], chance: Random) -> list[Seed]:
    """Return the sentences that cases can be made of, in an order of chance."""
    by_document: dict[str, list[Source]] = {}
    for source in sources:
        by_document.setdefault(source.document.partition("#")[0], []).append(source)
    found = []
    for source in sources:
        beside = [one for one in by_document[source.document.partition("#")[0]] if one is not source]
        pool = beside or [one for one in sources if one is not source]
        for at, unit in enumerate(source.units):
            text = source.words(unit)
            if _is_prose(unit, text):
                others = tuple(chance.sample(pool, min(_OTHERS, len(pool))))
                found.append(Seed(source, unit, text, _following(source, at), others))
    chance.shuffle(found)
    return found


def _is_prose(unit: Unit, text: str) -> bool:
    fits = text.endswith(".") and text[0].isupper() and len(text.split()) in _WORDS
    return unit.kind is not BlockKind.TABLE_ROW and fits and bool(_VERB.search(text)) and not _NO_PROSE.search(text)


def _following(source: Source, at: int) -> str:
    """Return the sentence behind a unit if both are of running text."""
    if at + 1 == len(source.units) or source.units[at].kind is not BlockKind.PARAGRAPH:
        return ""
    after = source.units[at + 1]
    between = source.text[source.units[at].end : after.start]
    return source.words(after) if after.kind is BlockKind.PARAGRAPH and "\n\n" not in between else ""


def _cases_of_kind(kind: Kind, seeds: Sequence[Seed], words: Vocabulary, chance: Random) -> Iterator[Case]:
    """Yield cases of one kind, few of them from any one document."""
    made = 0
    per_document: Counter[str] = Counter()
    for seed in seeds:
        source = seed.source
        if per_document[source.document] == _PER_DOCUMENT.get(source.set, _PER_DOCUMENT_ELSE):
            continue
        sentence = kind.change(seed, words, chance)
        if not sentence or (sentence == seed.text and kind.name != "verbatim"):
            continue
        yield Case(source.half, kind.family, kind.group, kind.name, sentence, source, seed.text)
        per_document[source.document] += 1
        made += 1
        if made == QUOTA:
            return


def _swapped(seeds: Sequence[Seed], chance: Random) -> Iterator[Case]:
    """Yield sentences that cite the most similar of some other passages which lacks what they say."""
    group = "source swapped"
    for seed in chance.sample(list(seeds), min(2 * QUOTA, len(seeds))):
        lacking = swapped_source(seed)
        if lacking is not None:
            yield Case(seed.source.half, Family.HARMED, group, group, seed.text, lacking, seed.text)


def swapped_source(seed: Seed) -> Source | None:
    """Return the most similar of some other passages that lacks what a sentence says; None if the nearest hold it."""
    nearest = sorted(seed.others, key=lambda other: -shared_stems(seed.text, other.text))
    return next((other for other in nearest[:3] if not is_held(seed.text, other)), None)
