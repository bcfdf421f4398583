"""Changes of a sentence that leave true what it says."""

import re
from collections.abc import Callable
from random import Random

from tests.quality.verifier_cases.shapes import Family, Kind, Seed
from tests.quality.verifier_cases.vocabulary import Vocabulary, raised
from tests.quality.verifier_cases.word_lists import MONTHS, NUMBER_WORDS, SYNONYMS


_MONTH = "|".join(month.capitalize() for month in MONTHS)
_DATE = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({_MONTH}) (\d{{4}})")
_WORDS_OF = {value: word for word, value in NUMBER_WORDS.items()}
_SUBJECT = re.compile(r"^(?:The employee|Employees|Team members|Teammates|Staff|Users|Engineers|Managers)\b")
_SIDE_ADVERB = re.compile(
    r" (?:also|currently|basically|actually|simply|really|very|additionally,?|easily|directly|carefully|clearly"
    r"|effectively|successfully|properly|subsequently|eventually|especially|particularly|largely|highly|strongly)(?= )"
)
_LEADING = re.compile(
    r"(If|When|Once|Before|After|While|Unless|Because|In order to|To|During|In|For|On|At) "
    r"([^,;:]{8,120}), ([^;:]{15,})\."
)
_TRAILING = re.compile(r"([^,;:]{15,}) (if|when|unless|because|before|after|until) ([^,;:]{10,})\.")
_CONTRACTED = {"are": "'re", "will": "'ll", "is": "'s", "have": "'ve"}
_MOST_SYNONYMS = 9
_FOLLOWING = range(20, 200)


def verbatim(seed: Seed, _words: Vocabulary, _chance: Random) -> str:
    """Return the sentence itself."""
    return seed.text


