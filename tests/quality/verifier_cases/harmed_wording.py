"""Changes of polarity, quantity, condition, duty or direction that make a sentence untrue, and an exchanged source."""

import re
from collections.abc import Mapping, Sequence
from random import Random

from tests.quality.verifier_cases.shapes import Family, Kind, Seed
from tests.quality.verifier_cases.unharmed import changed
from tests.quality.verifier_cases.vocabulary import Vocabulary, raised
from tests.quality.verifier_cases.word_lists import (
    ANTONYMS,
    BOUNDS,
    INVERTED_EXCEPTIONS,
    MODALS,
    QUANTIFIERS,
    UNLISTED_ANTONYMS,
    UNLISTED_NEGATIONS,
)


_NEGATED = re.compile(r"\b(not|never|no|cannot|without|none|nor|neither)\b|n['’]t\b")
_VERB = r"\b(is|are|was|were|can|will|should|must|may|could|would|has been|have been)\b(?! not)"
_DO = r"\b(We|You|we|you|They|they|I|employees|members) (?=(?:have|use|need|want|offer|work|make|get|provide|do)\b)"
_PREFIXES = ("un", "in", "dis", "im", "non", "ir")
_ALIKE = """
inform indeed import intend invest income invite instead inside insure instance intent interest discover
disclose display increase united until under disorder impress imposed improve discount discharge intense
internal intended intention involve instruct incoming interact impart invested inline input inset insight
interior informed
"""
_NO_OPPOSITE = frozenset(_ALIKE.split())
_CONDITION = r"if|unless|except|until|provided that|as long as|only if|only when|subject to|without"
_TIME = r"when|after|before|once"
_INDIRECT = re.compile(
    r"\b(?:ask|asks|asked|see|check|determine|know|decide|confirm|wonder|unsure|sure|even|as|what|find out|understand"
    r"|evaluate|assess|verify|just|regardless of)$",
    re.IGNORECASE,
)
"""Before `if` or `when` these make a question or a concession of it, no condition."""

_WORD = re.compile(r"(?<=[a-z,] )[a-z]{5,}(?=[ ,.])")


