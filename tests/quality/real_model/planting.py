"""Errors planted into sentences that a model wrote, by the same changes that make the verifier's harmed cases."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from random import Random

from tests.quality.real_model.sentences import ModelSentence
from tests.quality.verifier_cases.generator import seeds_of, swapped_source
from tests.quality.verifier_cases.harmed_values import VALUES
from tests.quality.verifier_cases.harmed_wording import UNLISTED, WORDING
from tests.quality.verifier_cases.shapes import Case, Family, Kind, Seed
from tests.quality.verifier_cases.sources import SEED, TEST, drawn_passages
from tests.quality.verifier_cases.vocabulary import Vocabulary


_KINDS = (*VALUES, *WORDING, *UNLISTED)
_SWAPPED = "source swapped"


def planted(sentences: Iterable[ModelSentence]) -> Iterator[Case]:
    """Yield each sentence with each error that can be planted into it; `original` is the sentence as it was written."""
    by_set: dict[str, list[ModelSentence]] = {}
    for one in sentences:
        by_set.setdefault(one.set, []).append(one)
    for name, own in by_set.items():
        sources = drawn_passages(TEST, name)
        words = Vocabulary(sources)
        seeds = {seed.source.key: seed for seed in seeds_of(sources, Random(f"{SEED}/{TEST}/{name}/planted"))}
        yield from _of_set(own, seeds, words)


def _of_set(sentences: Iterable[ModelSentence], seeds: Mapping[str, Seed], words: Vocabulary) -> Iterator[Case]:
    for one in sentences:
        seed = replace(seeds[one.source.key], text=one.sentence)
        for kind in _KINDS:
            case = _with_error(seed, kind, words)
            if case is not None:
                yield case
        lacking = swapped_source(seed)
        if lacking is not None:
            yield Case(TEST, Family.HARMED, _SWAPPED, _SWAPPED, one.sentence, lacking, one.sentence)


def _with_error(seed: Seed, kind: Kind, words: Vocabulary) -> Case | None:
    chance = Random(f"{SEED}/{kind.name}/{seed.source.key}/{seed.text}")
    sentence = kind.change(seed, words, chance)
    if not sentence or sentence == seed.text:
        return None
    return Case(TEST, kind.family, kind.group, kind.name, sentence, seed.source, seed.text)
