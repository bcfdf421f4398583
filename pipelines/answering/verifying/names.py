"""Names that a passage writes in another way: with another ending, an accent less, or by their first letters."""

from collections.abc import Iterable


_SHORTEST = 4
_START = 0.7
_ABBREVIATION = range(2, 7)
_TYPO = 6
_COUNTRIES = """
danish dane danes denmark;dutch netherlands holland;french france frenchman;swiss switzerland;spanish spain spaniard
welsh wales;greek greeks greece;polish pole poles poland;finnish finn finns finland;irish ireland;thai thailand
czech czechia;turkish turk turks turkey;swedish swede swedes sweden;scottish scot scots scotland;german germany
american americans usa us;british britain uk;filipino philippines;norse norwegian norway;peruvian peru
"""
_SAME_COUNTRY = {
    word: frozenset(line.split()) - {word} for line in _COUNTRIES.replace("\n", ";").split(";") for word in line.split()
}


def are_alike(first: str, second: str) -> bool:
    """Say whether two words in lower case may be forms of one name: Britain and British, Goverment and Government."""
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < _SHORTEST:
        return False
    start = max(_SHORTEST, int(_START * len(longer)) if len(longer) - len(shorter) > _SHORTEST else _SHORTEST)
    if shorter[:start] == longer[:start] and len(longer) - len(shorter) <= _SHORTEST:
        return True
    same_ends = shorter[:3] == longer[:3] and shorter[-3:] == longer[-3:]
    return len(shorter) >= _TYPO and len(longer) - len(shorter) <= len("ab") and same_ends


def of_same_country(word: str) -> frozenset[str]:
    """Return by which other words a country and what comes from it are named, where their beginnings differ."""
    return _SAME_COUNTRY.get(word, frozenset())


def is_alike_any(word: str, words: Iterable[str]) -> bool:
    """Say whether a word may be another form of one of these."""
    return any(one[:3] == word[:3] and are_alike(word, one) for one in words)


def stands_for(word: str, initials: str) -> bool:
    """Say whether a short word may be made of first letters that follow each other among these."""
    return len(word) in _ABBREVIATION and word in initials
