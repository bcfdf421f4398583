"""The doctor's look at what nobody asks for: chores that were set aside, files that wait for a sync. Mends nothing."""

from collections.abc import Callable, Iterable, Iterator

from bot import doctor_texts as texts
from bot.commands.checks import Check, State
from bot.facade import Footnote
from pipelines.domain.job_kinds import CHORES, TIDY, WHOLE
from pipelines.errors import FootnoteError


_MOST_FILES = 50
"""Of one base: in a bucket, each one that is looked for is a request, and one waits for the other."""


def chores_set_aside(footnote: Footnote, names: Iterable[str]) -> Iterator[Check]:
    """Warn of each chore of these bases, and of the whole installation, whose newest job was set aside."""
    jobs, bases = footnote.records.jobs, [footnote.records.bases.get(name) for name in names]
    wanted = [(kind, base.id, base.name) for base in bases for kind in CHORES] + [(TIDY, WHOLE, "")]
    for kind, kb, name in wanted:
        reason = jobs.quarantined(kind, kb)
        if reason is not None:
            shown = f"{kind} {name}".rstrip()
            yield Check(shown, State.WARN, texts.chore_set_aside(kind, name, reason), texts.free_the_chore())


def lost_upload(footnote: Footnote, name: str, command: Callable[..., str]) -> Check | None:
    """
    Fail a base of which a file was handed in, is not synced yet, and has no stored file any more.

    At most `_MOST_FILES` are looked for; the sentence says of how many, where others wait.
    """
    records = footnote.records
    base = records.bases.get(name)
    source = records.bases.source(base.id)
    if source.kind != "upload":
        return None
    synced = {(one.path, one.content_hash) for one in records.ledger.documents(base.id, base.newest)}
    waiting = [one for one in records.uploads.all(source.id) if (one.path, one.content_hash) not in synced]
    looked_at = waiting[:_MOST_FILES]
    try:
        lost = [one.path for one in looked_at if not footnote.blobs.has(one.content_hash)]
    except FootnoteError as error:
        return Check(f"base {name}", State.FAIL, str(error))
    if not lost:
        return None
    again = texts.hand_in_again(command("kb upload", name, "FILE"))
    message = texts.uploads_lost(name, lost[0], len(lost), looked_at=len(looked_at), waiting=len(waiting))
    return Check(f"base {name}", State.FAIL, message, again)
