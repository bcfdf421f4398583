"""One spelling for what is written in many ways: contractions, percent, money, times of day, dates, number words."""

import re
from collections.abc import Callable
from typing import TypeAlias
from unicodedata import normalize


_MONTHS = "january february march april may june july august september october november december"
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), start=1)}
MONTH_NAMES = MONTHS | {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {name: name[:3] for name in _WEEKDAYS.split()} | {f"{name}s": name[:3] for name in _WEEKDAYS.split()}

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "\u2011": "-"}
    | dict.fromkeys("\u00a0\u2009\u202f\u2007", " ")
    | dict.fromkeys("\u00ad\u200b\ufeff")
)
_TENS_PATTERN = "|".join(_TENS.split())
_UNITS_PATTERN = "|".join(_SMALL.split()[1:10])

Rewrite: TypeAlias = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _compounded(found: re.Match[str]) -> str:
    return str(NUMBER_WORDS[found[1].lower()] + NUMBER_WORDS[found[2].lower()])


def _of_hundred(found: re.Match[str]) -> str:
    part, whole = (NUMBER_WORDS.get(one.lower(), one) for one in (found[1], found[2]))
    if not (str(part).isdigit() and str(whole).isdigit() and int(whole) > 0):
        return found[0]
    return f"{100 * int(part) / int(whole):g} percent"


def _dated(found: re.Match[str]) -> str:
    number = int(found[2])
    name = next((month for month, at in MONTHS.items() if at == number), "")
    return f"{int(found[3])} {name.capitalize()} {found[1]}" if name else found[0]


_APOSTROPHE: tuple[Rewrite, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (r"\bcan't\b|\bcannot\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"n't\b", " not"),
        (r"'(?:re|ve|ll|d|m)\b", " "),
        (r"\b(it|that|there|he|she|what|who|here|let)'s\b", r"\1"),
        (r"'s\b|(?<=s)'(?=\s|$)", ""),
    )
)
_FIGURES: tuple[Rewrite, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (r"(?<=\d)[,.'](?=\d{3}(?!\d))(?<!\b0.)", ""),
        (r"(?<=\d),(?=\d{1,2}(?!\d))", "."),
        (r"(?<=\d)\s?k\b", "000"),
        (r"\b(\d{3}0)'?s\b", r"\1"),
        (r"\b(\d{4})-(\d\d)-(\d\d)\b", _dated),
        (r"\b(\d+) out of (\d+)\b", _of_hundred),
        (r"(?<=\d)\s*(?:%|per cent\b)", " percent"),
        (r"\b(\d{1,2}) in the morning\b", r"\1 am"),
        (r"\b(\d{1,2}) in the (?:afternoon|evening)\b", r"\1 pm"),
        (r"\b([ap])\.\s?m\b\.?", r"\1m"),
    )
)
_LETTERS: tuple[Rewrite, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (rf"\b({_TENS_PATTERN})-({_UNITS_PATTERN})\b", _compounded),
        (r"\b(\w+) out of (ten|twenty|five|four|three|two)\b", _of_hundred),
        (r"\bpercentage points?\b", "percentagepoint"),
        (r"\bper cent\b", "percent"),
        (r"\bhalf an hour\b", "30 minutes"),
        (r"\bhalf an? year\b", "6 months"),
        (r"\b(?:a )?fortnight\b", "2 weeks"),
        (r"\bin-network\b", "innetwork"),
        (r"\bout-of-network\b", "outnetwork"),
    )
)
_ANY_LETTER_REWRITE = re.compile(r"half|fortnight|network|per ?cent|out of|(?:ty-)", re.IGNORECASE)
_ANY_DIGIT = re.compile(r"\d")


def one_spelling(text: str) -> str:
    """Return a text with signs, contractions, dates and figures spelled in one way; its words stay in order."""
    if not text.isascii():
        text = _unaccented(text.translate(_SIGNS))
    if "'" in text or "annot" in text:
        text = _rewritten(text, _APOSTROPHE)
    if _ANY_LETTER_REWRITE.search(text):
        text = _rewritten(text, _LETTERS)
    return _rewritten(text, _FIGURES) if _ANY_DIGIT.search(text) else text


def _unaccented(text: str) -> str:
    """Return a text without the accents of Latin letters."""
    return "".join(one for one in normalize("NFKD", text) if not "\u0300" <= one <= "\u036f")


def _rewritten(text: str, rewrites: tuple[Rewrite, ...]) -> str:
    for pattern, new in rewrites:
        text = pattern.sub(new, text)
    return text
