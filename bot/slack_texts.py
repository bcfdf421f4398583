"""
Every sentence that a person reads in Slack beside an answer, one function per sentence and language.

A language is a code like `de` or `de-AT`; one that has no table is answered in English.
Not here: what `bot.texts` says of an answer's making, which a Page brings along.
"""

from collections.abc import Sequence

from bot.slack_words import ENGLISH, LANGUAGES, Words


_REASONS = ("wrong", "outdated", "incomplete", "bad_source", "other_reason")


def _words(language: str) -> Words:
    return LANGUAGES.get(language.replace("_", "-").partition("-")[0].lower(), ENGLISH)


# --- below an answer ------------------------------------------------------------


def show_evidence(language: str) -> str:
    """Name the button that shows the quotes."""
    return _words(language).show_evidence


def ask_person(language: str) -> str:
    """Name the button that passes the question on."""
    return _words(language).ask_person


def share(language: str) -> str:
    """Name the button that asks again for the whole channel."""
    return _words(language).share


def remove(language: str) -> str:
    """Name the icon that takes an answer away."""
    return _words(language).remove


def good_answer(language: str) -> str:
    """Name the thumb up."""
    return _words(language).good_answer


def bad_answer(language: str) -> str:
    """Name the thumb down."""
    return _words(language).bad_answer


def sources_headline(language: str) -> str:
    """Announce the sources."""
    return _words(language).sources


def evidence_headline(language: str, marks: Sequence[str]) -> str:
    """Announce the quotes of some marks."""
    return " ".join((_words(language).evidence, *marks))


def part_of(language: str, part: int, parts: int) -> str:
    """Number the messages of one answer."""
    return _words(language).part_of.format(part=part, parts=parts)


def readers(language: str, names: Sequence[str]) -> str:
    """Say who may read a document; `everyone` and `public` are the rules of that name, nobody means admins."""
    words = _words(language)
    rules = {"everyone": words.all_members, "public": words.anyone}
    told = ", ".join(rules.get(name) or name.partition(":")[2] or name for name in names)
    return words.read_by.format(readers=told or words.admins_alone)


def details(*known: str) -> str:
    """Say what is known of a source or a question; what is not known is empty and left out."""
    return " · ".join(part for part in known if part)


def closest_headline(language: str) -> str:
    """Announce the documents that came near."""
    return _words(language).closest


def person_to_ask(language: str, name: str) -> str:
    """Name a person who may know."""
    return _words(language).person.format(name=name)


def pick_a_choice(language: str) -> str:
    """Say how to pick."""
    return _words(language).pick


def who_sees_it(language: str, *, private: bool) -> str:
    """Say which documents an answer may use, and who sees it."""
    words = _words(language)
    return words.only_you if private else words.whole_channel


# --- dialogues ------------------------------------------------------------------


def close(language: str) -> str:
    """Name the button that closes a dialogue."""
    return _words(language).close


def cancel(language: str) -> str:
    """Name the button that gives up a dialogue."""
    return _words(language).cancel


def send(language: str) -> str:
    """Name the button that sends what was filled in."""
    return _words(language).send


def evidence_title(language: str) -> str:
    """Head the dialogue of the quotes."""
    return _words(language).evidence


def no_evidence(language: str) -> str:
    """Say that nothing was quoted."""
    return _words(language).no_evidence


def more_left(language: str) -> str:
    """Say that a dialogue holds less than there is."""
    return _words(language).more_left


def feedback_title(language: str) -> str:
    """Head the dialogue about a bad answer."""
    return _words(language).feedback_title


def feedback_reason(language: str) -> str:
    """Ask what is wrong."""
    return _words(language).feedback_reason


def feedback_reasons(language: str) -> tuple[tuple[str, str], ...]:
    """Return what can be wrong with an answer: the name that is recorded, and how it is said."""
    words = _words(language)
    said = (words.wrong, words.outdated, words.incomplete, words.bad_source, words.other_reason)
    return tuple(zip(_REASONS, said, strict=True))


def feedback_detail(language: str) -> str:
    """Ask what would be right."""
    return _words(language).feedback_detail


def feedback_hint(language: str) -> str:
    """Say who reads it."""
    return _words(language).feedback_hint


def ask_title(language: str) -> str:
    """Head the dialogue that passes a question on."""
    return _words(language).ask_title


def ask_goes_to(language: str, name: str) -> str:
    """Say who gets the question; an empty name is nobody in particular."""
    words = _words(language)
    return words.ask_goes_to.format(name=name) if name else words.ask_goes_to_owner


def ask_label(language: str) -> str:
    """Name the field of the question."""
    return _words(language).ask_label


def ask_passed_on(language: str) -> str:
    """Say what is passed on with a question."""
    return _words(language).ask_passed_on


# --- the Home tab ---------------------------------------------------------------


def my_questions(language: str) -> str:
    """Head the reader's own questions."""
    return _words(language).my_questions


def no_questions(language: str) -> str:
    """Say that nothing was asked yet, and where to."""
    return _words(language).no_questions


def forget(language: str) -> str:
    """Name the button that deletes a question."""
    return _words(language).forget


def forget_all(language: str) -> str:
    """Name the button that deletes all questions."""
    return _words(language).forget_all


def forget_title(language: str) -> str:
    """Ask before something is deleted, shortly."""
    return _words(language).forget_title


def forget_text(language: str) -> str:
    """Say what is deleted with a question."""
    return _words(language).forget_text


def forget_all_text(language: str) -> str:
    """Say what is deleted with all questions."""
    return _words(language).forget_all_text


def my_bases(language: str) -> str:
    """Head the bases that the reader can read."""
    return _words(language).my_bases


def no_bases(language: str) -> str:
    """Say that there is nothing to read."""
    return _words(language).no_bases


def base_line(language: str, base: str, documents: int, date: str) -> str:
    """Describe a base; an empty date means that it was never read in."""
    words = _words(language)
    counted = words.one_document if documents == 1 else words.documents.format(number=documents)
    freshness = words.as_of.format(date=date) if date else words.never_synced
    return words.base_line.format(base=base, documents=counted, freshness=freshness)


def and_more(language: str, number: int) -> str:
    """Say how many are not listed."""
    return _words(language).and_more.format(number=number)


def admin_headline(language: str) -> str:
    """Head what only admins see."""
    return _words(language).admin_headline


# --- while an answer is made ----------------------------------------------------


def plan_title(language: str) -> str:
    """Say what is going on."""
    return _words(language).plan_title


def search_step(language: str, bases: Sequence[str]) -> str:
    """Say what is searched; without names, all that the asker can read."""
    words = _words(language)
    if not bases:
        return words.search_all
    return words.search_one.format(base=bases[0]) if len(bases) == 1 else words.search_many.format(number=len(bases))


def read_step(language: str, passages: int) -> str:
    """Say how much is read; 0 where it is not known yet."""
    words = _words(language)
    return {0: words.read_none, 1: words.read_one}.get(passages, words.read_many.format(number=passages))


def check_step(language: str) -> str:
    """Say that the answer is compared with its sources."""
    return _words(language).check
