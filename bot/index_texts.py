"""Every sentence of what the index is made with and how it is rebuilt, one function per sentence."""

from bot.texts import counted


def embedder(name: str | None) -> str:
    """Name an embedder for a person."""
    return name or "no embedder (words only)"


def made_with(name: str | None, rows: int) -> str:
    """Say what the index is made with."""
    return f"The index is made with {embedder(name)}: {counted(rows, 'row')} of all versions."


def is_wanted() -> str:
    """Say that nothing is to be rebuilt."""
    return "That is what the settings want."


def wanted(name: str | None) -> str:
    """Say that the settings want another embedder, and who answers meanwhile."""
    return f"The settings want {embedder(name)}; until the index is rebuilt, questions are asked with the one it has."


def other_analyser(found: str, wanted: str) -> str:
    """Say that the terms of the index are another release's."""
    return f"Its terms are of the analyser {found}; this release has {wanted}."


def asked_in_its_terms() -> str:
    """Say that the former analyser goes on until the index is rebuilt."""
    return "Until the index is rebuilt, questions are asked and passages synced in the terms that it has."


def analyser_is_gone() -> str:
    """Say what an analyser that this release does not have means."""
    return "That one is gone: questions find less, and no sync goes well until the index is rebuilt."


def rebuilt(name: str | None, bases: int, rows: int, written: int) -> str:
    """Say that the index was rebuilt."""
    return (
        f"The index is made with {embedder(name)} now: {counted(bases, 'knowledge base')},"
        f" {counted(rows, 'row')} of all versions, {written} of them made just now."
    )


def compared() -> str:
    """Say what was held against each other before the switch."""
    return "Compared with the records: id, versions and rule of every row that a kept version shows."


def unfinished(name: str | None, since: str) -> str:
    """Say that a rebuilding was begun and not finished."""
    begun = f"A rebuilding with {embedder(name)} was begun at {since}"
    return f"{begun} and is not finished; questions are answered as before."


def kept(name: str | None, since: str) -> str:
    """Say that the former generation is kept."""
    return f"What it was until {since}, made with {embedder(name)}, is kept, and not kept up to date."


def rebuild(command: str) -> str:
    """Say how to rebuild."""
    return f"Rebuild it while it is asked:  {command}"


def go_on(command: str) -> str:
    """Say how to finish a rebuilding."""
    return f"Go on with it:  {command}"


def go_back(command: str) -> str:
    """Say how to go back."""
    return f"Go back:  {command}"


def delete_former(command: str) -> str:
    """Say how to delete what is kept."""
    return f"Delete it:  {command}"


def deleted(name: str | None) -> str:
    """Say that the other generation is gone."""
    return f"The generation of the index that was made with {embedder(name)} was deleted."


def rebuilding() -> str:
    """Head the progress bar."""
    return "Rebuilding the index"


def stopped(reason: str) -> str:
    """Say that a rebuilding stopped, and what is left of it."""
    return f"{reason}; the index stays what it was, and the same command goes on with the rebuilding"


def words_only(reason: str) -> str:
    """Say that questions are searched by words only now."""
    return f"Questions are searched by words only: {reason}"
