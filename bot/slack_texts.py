"""
Every sentence that a person reads in Slack beside an answer, one function per sentence and language.

A language is a code like `de` or `de-AT`; one that has no table is answered in English.
Not here: what `bot.texts` says of an answer's making, which a Page brings along.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.languages import table_of
from bot.slack_english import ENGLISH
from bot.slack_german import GERMAN
from bot.slack_words import Words


LANGUAGES: Final[Mapping[str, Words]] = MappingProxyType({"en": ENGLISH, "de": GERMAN})

_NAMELESS = ("user:", "channel:")
"""Readers who are not named to each other."""

_REASONS = ("wrong", "outdated", "incomplete", "bad_source", "other_reason")


def words_of(language: str) -> Words:
    """Return the words of a language, English for one without."""
    return table_of(LANGUAGES, language)


# --- below an answer ------------------------------------------------------------


def show_evidence(language: str) -> str:
    """Name the button that shows the quotes."""
    return words_of(language).show_evidence


def ask_person(language: str) -> str:
    """Name the button that passes the question on."""
    return words_of(language).ask_person


def share(language: str) -> str:
    """Name the button that asks again for the whole channel."""
    return words_of(language).share


def remove(language: str) -> str:
    """Name the icon that takes an answer away."""
    return words_of(language).remove


def good_answer(language: str) -> str:
    """Name the thumb up."""
    return words_of(language).good_answer


def bad_answer(language: str) -> str:
    """Name the thumb down."""
    return words_of(language).bad_answer


def sources_headline(language: str) -> str:
    """Announce the sources."""
    return words_of(language).sources


def evidence_headline(language: str, marks: Sequence[str]) -> str:
    """Announce the quotes of some marks."""
    return " ".join((words_of(language).evidence, *marks))


def part_of(language: str, part: int, parts: int) -> str:
    """Number the messages of one answer."""
    return words_of(language).part_of.format(part=part, parts=parts)


def readers(language: str, names: Sequence[str]) -> str:
    """
    Say who may read a document: rules and groups by name, people and channels by their number; nobody means admins.

    Args:
        language: a code.
        names: readers as rules name them, such as `everyone` or `group:hr`.

    """
    words = words_of(language)
    rules = {"everyone": words.all_members, "public": words.anyone}
    told = [rules.get(name) or name.removeprefix("group:") for name in names if not name.startswith(_NAMELESS)]
    for kind, one, many in (
        ("user:", words.one_person, words.people),
        ("channel:", words.one_channel, words.channels),
    ):
        number = sum(name.startswith(kind) for name in names)
        told += [one if number == 1 else many.format(number=number)] if number else []
    return words.read_by.format(readers=", ".join(told) or words.admins_alone)


def details(*known: str) -> str:
    """Say what is known of a source or a question; what is not known is empty and left out."""
    return " · ".join(part for part in known if part)


def closest_headline(language: str) -> str:
    """Announce the documents that came near."""
    return words_of(language).closest


def person_to_ask(language: str, name: str) -> str:
    """Name a person who may know."""
    return words_of(language).person.format(name=name)


def pick_a_choice(language: str) -> str:
    """Say how to pick."""
    return words_of(language).pick


def who_sees_it(language: str, *, private: bool) -> str:
    """Say which documents an answer may use, and who sees it."""
    words = words_of(language)
    return words.only_you if private else words.whole_channel


# --- dialogues ------------------------------------------------------------------


def close(language: str) -> str:
    """Name the button that closes a dialogue."""
    return words_of(language).close


def cancel(language: str) -> str:
    """Name the button that gives up a dialogue."""
    return words_of(language).cancel


def send(language: str) -> str:
    """Name the button that sends what was filled in."""
    return words_of(language).send


def evidence_title(language: str) -> str:
    """Head the dialogue of the quotes."""
    return words_of(language).evidence


def no_evidence(language: str) -> str:
    """Say that nothing was quoted."""
    return words_of(language).no_evidence


def more_left(language: str) -> str:
    """Say that a dialogue holds less than there is."""
    return words_of(language).more_left


def feedback_title(language: str) -> str:
    """Head the dialogue about a bad answer."""
    return words_of(language).feedback_title


def feedback_reason(language: str) -> str:
    """Ask what is wrong."""
    return words_of(language).feedback_reason


def feedback_reasons(language: str) -> tuple[tuple[str, str], ...]:
    """Return what can be wrong with an answer: the name that is recorded, and how it is said."""
    words = words_of(language)
    said = (words.wrong, words.outdated, words.incomplete, words.bad_source, words.other_reason)
    return tuple(zip(_REASONS, said, strict=True))


def feedback_detail(language: str) -> str:
    """Ask what would be right."""
    return words_of(language).feedback_detail


def feedback_hint(language: str) -> str:
    """Say who reads it."""
    return words_of(language).feedback_hint


def ask_title(language: str) -> str:
    """Head the dialogue that passes a question on."""
    return words_of(language).ask_title


def ask_goes_to(language: str, name: str) -> str:
    """Say who gets the question; an empty name is nobody in particular."""
    words = words_of(language)
    return words.ask_goes_to.format(name=name) if name else words.ask_goes_to_owner


def ask_label(language: str) -> str:
    """Name the field of the question."""
    return words_of(language).ask_label


def ask_passed_on(language: str) -> str:
    """Say what is passed on with a question."""
    return words_of(language).ask_passed_on


# --- the Home tab ---------------------------------------------------------------


def my_questions(language: str) -> str:
    """Head the reader's own questions."""
    return words_of(language).my_questions


