"""
Every sentence that a person may read, one function per sentence.

Not here: what is said of an answer in any language (`bot.answer_texts`), those of the doctor
(`bot.doctor_texts`) and of a sync (`bot.sync_texts`), the help of the terminal's commands, which
stands with their options, and the messages of errors, which name what only their maker knows.
"""


def counted(number: int, thing: str) -> str:
    """Count things: "1 file", "2 files"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


# --- answers ---------------------------------------------------------------------


def source_line(mark: str, title: str, *known: str) -> str:
    """Name a source, with its place, author and date; what is unknown is empty, and left out."""
    return f"{mark} " + " — ".join(part for part in (title, *known) if part)


def quoted(text: str) -> str:
    """Mark a text as the document's own words."""
    return f"“{text}”"


def closest_headline() -> str:
    """Announce the documents that came near."""
    return "Closest documents:"


def closest_line(title: str, kb: str) -> str:
    """Name a document that came near."""
    return f"{title} ({kb})"


def choice_line(number: int, choice: str) -> str:
    """Name a question to pick."""
    return f"{number}. {choice}"


def pick_a_choice() -> str:
    """Say how to pick, in a chat."""
    return "Type the number of the question that you mean, or ask in other words."


def chat_opening() -> str:
    """Say how a chat works."""
    return "Ask a question; a follow-up may refer to what came before. /quit ends the chat."


# --- knowledge bases ---------------------------------------------------------------


def base_added(kb: str, folder: str) -> str:
    """Say that a base was made."""
    return f"Added {kb}, which takes its documents from {folder}."


def files_uploaded(kb: str, files: tuple[str, ...]) -> str:
    """Say which files were handed in."""
    return f"Kept for {kb}: {', '.join(files)}."


def next_read_it_in(command: str) -> str:
    """Name the command that reads the documents in."""
    return f"Read its documents in:  {command}"


def next_open_it(command: str) -> str:
    """Name the command that opens a base."""
    return f"Only admins can read it now. To open it to all members:  {command}"


def readers_already(readers: str) -> str:
    """Say who can read a new base."""
    return f"It can be read by admins and: {readers}"


def no_bases(command: str) -> str:
    """Say that nothing was added yet."""
    return f"There is no knowledge base yet. Add one:  {command}"


def base_line(kb: str, version: int, documents: int, location: str) -> str:
    """Describe a base in one line."""
    if version == 0:
        return f"{kb}: no version yet, from {location}"
    return f"{kb}: {counted(documents, 'document')}, version {version}, from {location}"


def counts_line(documents: int, chunks: int) -> str:
    """Say how much a base holds."""
    return f"{counted(documents, 'document')} in {counted(chunks, 'passage')}"


def version_line(version: int) -> str:
    """Say which version readers see."""
    return f"Readers see version {version}." if version else "Readers see nothing yet: it has no version."


def pinned_line(command: str) -> str:
    """Say that a base is pinned and how to lift that."""
    return f"It is pinned: no sync changes what readers see until  {command}"


def running_line(progress: tuple[int, int] | None) -> str:
    """Say that a sync is under way, and of a large one how many of its files are done."""
    far = f": {progress[0]} of {progress[1]} files done" if progress else ""
    return f"A sync is running now{far}."


def never_synced(command: str) -> str:
    """Say that no sync has ended."""
    return f"No sync has ended yet. Start one:  {command}"


def last_sync_line(ended_at: str, state: str, error: str) -> str:
    """Say when and how the last sync ended."""
    return f"Last sync: {ended_at}, {state}" + (f" ({error})" if error else "")


def rejected_files(count: int, command: str) -> str:
    """Say that files were not taken."""
    return f"{counted(count, 'file')} could not be taken; the reasons:  {command}"


def nothing_rejected(kb: str) -> str:
    """Say that every file was taken."""
    return f"The newest sync of {kb} took every file."


def newest_sync_failed(kb: str, error: str) -> str:
    """Say that a sync failed as a whole, and why."""
    return f"The newest sync of {kb} failed: {error}"


def next_sync_again(command: str) -> str:
    """Name the command that tries a sync again."""
    return f"When that is mended, sync again:  {command}"


def rejected_before() -> str:
    """Announce files of an earlier sync, where the newest one failed."""
    return "A sync before it could not take:"


def rejection_line(path: str, reason: str) -> str:
    """Name a file that was not taken, and why."""
    return f"{path}: {reason}"


def ask_remove(kb: str) -> str:
    """Ask before a base is removed."""
    return f"Remove {kb} with its index, its versions and its readers? Its source stays as it is. [y/N] "


def removal_needs_yes(kb: str) -> str:
    """Say how to remove a base where nobody can be asked."""
    return f"Nobody is here to confirm that {kb} shall be removed: add --yes."


def removal_declined(kb: str) -> str:
    """Say that a base was kept."""
    return f"Kept {kb}."


def base_removed(kb: str) -> str:
    """Say that a base is gone."""
    return f"Removed {kb}. Its source was not touched."


# --- versions and access -----------------------------------------------------------


