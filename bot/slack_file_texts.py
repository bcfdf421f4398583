"""
Every sentence that a person reads in Slack about files that come with a question.

Of the same words as `bot.slack_texts`, one function per sentence and language. Not why a file could not be read:
that is said by who read it.
"""

from bot.slack_texts import words_of


def reading_files(language: str) -> str:
    """Say that files are read; Slack puts our name before it."""
    return words_of(language).reading_files


def read_files_step(language: str) -> str:
    """Say that files were read."""
    return words_of(language).read_files


def from_files(language: str) -> str:
    """Say what an answer about files is made of, and that they are not kept."""
    return words_of(language).from_files


def not_read(language: str, name: str, reason: str) -> str:
    """Name a file that could not be read, and say why."""
    return words_of(language).not_read.format(name=name, reason=reason)


def no_file_read(language: str) -> str:
    """Say that no file could be read."""
    return words_of(language).no_file_read


def no_question(language: str) -> str:
    """Ask what somebody wants to know of files that came without a word."""
    return words_of(language).no_question


def many_files(language: str) -> str:
    """Say that too many files are being read."""
    return words_of(language).many_files


def pick_for_files(language: str) -> str:
    """Say how to ask on about a file, which is not there any more."""
    return words_of(language).pick_for_files


def nth_file(language: str, number: int) -> str:
    """Name a file of a message whose name is not known."""
    return words_of(language).nth_file.format(number=number)


def file_unseen(language: str) -> str:
    """Give as a reason that Slack does not show a file."""
    return words_of(language).file_unseen


def file_not_sent(language: str) -> str:
    """Give as a reason that Slack did not answer."""
    return words_of(language).file_not_sent


def file_elsewhere(language: str) -> str:
    """Give as a reason that a file is no file of Slack's."""
    return words_of(language).file_elsewhere


def files_too_large(language: str, megabytes: int) -> str:
    """Give as a reason that a file is too large, or that those before it left no room."""
    return words_of(language).files_too_large.format(megabytes=megabytes)


def too_many_files(language: str, most: int) -> str:
    """Give as a reason that there are too many files."""
    return words_of(language).too_many_files.format(most=most)
