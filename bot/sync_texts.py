"""Every sentence of a sync, one function per sentence."""

from bot.texts import counted


def unchanged(kb: str, version: int) -> str:
    """Say that a sync found nothing to do."""
    return f"{kb} is up to date (version {version})."


def took_nothing(kb: str) -> str:
    """Say that a sync made no first version."""
    return f"{kb} has no version yet: no document of its source could be taken."


def promoted(kb: str, version: int) -> str:
    """Say that readers see the new version."""
    return f"{kb} is now at version {version}."


def waits(kb: str, version: int, command: str) -> str:
    """Say that a new version waits, since the base is pinned."""
    return f"Version {version} of {kb} is ready, and readers do not see it: the base is pinned. Show it:  {command}"


def would_change(kb: str) -> str:
    """Open the report of a dry run."""
    return f"A sync of {kb} would change this:"


def would_not_change(kb: str) -> str:
    """Report a dry run that found nothing to do."""
    return f"A sync of {kb} would change nothing."


def documents(added: int, changed: int, renamed: int, removed: int, unchanged: int) -> str:
    """Count what happened to documents."""
    return f"Documents: {added} added, {changed} changed, {renamed} renamed, {removed} removed, {unchanged} unchanged"


def passages(added: int, removed: int, embedded: int) -> str:
    """Count what happened to the index."""
    return f"Passages: {added} added, {removed} removed, {embedded} embedded"


def not_taken(count: int) -> str:
    """Announce the files that were not taken."""
    return f"{counted(count, 'file')} could not be taken:"


def would_be_added() -> str:
    """Announce documents that a sync would add."""
    return "Would be added:"


def would_be_changed() -> str:
    """Announce documents that a sync would change."""
    return "Would be changed:"


def would_be_renamed() -> str:
    """Announce documents that a sync would rename."""
    return "Would be renamed:"


def would_be_removed() -> str:
    """Announce documents that a sync would remove."""
    return "Would be removed:"


def renamed_line(before: str, now: str) -> str:
    """Name a document that moved."""
    return f"{before} → {now}"


def more_paths(count: int) -> str:
    """Say how many documents are not named."""
    return f"… and {count} more"


def more_of_them(count: int, command: str) -> str:
    """Say where the rest of a list is."""
    return f"and {count} more:  {command}"


def seconds(milliseconds: int) -> str:
    """Say how long something took."""
    return f"Took {milliseconds / 1000:.1f} s"


def syncing(kb: str) -> str:
    """Name the work behind a progress bar."""
    return f"Syncing {kb}"


def queued(kb: str, job: int, command: str) -> str:
    """Say that a sync was left to the workers."""
    return f"The sync of {kb} waits for a worker (job {job}). See what became of it:  {command}"


def needs_consent(command: str) -> str:
    """Say that a sync would be refused, since the source lost much."""
    return f"That is so much that a sync is refused. If it is right:  {command}"


def no_interval(given: str) -> str:
    """Say what an interval looks like."""
    return f"--every takes an interval from 5m to 90d such as 30m, 6h or 1d, or off; got {given!r}"


def schedule(kb: str, every: str, next_sync: str) -> str:
    """Say when a base is synced by itself."""
    return f"{kb} is synced every {every}, next at {next_sync}."


def synced_every(every: str, next_sync: str) -> str:
    """Say in a status when a base is synced by itself."""
    return f"Synced every {every}, next at {next_sync}."


def no_schedule(kb: str, command: str) -> str:
    """Say that a base is synced only when somebody asks for it."""
    return f"{kb} is synced only when somebody asks for it. Let it be synced by itself:  {command}"


def alert(kind: str) -> str:
    """Say why the syncs of a base need a person."""
    if kind == "overdue":
        return "No sync went well for two intervals: look whether a worker runs (footnote work, or Celery's)."
    return "Its last two syncs failed."


def worked(done: int, failed: int, put_back: int) -> str:
    """Count what a job process did."""
    return f"Jobs: {done} done, {failed} failed, {put_back} put back for later"
