"""
Every sentence that a person reads in Slack after they pressed, typed, called up or opened something.

Of the same words as `bot.slack_texts`, one function per sentence and language. Not what a command says of its
work: that is the same on every platform.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack_texts import words_of


# --- the sources of an answer ---------------------------------------------------


def hidden(language: str, number: int) -> str:
    """Say how many sources are not shown."""
    words = words_of(language)
    return words.hidden_one if number == 1 else words.hidden_many.format(number=number)


def answer_gone(language: str) -> str:
    """Say that an answer was deleted."""
    return words_of(language).answer_gone


def not_yours(language: str) -> str:
    """Refuse what only the person may do who got an answer."""
    return words_of(language).not_yours


# --- judging and passing on -----------------------------------------------------


def thanks(language: str) -> str:
    """Thank for a good word."""
    return words_of(language).thanks


def thanks_for_fault(language: str) -> str:
    """Thank for a bad word, and say who reads it."""
    return words_of(language).thanks_for_fault


def passed_on(language: str) -> str:
    """Say that a question is passed on, and where it is told to whom."""
    return words_of(language).passed_on


def people_for_members(language: str) -> str:
    """Say that somebody cannot pass questions on."""
    return words_of(language).people_for_members


def people_asked_often(language: str, number: int) -> str:
    """Say that somebody passed on so many questions that the next one has to wait."""
    return words_of(language).people_asked_often.format(number=number)


def asks_you(language: str) -> str:
    """Tell whoever is asked that somebody asks; behind the name of who asks."""
    return words_of(language).asks_you


def reply_directly(language: str) -> str:
    """Say how to reply to a question that was passed on."""
    return words_of(language).reply_directly


def went_to(language: str, names: Sequence[str]) -> str:
    """Say who got a question; the question follows."""
    return words_of(language).went_to.format(names=", ".join(names))


def went_to_nobody(language: str) -> str:
    """Say that a question found nobody; the question follows."""
    return words_of(language).went_to_nobody


# --- asking ---------------------------------------------------------------------


def share_title(language: str) -> str:
    """Head the dialogue that asks in a channel."""
    return words_of(language).share_title


def share_hint(language: str) -> str:
    """Say what asking in a channel does, and what not."""
    return words_of(language).share_hint


def share_channel(language: str) -> str:
    """Name the field of the channel."""
    return words_of(language).share_channel


def bot_not_there(language: str) -> str:
    """Say that we cannot answer in a channel."""
    return words_of(language).bot_not_there


def you_not_there(language: str) -> str:
    """Say that a person cannot ask in a channel that they are not in."""
    return words_of(language).you_not_there


def channel_unknown(language: str) -> str:
    """Say that nobody knows now who is in a channel."""
    return words_of(language).channel_unknown


def shared(language: str) -> str:
    """Say that a question is asked in a channel."""
    return words_of(language).shared


def no_words(language: str) -> str:
    """Say that there is nothing to answer."""
    return words_of(language).no_words


def not_here(language: str) -> str:
    """Say that we cannot answer where a message stands."""
    return words_of(language).not_here


def answered_here(language: str) -> str:
    """Say where a message is answered."""
    return words_of(language).answered_here


def question_title(language: str) -> str:
    """Head the dialogue that asks a question."""
    return words_of(language).question_title


def question_hint(language: str) -> str:
    """Say where a question is answered, and from what."""
    return words_of(language).question_hint


def answered_privately(language: str) -> str:
    """Say where a question is answered."""
    return words_of(language).answered_privately


def you_asked(language: str) -> str:
    """Introduce a question of the reader's own."""
    return words_of(language).you_asked


def asks(language: str) -> str:
    """Introduce a question; behind the name of who asks."""
    return words_of(language).asks


def not_asked(language: str) -> str:
    """Say that a question could not be asked where it was to be; the question follows."""
    return words_of(language).not_asked


# --- anything -------------------------------------------------------------------


def did_not_work(language: str) -> str:
    """Say that something failed, and what to do."""
    return words_of(language).did_not_work


def notice_title(language: str) -> str:
    """Head a dialogue that only says something."""
    return words_of(language).notice_title


def one_moment(language: str) -> str:
    """Say that something is looked up."""
    return words_of(language).one_moment


def more_than_fits(language: str) -> str:
    """Say that not all is shown."""
    return words_of(language).more_than_fits


def suggestion(language: str, title: str) -> str:
    """Suggest a question about a document."""
    return words_of(language).suggestion.format(title=title)


def suggestion_of_all(language: str) -> str:
    """Return the question that is suggested to whom no document can be named."""
    return words_of(language).suggestion_of_all


def welcome(language: str) -> str:
    """Say what we are for to somebody who opens us for the first time."""
    return words_of(language).welcome


# --- jobs -----------------------------------------------------------------------


def job_done(language: str, job: int, run: Mapping[str, Any] | None) -> str:
    """Say that a job is done; `run` is what its sync recorded, if it was one."""
    words = words_of(language)
    if run is None:
        return words.job_ended.format(job=job)
    counted = {name: run.get(name, 0) for name in ("added", "changed", "removed")}
    return words.job_done.format(job=job, **counted)


def job_failed(language: str, job: int, error: str) -> str:
    """Say that a job failed, and why."""
    return words_of(language).job_failed.format(job=job, error=error)


def job_goes_on(language: str, job: int) -> str:
    """Say that a job is not watched any longer."""
    return words_of(language).job_goes_on.format(job=job)
