"""What admins say about the answers of a base: wording, strictness, budgets; and what that means for several bases."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.domain.values import Value
from pipelines.errors import BadInput


MOST_STYLE_CHARS = 2_000
MOST_ENTRIES = 200
MOST_WORD_CHARS = 80
MOST_MEANING_CHARS = 400
MOST_TOKENS = 10**12 - 1
MOST_MONEY = 10**15 - 1

_NEVER_STORED = ("Cc", "Cs")
_QUOTED_CHARS = 60

Glossary = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnsweringRules(Value):
    """
    What the admins of a base say about its answers.

    Attributes:
        style: how answers are to be written; may be empty.
        glossary: (word, what it means here), in their order.
        strict: sentences in the model's own words are withheld.
        tokens_per_day: that language models may read and write for it in a day; None for any number, 0 for none.
        money_per_day: the same in millionths of the currency that the prices are in.

    """

    style: str = ""
    glossary: Glossary = ()
    strict: bool = False
    tokens_per_day: int | None = None
    money_per_day: int | None = None


NO_RULES = AnsweringRules()


@dataclass(frozen=True, slots=True)
class JointRules(Value):
    """What holds for an answer out of several bases. Budgets are not in it: each base has its own."""

    style: str = ""
    glossary: Glossary = ()
    strict: bool = False


def joint(rules: Sequence[AnsweringRules]) -> JointRules:
    """
    Return what holds for an answer out of bases with these rules.

    Strict if any base is. The style that all bases have that have one; none where two
    differ, for the admins of one base do not speak for another. The entries of all
    glossaries in the order of the bases; an entry that is there already is left out, and
    a word that two bases explain differently has both meanings. Only the order of the
    entries depends on the order of the bases.
    """
    styles = {one.style.strip() for one in rules} - {""}
    entries: dict[tuple[str, str], tuple[str, str]] = {}
    for word, meaning in (entry for one in rules for entry in one.glossary):
        entries.setdefault((word_key(word), meaning), (word, meaning))
    return JointRules(
        style=styles.pop() if len(styles) == 1 else "",
        glossary=tuple(entries.values()),
        strict=any(one.strict for one in rules),
    )


def checked(rules: AnsweringRules) -> AnsweringRules:
    """
    Return rules as they are stored: without outer space, words and meanings on one line each.

    Raises:
        BadInput: a limit is passed, a word is explained twice (compared without case), or a
            text is empty or holds control characters.

    """
    style = rules.style.replace("\r\n", "\n").replace("\r", "\n").strip()
    _require_length("the style", style, MOST_STYLE_CHARS)
    _require_storable("the style", style.replace("\n", "").replace("\t", ""))
    _require_number("the tokens of a day", rules.tokens_per_day, MOST_TOKENS)
    _require_number("the money of a day, in millionths,", rules.money_per_day, MOST_MONEY)
    return replace(rules, style=style, glossary=_checked_glossary(rules.glossary))


def parse_glossary(text: str) -> Glossary:
    """
    Return the entries of lines `word: meaning`; the first colon parts them, and empty lines are left out.

    Raises:
        BadInput: a line has another form, or the glossary is not one that may be stored.

    """
    return _checked_glossary(_entries(text))


def glossary_lines(glossary: Glossary) -> Iterator[str]:
    """Yield the lines that `parse_glossary` takes; those of a checked glossary come back as they were."""
    yield from (f"{word}: {meaning}" for word, meaning in glossary)


def word_key(word: str) -> str:
    """Return a word as it is compared: NFKC, without case and outer space."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        word, colon, meaning = line.partition(":")
        if not line.strip():
            continue
        if not colon or not word.strip() or not meaning.strip():
            raise BadInput(f"line {number} of the glossary is {_short(line)}: write each line as word: meaning")
        yield word, meaning


def _checked_glossary(glossary: Iterable[tuple[str, str]]) -> Glossary:
    entries: dict[str, tuple[str, str]] = {}
    for given in glossary:
        word, meaning = (" ".join(text.split()) for text in given)
        key = word_key(word)
        if not key or not meaning:
            raise BadInput(f"the glossary's entry {_short(f'{word}: {meaning}')} lacks its word or its meaning")
        if ":" in word:
            raise BadInput(f"the word {_short(word)} of the glossary holds a colon: a colon ends the word")
        if key in entries:
            raise BadInput(f"the glossary explains {_short(word)} twice: leave one of both")
        _require_length(f"the word {_short(word)} of the glossary", word, MOST_WORD_CHARS)
        _require_length(f"the meaning of {_short(word)} in the glossary", meaning, MOST_MEANING_CHARS)
        _require_storable(f"the glossary's entry {_short(word)}", word + meaning)
        entries[key] = (word, meaning)
    if len(entries) > MOST_ENTRIES:
        raise BadInput(f"the glossary has {len(entries)} entries, the limit is {MOST_ENTRIES}")
    return tuple(entries.values())


def _require_length(thing: str, text: str, most: int) -> None:
    if len(text) > most:
        raise BadInput(f"{thing} has {len(text):,} characters, the limit is {most:,}")


def _require_storable(thing: str, text: str) -> None:
    if any(unicodedata.category(char) in _NEVER_STORED for char in text):
        raise BadInput(f"{thing} holds control characters: write it as plain text")


def _require_number(thing: str, number: int | None, most: int) -> None:
    if number is not None and not 0 <= number <= most:
        raise BadInput(f"{thing} are {number:,}, the limits are 0 and {most:,}")


def _short(text: str) -> str:
    return repr(text[:_QUOTED_CHARS])
