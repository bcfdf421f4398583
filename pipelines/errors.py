"""
The tree of our errors, by what the catcher can do.

    FootnoteError
    ├── TransientError      try again in a minute: a worker retries, the bot says when
    │   └── Busy            somebody else does this very work now
    ├── PermanentError      say why and stop: trying again changes nothing
    │   ├── NotFound        the thing that was named does not exist, or may not be known
    │   ├── BadInput        what was given cannot be used; names thing, limit and setting
    │   │   └── QuestionTooLong a question has more characters than are taken
    │   ├── BadSettings     a setting is missing or malformed
    │   │   └── Unfit       this machine can do no job as it is set up: its process ends
    │   ├── SourceUnreadable a source as a whole cannot be listed
    │   └── StorageDamaged  a file or table of ours is not what it must be
    └── NotAllowed          say nothing that reveals

A message is one sentence for a person. It names the thing, the value, the limit
and the setting: "handbook.pdf has 61 MB, the limit is 50 MB
(FOOTNOTE_LIMITS__MAX_FILE_MB)".
"""


class FootnoteError(Exception):
    """Any fault that Footnote names itself. The message is one sentence for a person."""


class TransientError(FootnoteError):
    """
    The same call may succeed in a minute.

    Attributes:
        retry_after_s: when it may, seconds, as far as it is told; None where it is not.

    """

    retry_after_s: float | None = None


class Busy(TransientError):
    """Another process does this very work now."""


class PermanentError(FootnoteError):
    """Trying again changes nothing; say why and stop."""


class NotFound(PermanentError):
    """The thing that was named does not exist, or its existence may not be known."""


class BadInput(PermanentError):
    """What was given cannot be used."""


class QuestionTooLong(BadInput):
    """A question has more characters than are taken."""


class BadSettings(PermanentError):
    """One or more settings are missing or malformed; the message lists all of them."""


class Unfit(BadSettings):
    """This machine can do no job as it is set up; whoever takes jobs ends, and others do them."""


class SourceUnreadable(PermanentError):
    """A source as a whole cannot be listed, so nothing about it may be concluded."""


class StorageDamaged(PermanentError):
    """A file or table of ours is not what it must be."""


class NotAllowed(FootnoteError):
    """The reader may not; the message reveals nothing about what exists."""


def reason_of(fault: Exception) -> str:
    """Return why work failed: our sentence; of one that nobody foresaw the kind alone, as it may quote a document."""
    return str(fault) if isinstance(fault, FootnoteError) else f"unexpected fault: {type(fault).__name__}"