def no_questions(language: str) -> str:
    """Say that nothing was asked yet, and where to."""
    return words_of(language).no_questions


def forget(language: str) -> str:
    """Name the button that deletes a question."""
    return words_of(language).forget


def forget_all(language: str) -> str:
    """Name the button that deletes all questions."""
    return words_of(language).forget_all


def forget_title(language: str) -> str:
    """Ask before something is deleted, shortly."""
    return words_of(language).forget_title


def forget_text(language: str) -> str:
    """Say what is deleted with a question."""
    return words_of(language).forget_text


def forget_all_text(language: str) -> str:
    """Say what is deleted with all questions."""
    return words_of(language).forget_all_text


def my_bases(language: str) -> str:
    """Head the bases that the reader can read."""
    return words_of(language).my_bases


def no_bases(language: str) -> str:
    """Say that there is nothing to read."""
    return words_of(language).no_bases


def base_line(language: str, base: str, date: str) -> str:
    """Describe a base; an empty date means that it was never read in."""
    words = words_of(language)
    freshness = words.as_of.format(date=date) if date else words.never_synced
    return words.base_line.format(base=base, freshness=freshness)


def and_more(language: str, number: int) -> str:
    """Say how many are not listed."""
    return words_of(language).and_more.format(number=number)


def admin_headline(language: str) -> str:
    """Head what only admins see."""
    return words_of(language).admin_headline


# --- while an answer is made ----------------------------------------------------


def plan_title(language: str) -> str:
    """Say what is going on."""
    return words_of(language).plan_title


def search_step(language: str) -> str:
    """Say that all is searched that the asker can read."""
    return words_of(language).search


def read_step(language: str, passages: int) -> str:
    """Say how much is read; 0 where it is not known yet."""
    words = words_of(language)
    return {0: words.read_none, 1: words.read_one}.get(passages, words.read_many.format(number=passages))


def check_step(language: str) -> str:
    """Say that the answer is compared with its sources."""
    return words_of(language).check


def working(language: str) -> str:
    """Say that the bases are searched for a question; Slack puts our name before it."""
    return words_of(language).working


def reading(language: str, passages: int, bases: Sequence[str]) -> str:
    """Say how much is read, at least one passage, out of which base, or how many; Slack puts our name before it."""
    words = words_of(language)
    told = bases[0] if len(bases) == 1 else words.reading_bases.format(number=len(bases))
    return (words.reading_one if passages == 1 else words.reading_many).format(number=passages, bases=told)


# --- in place of an answer ------------------------------------------------------


def stopped(language: str) -> str:
    """Say that an answer was stopped."""
    return words_of(language).stopped


def welcome_to_it(language: str) -> str:
    """Answer thanks."""
    return words_of(language).welcome_to_it


def crowded(language: str) -> str:
    """Say that too many questions wait."""
    return words_of(language).crowded


def failed(language: str) -> str:
    """Say that a question has no answer because of a fault of ours."""
    return words_of(language).failed


def too_late(language: str) -> str:
    """Say that nobody came to answer in time."""
    return words_of(language).too_late


def empty(language: str) -> str:
    """Say that a question has no words."""
    return words_of(language).empty


def too_long(language: str) -> str:
    """Say that a question is too long."""
    return words_of(language).too_long


def unknown_person(language: str) -> str:
    """Say that who asks is nobody whom we can know."""
    return words_of(language).unknown_person


# --- in a new channel -----------------------------------------------------------


def greeting(language: str) -> str:
    """Say who we are and how to ask."""
    return words_of(language).greeting