def adverb_dropped(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without an adverb that adds nothing."""
    return changed(_SIDE_ADVERB, "", seed.text)


def parenthesis_dropped(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it without a remark in brackets that holds no exception."""
    return changed(r" ?\((?![^)]*\b(?:not|except|only|unless|if|must)\b)[^)]{3,80}\)", "", seed.text)


def merged(seed: Seed, words: Vocabulary, _chance: Random) -> str | None:
    """Return it and the sentence behind it as one."""
    if len(seed.following) not in _FOLLOWING or not seed.following.endswith("."):
        return None
    return f"{seed.text.rstrip('.')}, and {words.lowered(seed.following)}"


def number_format(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with or without the comma of the thousands."""
    plain = changed(r"(?<![\d,.])(\d{1,3}),(\d{3})(?![\d,.]*\d)", r"\1\2", seed.text)
    return plain or changed(
        r"(?<![\d.,#/-])(\d{1,3})(\d{3})\b(?<!\b1\d{3})(?<!\b20\d\d)(?![\d.,/-])", r"\1,\2", seed.text
    )


def money_format(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with an amount's currency written otherwise."""
    found = re.search(
        r"(?<![A-Z])\$(\d{1,3}(?:,\d{3})+|\d+)(\.\d\d)?(?![\d.,]*\d|\s?[kKmMbB]\b|\s(?:million|billion|trillion))",
        seed.text,
    )
    if not found:
        return None
    amount = found[1] + (found[2] or "")
    new = chance.choice((f"{amount} dollars", f"USD {amount}", f"{amount} USD"))
    return seed.text[: found.start()] + new + seed.text[found.start() + 1 + len(amount) :]


def percent_format(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with % as a word, or the word as %."""
    return changed(r"(\d) ?%", r"\1 percent", seed.text) or changed(r"(\d) percent\b", r"\1%", seed.text)


def date_format(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a date in another order, or as ISO 8601."""
    found = _DATE.search(seed.text) or _DAY_FIRST.search(seed.text)
    if not found:
        return None
    month, day = (found[1], found[2]) if found[1].isalpha() else (found[2], found[1])
    number = MONTHS.index(month.lower()) + 1
    forms = (
        f"{int(day)} {month} {found[3]}",
        f"{month} {int(day)}, {found[3]}",
        f"{found[3]}-{number:02}-{int(day):02}",
    )
    new = chance.choice([form for form in forms if form != found[0]])
    return seed.text[: found.start()] + new + seed.text[found.end() :]


def number_word(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with a small number in letters or in digits."""
    digits = "|".join(str(value) for value in _WORDS_OF)
    found = re.search(rf"(?<![\d.,$€#v/-])\b(?:{digits})\b(?= [a-z]{{3}})", seed.text)
    if found and seed.text[max(0, found.start() - 6) : found.start()].strip().capitalize() not in _MONTH.split("|"):
        return seed.text[: found.start()] + _WORDS_OF[int(found[0])] + seed.text[found.end() :]
    spelled = re.search(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", seed.text)
    if not spelled:
        return None
    return seed.text[: spelled.start()] + str(NUMBER_WORDS[spelled[0]]) + seed.text[spelled.end() :]


def spoken_to(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with `you` for the people it speaks of."""
    said = _SUBJECT.sub("you", seed.text)
    if said == seed.text or not re.search(r"\byou (must|can|should|may|will|are|have|need)\b", said):
        return None
    return raised(re.sub(r"\btheir\b", "your", said))


def spoken_of(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with `employees` for you."""
    if not re.search(r"\b[Yy]ou(r)?\b", seed.text):
        return None
    said = re.sub(r"\byour\b", "their", re.sub(r"\bYour\b", "Their", seed.text))
    return raised(re.sub(r"\b[Yy]ou\b", "employees", said))


def company_named(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with `the company` for we."""
    if not re.search(r"\b([Ww]e|[Oo]ur)\b", seed.text):
        return None
    return raised(re.sub(r"\b[Oo]ur\b", "its", re.sub(r"\b[Ww]e\b", "the company", seed.text)))


def contracted(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with a verb and its `not` drawn together, or parted."""
    text, verbs = seed.text, "do|does|did|is|are|was|were|should|could|would|has|have"
    return (
        changed(rf"\b({verbs}) not\b", r"\1n't", text)
        or changed(rf"\b({verbs})n['’]t\b", r"\1 not", text)
        or changed(r"\bcannot\b", "can't", text)
        or changed(r"\b([Yy]ou|[Ww]e|[Tt]hey) (are|will|have)\b", lambda one: one[1] + _CONTRACTED[one[2]], text)
        or changed(r"\b([Ii]t|[Tt]hat) (will|is)\b", lambda one: one[1] + _CONTRACTED[one[2]], text)
    )


def introduced(seed: Seed, words: Vocabulary, chance: Random) -> str:
    """Return it behind a phrase that answers begin with."""
    phrases = ("Yes, ", "According to the policy, ", "Note that ", "Based on the document, ", "In short, ")
    return chance.choice(phrases) + words.lowered(seed.text)


def clauses_turned(seed: Seed, words: Vocabulary, _chance: Random) -> str | None:
    """Return it with its two clauses in the other order."""
    return turned(seed.text, words)


def one_synonym(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with one word exchanged for another of the same meaning."""
    text, count = with_synonyms(seed.text, chance, 1)
    return text if count else None


def more_synonyms(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with two or more words exchanged."""
    text, count = with_synonyms(seed.text, chance, _MOST_SYNONYMS)
    return text if count > 1 else None


def synonyms_turned(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with two or more words exchanged, and its clauses in the other order."""
    text = more_synonyms(seed, words, chance)
    return turned(text, words) if text else None


def turned(text: str, words: Vocabulary) -> str | None:
    """Return a sentence with its two clauses in the other order; None where it has not two."""
    found = _LEADING.fullmatch(text)
    if found and not re.search(r", (and|or|but) ", found[3]):
        return f"{raised(found[3])} {found[1].lower()} {found[2]}."
    found = _TRAILING.fullmatch(text)
    return f"{raised(found[2])} {found[3]}, {words.lowered(found[1])}." if found else None


def with_synonyms(text: str, chance: Random, most: int) -> tuple[str, int]:
    """Return a text with words exchanged for others of the same meaning, and how many."""
    spans: list[tuple[int, int]] = []
    for word in chance.sample(sorted(SYNONYMS), len(SYNONYMS)):
        found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-]| (?:not|of)\b)", text)
        if found and len(spans) < most and not any(found.start() < end and start < found.end() for start, end in spans):
            spans.append(found.span())
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + SYNONYMS[text[start:end]] + text[end:]
    return text, len(spans)


def changed(pattern: str | re.Pattern[str], new: str | Callable[[re.Match[str]], str], text: str) -> str | None:
    """Return a text with the first match exchanged; None where nothing changes."""
    after = re.sub(pattern, new, text, count=1)
    return after if after != text else None


LIGHT = tuple(
    Kind(Family.LIGHT, name, name, change)
    for name, change in (
        ("verbatim", verbatim),
        ("adverb dropped", adverb_dropped),
        ("parenthesis dropped", parenthesis_dropped),
        ("sentences merged", merged),
        ("number format", number_format),
        ("money format", money_format),
        ("percent format", percent_format),
        ("date format", date_format),
        ("number word", number_word),
        ("you for employees", spoken_to),
        ("employees for you", spoken_of),
        ("company for we", company_named),
        ("contraction", contracted),
        ("leading phrase", introduced),
        ("clause order", clauses_turned),
        ("one synonym", one_synonym),
    )
)
REWORDED = tuple(
    Kind(Family.REWORDED, name, name, change)
    for name, change in (("two or more synonyms", more_synonyms), ("synonyms and clause order", synonyms_turned))
)
