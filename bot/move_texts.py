"""Every sentence of a move of the index, one function per sentence."""

from bot.texts import counted


_ENGINES = {"sqlite": "SQLite (index.db)", "weaviate": "Weaviate"}


def engine(name: str) -> str:
    """Name an engine for a person."""
    return _ENGINES[name]


def where(name: str, rows: int) -> str:
    """Say which engine holds the index."""
    return f"The index is in {engine(name)}: {counted(rows, 'row')} of all versions."


def moved(name: str, bases: int, rows: int, copied: int | None) -> str:
    """Say that the index was moved; how much of it was copied, if it was not made anew."""
    told = "" if copied is None else f", {copied} of them copied just now"
    return (
        f"The index is in {engine(name)} now: {counted(bases, 'knowledge base')},"
        f" {counted(rows, 'row')} of all versions{told}."
    )


def compared(rows: int, questions: int, overlap: float) -> str:
    """Say what was held against each other before the switch."""
    return (
        f"Compared: id, versions and rule of every row; words and vectors of {counted(rows, 'row')};"
        f" {counted(questions, 'sample question')}, whose first ten agree by {overlap:.0%}."
    )


def rebuilt() -> str:
    """Say that nothing was copied."""
    return "Every row was made anew from the stored files and compared with the records."


def copy_kept(name: str, since: str) -> str:
    """Say that what the other engine held is kept."""
    return f"What {engine(name)} held until {since} is kept, and not kept up to date."


def move_unfinished(name: str, since: str) -> str:
    """Say that a move was begun and not finished."""
    return f"A move to {engine(name)} was begun at {since} and is not finished; questions are answered as before."


def rows_there(rows: int) -> str:
    """Say how much of the index the other engine holds."""
    return f"It holds {counted(rows, 'row')}."


def go_on(command: str) -> str:
    """Say how to finish a move."""
    return f"Go on with it:  {command}"


def go_back(command: str) -> str:
    """Say how to move the index back."""
    return f"Go back:  {command}"


def delete_copy(command: str) -> str:
    """Say how to delete what the other engine holds."""
    return f"Delete it:  {command}"


def copy_deleted(name: str) -> str:
    """Say that the copy is gone."""
    return f"What {engine(name)} held of the index was deleted."


def copy_forgotten(name: str) -> str:
    """Say that the copy could not be deleted."""
    return (
        f"What {engine(name)} held of the index is forgotten and was not deleted, since WEAVIATE_URL is not set:"
        " delete its collections Chunks_… there."
    )


def waiting(writers: int) -> str:
    """Say for whom a move waits."""
    return f"waiting for {counted(writers, 'sync')} to end"


def moving(name: str) -> str:
    """Head the progress bar of a move."""
    return f"Moving to {engine(name)}"


def stopped(reason: str) -> str:
    """Say that a move stopped, and what is left of it."""
    return f"{reason}; the index stays where it was, and the same command goes on with the move"


def one_thing_at_a_time() -> str:
    """Refuse a move and its confirmation at once."""
    return "--confirm deletes the copy that a move left, so it does not go with --to: move first, confirm later"


def rebuild_needs_target() -> str:
    """Refuse --rebuild without a target."""
    return "--rebuild belongs to a move: name its target, as in --to sqlite"


def address_without_index() -> str:
    """Say that Weaviate is named and not used."""
    return "WEAVIATE_URL is set, and the index is still in SQLite (index.db), where questions are answered from"


def move_or_unset(command: str) -> str:
    """Say what to do about an address that is not used."""
    return f"Move it:  {command}  (or unset WEAVIATE_URL)"


def delete_copy_of(name: str, command: str) -> str:
    """Say that the former index is kept, and how to delete it."""
    return f"What {engine(name)} held is kept. Delete it:  {command}"


def move_there(name: str, command: str) -> str:
    """Say how to move the index."""
    return f"Move it to {engine(name)}:  {command}"