def negation_inserted(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it negated."""
    if _NEGATED.search(seed.text):
        return None
    return changed(_VERB, r"\1 not", seed.text) or changed(_DO, r"\1 do not ", seed.text)


def never_inserted(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with `never`."""
    if _NEGATED.search(seed.text):
        return None
    return changed(r"\b(can|will|should|must|is|are|was) (?=[a-z]+)", r"\1 never ", seed.text)


def no_longer_inserted(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with `no longer`."""
    if _NEGATED.search(seed.text):
        return None
    return changed(r"\b(can|will|should|must|is|are|may) (?=[a-z]+)", r"\1 no longer ", seed.text)


def negation_removed(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without its `not`."""
    text = seed.text
    return (
        changed(r"\b(?:do|does|did) not |\b(?:do|does|did)n['’]t ", "", text)
        or changed(r"\bcan['’]t\b|\bcannot\b", "can", text)
        or changed(r"\bwon['’]t\b", "will", text)
        or changed(r"(?<=[a-z])n['’]t\b", "", text)
        or changed(r"(?<!or)(?<!and)(?<!but) not\b(?! only| just)", "", text)
    )


def never_removed(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without its `never`, `no` or `no longer`."""
    return (
        changed(r"\bnever ", "", seed.text)
        or changed(r"\bno longer ", "", seed.text)
        or changed(r"\bno (?!longer|more|later|less|fewer|one|matter|earlier)(?=[a-z])", "", seed.text)
    )


def exception_inverted(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with an exception made a condition, or `with` for `without`."""
    return _exchanged(seed.text, INVERTED_EXCEPTIONS, chance)


def prefix(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with un-, in- or their like added to a word or taken off."""
    pairs = {}
    for word in set(re.findall(r"\b[a-z]{5,}\b", seed.text)):
        for start in _PREFIXES:
            longer, shorter = start + word, word.removeprefix(start)
            if longer in words.common and longer not in _NO_OPPOSITE:
                pairs[word] = longer
            if shorter != word and shorter in words.common and word not in _NO_OPPOSITE and len(shorter) > len(start):
                pairs[word] = shorter
    return _exchanged(seed.text, pairs, chance)


def quantifier(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with another quantity: some for all."""
    return _exchanged(seed.text, QUANTIFIERS, chance)


def only_removed(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without `only`."""
    return None if "not only" in seed.text else changed(r"\bonly ", "", seed.text)


def only_inserted(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with `only`."""
    if "only" in seed.text.lower():
        return None
    return changed(r"\b(can|will|may|is|are) (?=[a-z]{4})", r"\1 only ", seed.text)


def bound(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with `at most` for `at least`, or the like."""
    return _exchanged(seed.text, BOUNDS, chance)


def condition_dropped(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without its condition or exception."""
    found = re.fullmatch(r"(?:If|Unless|Provided|As long as|Until|Without) [^,]{8,140}, ([^,]{15,})", seed.text)
    if found:
        return raised(found[1])
    found = re.fullmatch(rf"(.{{20,}}?),? (?:{_CONDITION}) [^,;]{{8,}}\.", seed.text)
    return f"{found[1]}." if found and not _INDIRECT.search(found[1]) else None


def time_dropped(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without the clause that says when it holds."""
    found = re.fullmatch(r"(?:When|After|Before|Once) [^,]{8,140}, ([^,]{15,})", seed.text)
    found = found or re.fullmatch(rf"(.{{20,}}?),? (?:{_TIME}) [^,;]{{8,}}\.", seed.text)
    if not found or _INDIRECT.search(found[1]):
        return None
    return f"{raised(found[1].rstrip('.'))}."


def modal(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with another duty: may for must."""
    return _exchanged(seed.text, MODALS, chance)


def antonym(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with the opposite of a word."""
    return _exchanged(seed.text, ANTONYMS, chance)


def unlisted_antonym(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with the opposite of a word, which no list of the verifier holds."""
    return _exchanged(seed.text, UNLISTED_ANTONYMS, chance)


def unlisted_negation(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it negated in words that no list of the verifier holds."""
    if _NEGATED.search(seed.text):
        return None
    verbs = "|".join(UNLISTED_NEGATIONS)
    return changed(rf"\b({verbs}) (?=[a-z]+)", lambda one: chance.choice(UNLISTED_NEGATIONS[one[1]]) + " ", seed.text)


def word_of_passage(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with a common word exchanged for another of the passage."""
    return _with_word(seed, words, chance, (seed.source.text,), "")


def word_of_document(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with a common word exchanged for one of the document that the passage lacks."""
    return _with_word(seed, words, chance, [one.text for one in seed.others], seed.source.text)


def _with_word(seed: Seed, words: Vocabulary, chance: Random, texts: Sequence[str], lacking: str) -> str | None:
    own = [one for one in _WORD.finditer(seed.text) if one[0] in words.common]
    if not own:
        return None
    found = chance.choice(own)
    others = {word for text in texts for word in _WORD.findall(text)} - set(_WORD.findall(lacking))
    # The same ending makes the same kind of word likely.
    fit = sorted(w for w in others if w in words.common and w not in seed.text and w[-2:] == found[0][-2:])
    fit = [word for word in fit if word[:4] != found[0][:4]]
    return seed.text[: found.start()] + chance.choice(fit) + seed.text[found.end() :] if fit else None


def _exchanged(text: str, pairs: Mapping[str, str], chance: Random) -> str | None:
    """Return a text with one of these words exchanged, a longer phrase before the words that it holds."""
    found = {word: re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) for word in pairs}
    spans = {word: match.span() for word, match in found.items() if match}
    free = [
        word
        for word, (start, end) in spans.items()
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans.values())
    ]
    if not free:
        return None
    word = chance.choice(sorted(free))
    start, end = spans[word]
    return text[:start] + pairs[word] + text[end:]


WORDING = tuple(
    Kind(Family.HARMED, group, name, change)
    for group, name, change in (
        ("negation", "negation inserted", negation_inserted),
        ("negation", '"never" inserted', never_inserted),
        ("negation", '"no longer" inserted', no_longer_inserted),
        ("negation", "negation removed", negation_removed),
        ("negation", '"never" or "no" removed', never_removed),
        ("negation", "exception inverted", exception_inverted),
        ("prefix", "un-, in-", prefix),
        ("quantifier", "quantifier", quantifier),
        ("quantifier", '"only" removed', only_removed),
        ("quantifier", '"only" inserted', only_inserted),
        ("quantifier", "at least, at most", bound),
        ("condition", "condition dropped (if, unless, until)", condition_dropped),
        ("condition", "condition dropped (when, after, before)", time_dropped),
        ("modal", "modal", modal),
        ("antonym", "antonym", antonym),
        ("noun", "word of the passage", word_of_passage),
        ("noun", "word of the document", word_of_document),
    )
)
UNLISTED = (
    Kind(Family.UNLISTED, "negation in other words", "hardly, fails to, anything but", unlisted_negation),
    Kind(Family.UNLISTED, "antonym in other words", "unlisted antonym", unlisted_antonym),
)
