"""
What is said of an answer, one function per sentence and language; what stands in it is the documents' language.

A language is a code like `de` or `de-AT`; one that has no table is answered in English.
"""

from bot.answer_words import LANGUAGES, AnswerWords
from bot.languages import table_of
from pipelines.domain.conversation import Fallback


_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def _words(language: str) -> AnswerWords:
    return table_of(LANGUAGES, language)


def in_place_of_answer(language: str, text: str, *, together: bool = False) -> str:
    """
    Say what the pipelines say in place of an answer; a text that is none of these stays as it is.

    Args:
        language: its code.
        text: what they say.
        together: several people read it, so that it speaks of what all of them may read.

    """
    words = _words(language)
    said = words.sentences.get(text, text)
    return words.together.get(text, said) if together else said


def page_number(language: str, number: int) -> str:
    """Where a quote stands in a paged document."""
    return _words(language).page.format(number=number)


def row_range(language: str, rows: str) -> str:
    """Where a quote stands in a table."""
    words = _words(language)
    return (words.rows if "-" in rows else words.row).format(rows=rows)


def fell_back(language: str, why: Fallback, base: str) -> str:
    """Say why an answer is made of extracts although a language model is configured."""
    words = _words(language)
    return words.extracts.format(reason=words.reasons[why].format(base=base))


def own_words(language: str, sentences: int) -> str:
    """Explain the sign of a sentence whose wording is the bot's own."""
    words = _words(language)
    return words.own_words_one if sentences == 1 else words.own_words_many.format(number=sentences)


def withheld(language: str, sentences: int) -> str:
    """Say how much was left out."""
    words = _words(language)
    return words.withheld_one if sentences == 1 else words.withheld_many.format(number=sentences)


def written_by(language: str, model: str, instead_of: str | None = None) -> str:
    """Name the model that spoke, and the tuned one whose place it took."""
    words = _words(language)
    place = words.in_place_of.format(model=instead_of) if instead_of else ""
    return words.written_by.format(model=model, place=place)


def checked_again(language: str, age_s: int) -> str:
    """Say how old a remembered answer is."""
    words = _words(language)
    for size, form in ((_DAY, words.days), (_HOUR, words.hours), (_MINUTE, words.minutes)):
        if age_s >= size:
            return words.age.format(age=form.format(number=age_s // size))
    return words.just_now
