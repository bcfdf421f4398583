"""The doctor's look at what the index is made with: whether that is wanted, and can be asked. Mends nothing."""

from collections.abc import Callable, Iterator

from bot import index_texts as texts
from bot.commands.checks import Check, State
from bot.commands.index import is_outdated, words_only
from bot.facade import Footnote
from pipelines.domain.index_places import Copy
from pipelines.errors import FootnoteError


_NAME = "index embedder"


def made_with(footnote: Footnote, command: Callable[..., str]) -> Iterator[Check]:
    """Warn of an index that is made with something else than is wanted, or whose embedder does not answer."""
    try:
        state, outdated, silent = footnote.generations.state(), is_outdated(footnote), words_only(footnote)
    except FootnoteError as error:
        yield Check(_NAME, State.FAIL, str(error))
        return
    rebuild, confirm = command("index rebuild", ""), command("index confirm", "")
    if silent is not None:
        yield Check(_NAME, State.WARN, silent, "" if state.current else texts.rebuild(rebuild))
    elif outdated is not None:
        again = texts.go_on if state.place.rebuilt is Copy.MOVING else texts.rebuild
        yield Check(_NAME, State.WARN, outdated, again(rebuild))
    if state.place.rebuilt is Copy.KEPT and state.beside is not None:
        kept = texts.kept(state.beside.embedder, state.place.since)
        yield Check("index before", State.OK, kept, texts.delete_former(confirm))
