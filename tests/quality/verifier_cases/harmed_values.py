"""Changes of a figure, unit, currency, date or name that make a sentence untrue."""

import re
from collections.abc import Callable
from random import Random

from tests.quality.verifier_cases.shapes import Family, Kind, Seed
from tests.quality.verifier_cases.unharmed import changed
from tests.quality.verifier_cases.vocabulary import Vocabulary, shared_stems
from tests.quality.verifier_cases.word_lists import MONTHS, NUMBER_WORDS, STRANGERS, UNITS, WEEKDAYS


_FIGURE = re.compile(r"(?<![\w.,/#-])[$€]?(\d[\d,]*(?:\.\d+)?)(?![\w/]|\.\d)")
_YEAR = re.compile(r"(?<![\w.,/#$€-])(?:1[6-9]|20)\d\d(?![\w/]|[.,]\d)")
_COUNT = r"(?:\d|\b(?:one|two|three|four|five|six|ten|few|several|per|each|a))"
_LONGEST_NAME = 3
_MONTH = re.compile(rf"\b({'|'.join(month.capitalize() for month in MONTHS)})\b(?! (?:I|you|we|be))")


def figure_near(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a figure off by one."""
    return _with_figure(seed, chance, lambda value: value + 1 if value <= 1 else value + chance.choice((-1, 1)))


def figure_tenfold(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a figure ten times as large."""
    return _with_figure(seed, chance, lambda value: value * 10)


def figure_other(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with another figure."""
    factor = chance.choice((0.5, 1.5, 2, 3))
    return _with_figure(seed, chance, lambda value: int(value * factor) + (1 if value <= len("123") else 0))


def figure_word(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with another number in letters."""
    found = re.search(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", seed.text)
    free = [word for word, value in NUMBER_WORDS.items() if not _is_said(word, str(value), seed)]
    if not found or not free:
        return None
    return seed.text[: found.start()] + chance.choice(free) + seed.text[found.end() :]


def figure_of_passage(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a figure that the passage holds elsewhere."""
    found = _pick(seed.text, chance)
    if not found:
        return None
    value = found[1].rstrip(",")
    others = {one[1].rstrip(",") for one in _FIGURE.finditer(seed.source.text)}
    alike = sorted(one for one in others if one not in seed.text and one.isdigit() and len(one) == len(value))
    return _replaced(seed.text, found, chance.choice(alike)) if alike else None


def unit(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with another unit of the same kind."""
    found = re.search(rf"{_COUNT}[ -]({'|'.join(UNITS)})\b", seed.text)
    return found and seed.text[: found.start(1)] + UNITS[found[1]] + seed.text[found.end(1) :]


def percentage_points(seed: Seed, _words: Vocabulary, _chance: Random) -> str | None:
    """Return it with percentage points for percent."""
    return changed(r"(\d) ?(?:%|percent\b)(?! points?)", r"\1 percentage points", seed.text)


def currency(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with another currency."""
    return (
        changed(r"\$(?=\d)", chance.choice("€£"), seed.text)
        or changed(r"€(?=\d)", "$", seed.text)
        or changed(r"(\d) (?:dollars|USD)\b", r"\1 euros", seed.text)
    )


def month(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a month that the passage does not name."""
    found = _MONTH.search(seed.text)
    if not found or (found[0] == "May" and not re.search(r"May \d|in May|\d May", seed.text)):
        return None
    free = [one.capitalize() for one in MONTHS if one.capitalize() not in seed.source.text]
    return seed.text[: found.start()] + chance.choice(free) + seed.text[found.end() :]


def weekday(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a weekday that the passage does not name."""
    found = re.search(rf"\b({'|'.join(day.capitalize() for day in WEEKDAYS)})\b", seed.text)
    free = [one.capitalize() for one in WEEKDAYS if one.capitalize() not in seed.source.text]
    return seed.text[: found.start()] + chance.choice(free) + seed.text[found.end() :] if found and free else None


def year(seed: Seed, _words: Vocabulary, chance: Random) -> str | None:
    """Return it with a year that the passage does not name."""
    found = _YEAR.search(seed.text)
    if not found:
        return None
    free = [str(int(found[0]) + step) for step in (-3, -2, -1, 1, 2, 3, 10)]
    free = [one for one in free if one not in seed.source.text]
    return seed.text[: found.start()] + chance.choice(free) + seed.text[found.end() :] if free else None


def name_of_document(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with a name that the document holds, but neither the passage nor what stands around it."""
    around = " ".join((seed.source.title, *seed.source.headings, seed.source.lead, seed.source.text))
    names = {name for other in seed.others for name in words.names_in(" ".join(other.text.split()))}
    return _with_name(seed, words, chance, sorted(name for name in names if not _shares(name, around)))


def name_of_stranger(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with a name that no document holds."""
    return _with_name(seed, words, chance, [name for name in STRANGERS if name not in seed.source.text])


def name_of_passage(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with a name that the passage holds elsewhere."""
    names = words.names_in(" ".join(seed.source.text.split()))
    return _with_name(seed, words, chance, [name for name in names if not _shares(name, seed.text)])


def names_exchanged(seed: Seed, words: Vocabulary, chance: Random) -> str | None:
    """Return it with two names in each other's place, unless they are listed beside each other."""
    names = words.names_in(seed.text)
    if len(names) < len("AB") or re.search(r"(?:\w+, ){2,}", seed.text):
        return None
    first, second = chance.sample(names, 2)
    beside = (
        rf"{re.escape(first)},? (?:and|or|,) {re.escape(second)}|{re.escape(second)},? (?:and|or|,) {re.escape(first)}"
    )
    if first in second or second in first or re.search(beside, seed.text):
        return None
    return seed.text.replace(first, "\0", 1).replace(second, first, 1).replace("\0", second, 1)


def _pick(text: str, chance: Random) -> re.Match[str] | None:
    found = list(_FIGURE.finditer(text))
    return chance.choice(found) if found else None


def _with_figure(seed: Seed, chance: Random, change: Callable[[int], int]) -> str | None:
    found = _pick(seed.text, chance)
    if not found:
        return None
    value = found[1].rstrip(",").replace(",", "")
    if "." in value:
        return None
    new = change(int(value))
    if str(new) == value or _is_said("", str(new), seed):
        return None
    return _replaced(seed.text, found, f"{new:,}" if "," in found[1].rstrip(",") else str(new))


def _replaced(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start(1)] + new + text[found.start(1) + len(found[1].rstrip(",")) :]


def _is_said(word: str, digits: str, seed: Seed) -> bool:
    """Say whether the passage or what stands around it holds a number, in digits or letters."""
    around = " ".join((seed.source.title, *seed.source.headings, seed.source.lead, seed.source.text, seed.text))
    spelled = {str(value): name for name, value in NUMBER_WORDS.items()}.get(digits, word)
    pattern = rf"(?<!\d){re.escape(digits)}(?!\d)" + (rf"|\b{spelled}\b" if spelled else "")
    return re.search(pattern, around.replace(",", ""), re.IGNORECASE) is not None


def _with_name(seed: Seed, words: Vocabulary, chance: Random, names: list[str]) -> str | None:
    own = words.names_in(seed.text)
    fit = [name for name in names if len(name.split()) <= _LONGEST_NAME and not _shares(name, seed.text)]
    return seed.text.replace(chance.choice(own), chance.choice(fit), 1) if own and fit else None


def _shares(name: str, text: str) -> bool:
    """Say whether a text holds a content word of a name."""
    return shared_stems(name, text) > 0


VALUES = tuple(
    Kind(Family.HARMED, group, name, change)
    for group, name, change in (
        ("figure", "figure off by one", figure_near),
        ("figure", "figure tenfold", figure_tenfold),
        ("figure", "figure other", figure_other),
        ("figure", "number word", figure_word),
        ("figure of the passage", "figure that the passage holds elsewhere", figure_of_passage),
        ("unit", "unit", unit),
        ("unit", "percentage points", percentage_points),
        ("currency", "currency", currency),
        ("date", "month", month),
        ("date", "weekday", weekday),
        ("date", "year", year),
        ("name that the passage lacks", "name of the document", name_of_document),
        ("name that the passage lacks", "name of a stranger", name_of_stranger),
        ("name of the passage", "name that the passage holds elsewhere", name_of_passage),
        ("names exchanged", "names exchanged", names_exchanged),
    )
)