def version_row(number: int, state: str, created_at: str, documents: int, chunks: int) -> str:
    """Describe a version in one line."""
    return f"{number}  {state}, {created_at}, {counts_line(documents, chunks)}"


def version_active(row: str) -> str:
    """Mark the version that readers see."""
    return f"{row}  <- readers see this"


def no_versions(kb: str, command: str) -> str:
    """Say that a base has no version."""
    return f"{kb} has no version yet. Start a sync:  {command}"


def nothing_older(kb: str, version: int) -> str:
    """Say that a roll-back has no goal."""
    if version == 0:
        return f"{kb} has no version yet, so there is nothing to go back to."
    return f"{kb} keeps no version before {version} to go back to."


def shown_pinned(kb: str, version: int, command: str) -> str:
    """Say which version readers see, that no sync changes that, and what lifts the pin."""
    return f"Readers of {kb} see version {version} now, and it is pinned: no sync changes that until  {command}"


def shown_unpinned(kb: str, version: int) -> str:
    """Say which version readers see until the next sync."""
    if version == 0:
        return f"{kb} has no version yet, and it is not pinned: its first one is shown to readers."
    return f"Readers of {kb} see version {version} now, and it is not pinned: the next sync shows them the newest one."


def readers_line(kb: str, readers: str) -> str:
    """Say who can read a base."""
    return f"{kb} can be read by admins and: {readers}" if readers else f"Only admins can read {kb}."


def contradictory_reader(reader: str) -> str:
    """Say that a reader was both let in and taken out."""
    return f"{reader} stands in both --allow and --remove: name it in one of them."


def ambiguous_readers() -> str:
    """Say that a reader stands where it belongs to no option, or to either of two."""
    return "Write --allow or --remove before each reader."


def admins_only() -> str:
    """Refuse without revealing what exists."""
    return "Only an admin may do this."


def given_to_somebody_else() -> str:
    """Refuse what concerns an answer that one other person got."""
    return "That answer was given to somebody else alone."


# --- doctor ------------------------------------------------------------------------------


def check_line(state: str, message: str) -> str:
    """Tell one check."""
    return f"{state:<4}  {message}"


def settings_headline() -> str:
    """Announce the settings that were given."""
    return "Settings:"


def setting_line(name: str, value: str) -> str:
    """Tell a setting."""
    return f"{name} = {value}"


# --- faults ----------------------------------------------------------------------------


def error_line(message: str) -> str:
    """Open a message about a fault."""
    return f"Error: {message}"


def usage_hint(command: str) -> str:
    """Name the help of a command."""
    return f"See  {command} --help"


def detached_dry_run() -> str:
    """Say that a dry run cannot be left to others."""
    return "--dry-run shows what would change, so it cannot be left to the workers: give one of --dry-run and --detach"


def no_whole_number(text: str) -> str:
    """Refuse an argument that is not a number."""
    return f"{text!r} is not a whole number."


def no_number_of_citations(text: str, most: int) -> str:
    """Refuse a limit, and name what it may be."""
    return f"{text!r} is not a whole number from 1 to {most}."


def no_text(word: str) -> str:
    """Refuse an argument that is no text."""
    return f"The argument {word} holds bytes that are no text in this terminal's encoding: write it as text."


def interrupted() -> str:
    """Confirm that the work was stopped."""
    return "Stopped."


def system_fault(reason: str, path: str) -> str:
    """Report a refusal of the operating system."""
    where = f" for {path}" if path else ""
    return f"The system answered “{reason}”{where}: look at its rights and free space, then try again."


def unexpected_fault(name: str) -> str:
    """Report what nobody foresaw."""
    return f"Something unforeseen happened ({name}); FOOTNOTE_DEBUG=1 shows where. The last good version is unharmed."


def python_too_new(found: str, newest: str) -> str:
    """Refuse a Python that our dependencies do not know yet."""
    return f"Footnote needs Python 3.11 to {newest}, and this is {found}: start it with an older one."


def python_too_old(found: str, newest: str) -> str:
    """Refuse a Python that is too old."""
    return f"Footnote needs Python 3.11 to {newest}, and this is {found}: start it with a newer one."


def listening(url: str) -> str:
    """Say where requests are taken."""
    return f"Footnote listens on {url}; Ctrl-C ends it."


def no_platform() -> str:
    """Say that nobody can ask."""
    return "No chat platform is switched on, so nobody can ask here: footnote doctor slack says how to begin."


# --- what people said of answers --------------------------------------------------


def no_feedback() -> str:
    """Say that nobody said anything."""
    return "Nobody has said anything of an answer yet."


def asked_before(number: int, question: str) -> str:
    """Name an answer by its number and its question."""
    return f"{number}: {question}"


def said_of_answer(person: str, at: str, reason: str, *, good: bool) -> str:
    """Say what a person said of an answer, and when; the reason is the short name that was picked, or empty."""
    said = "good" if good else "bad"
    because = f" ({reason.replace('_', ' ')})" if reason else ""
    return f"{said}{because}, {person}, {at[:10]}"
