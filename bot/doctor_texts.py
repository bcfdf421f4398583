"""Every sentence of the doctor, one function per sentence."""

from bot.texts import counted, counts_line
from pipelines.domain.model_probe import ModelProbe


def python_fits(version: str) -> str:
    """Say which Python runs."""
    return f"Python {version}"


def folder_writable(folder: str, free_mb: int) -> str:
    """Say that the data folder can be written and how much room it has."""
    return f"{folder} can be written; {free_mb / 1000:.1f} GB are free"


def folder_closed(folder: str, reason: str) -> str:
    """Say that the data folder cannot be written."""
    return f"{folder} cannot be written: {reason}"


def choose_data_folder() -> str:
    """Say how to choose another data folder."""
    return "Change its rights, or name another folder (FOOTNOTE_DATA_DIR)."


def free_some_space() -> str:
    """Say that the disk is nearly full."""
    return "Free some space on its disk, or name a folder on another one (FOOTNOTE_DATA_DIR)."


def records_open(place: str) -> str:
    """Say that the records can be read, and where they are: kind, version, place and schema."""
    return f"The records open: {place}"


def index_opens() -> str:
    """Say that the index can be read."""
    return "The index opens"


def words_only() -> str:
    """Say that no embedding model is used."""
    return "Search is by words only, as FOOTNOTE_EMBEDDER=none says; a question finds what shares its words"


def embedder_works(name: str, dimensions: int) -> str:
    """Say which model turns text into vectors."""
    return f"{name} works ({dimensions} dimensions)"


def no_base() -> str:
    """Say that there is nothing to ask."""
    return "There is no knowledge base yet"


def first_base(command: str) -> str:
    """Say how to add one."""
    return f"Add one:  {command}"


def run_this(command: str) -> str:
    """Name the next command."""
    return f"Run:  {command}"


def source_gone(kb: str, source: str, version: int) -> str:
    """Say that a folder is not there."""
    return f"{kb}: its folder {source} is not there; {_what_readers_see(version)}"


def bring_source_back() -> str:
    """Say what to do about a missing folder."""
    return "Bring the folder back, or remove the base and add it again from where its documents are now."


def not_synced(kb: str) -> str:
    """Say that no sync of a base has ended."""
    return f"{kb}: not synced yet"


def no_document(kb: str, source: str) -> str:
    """Say that a sync found nothing to read."""
    return f"{kb}: the last sync found no document in {source}"


def put_documents_there(command: str) -> str:
    """Say what to do about a folder without documents."""
    return f"Put documents there, then run:  {command}"


def sync_failed(kb: str, error: str, version: int) -> str:
    """Say why the last sync ended."""
    return f"{kb}: the last sync failed ({error}); {_what_readers_see(version)}"


def syncs_need_a_person(kb: str, alert: str, error: str) -> str:
    """Say that syncs fail again and again, or do not come."""
    if alert == "overdue":
        return f"{kb}: no sync went well for two intervals of its schedule; look whether a worker runs"
    return f"{kb}: the last two syncs failed ({error})"


def index_lost(kb: str, chunks: int) -> str:
    """Say that the index lost a base."""
    return f"{kb}: the index holds nothing of its {counted(chunks, 'passage')}, so nothing of it is found"


def text_lost(kb: str, path: str, error: str) -> str:
    """Say that a stored text cannot be read."""
    return f"{kb}: the stored text of {path} cannot be read: {error}"


def bring_texts_back(command: str) -> str:
    """Say what to do about a stored text that is lost."""
    return f"Bring the folder blobs back from the backup of FOOTNOTE_DATA_DIR, or run:  {command}"


def uploads_lost(kb: str, path: str, count: int, *, looked_at: int, waiting: int) -> str:
    """Say that files that were handed in cannot be synced any more; the first of them by name, and of how many."""
    first = path if count == 1 else f"{path} and {counted(count - 1, 'other')}"
    told = f"{kb}: the stored file of {first}, handed in and not synced yet, is missing"
    return told if looked_at == waiting else f"{told}; looked for {looked_at} of {waiting} such files"


def hand_in_again(command: str) -> str:
    """Say what to do about files that were handed in and are lost."""
    return f"Bring the stored files back from the backup, or hand in again what is missing:  {command}"


def chore_set_aside(kind: str, kb: str, reason: str) -> str:
    """Say that what is done each day was given up."""
    done = {
        "census": "The daily comparison of the index with the records",
        "vacuum": "The daily deletion of old versions",
        "tidy": "The daily deletion of stored files that nothing needs",
    }
    return f"{done[kind]}{f' of {kb}' if kb else ''} was set aside: {reason}"


def free_the_chore() -> str:
    """Say what to do about a chore that was set aside."""
    return "Find out from that log what ends the worker, memory for instance; the chore is tried again the next day."


def is_pinned(kb: str, version: int) -> str:
    """Say that a base is held at a version."""
    return f"{kb}: pinned at version {version}, so that no sync changes what readers see"


def has_rejected(kb: str, count: int) -> str:
    """Say that files were not taken."""
    return f"{kb}: {counted(count, 'file')} could not be taken"


def base_is_well(kb: str, version: int, documents: int, chunks: int, ended: str) -> str:
    """Say that a base is in order."""
    return f"{kb}: version {version}, {counts_line(documents, chunks)}, last sync {ended}"


def index_in_weaviate(place: str) -> str:
    """Say that the index in a Weaviate server can be used."""
    return f"The index opens, in Weaviate at {place}"


def blobs_kept(place: str) -> str:
    """Say that files can be written, read and deleted where they are kept."""
    return f"Files can be kept in {place}"


def key_without_weaviate() -> str:
    """Say that a key has no server."""
    return "WEAVIATE_API_KEY is set and WEAVIATE_URL is not, so the index is a file"


def set_weaviate_or_unset_key() -> str:
    """Say what to do about a key without a server."""
    return "Set WEAVIATE_URL, or unset WEAVIATE_API_KEY."


def cache_answers() -> str:
    """Say that Redis remembers answers."""
    return "Redis answers; remembered answers, rate budgets and announcements go through it"


def without_cache() -> str:
    """Say what goes on while Redis is away."""
    return "Until it answers, every question is answered anew, and each process counts its own budgets."


def broker_keeps_jobs() -> str:
    """Say that the queues are safe."""
    return "Redis answers and keeps queued jobs (maxmemory-policy noeviction)"


def model_answers(found: ModelProbe) -> str:
    """Say how a language model answered one question."""
    served = "" if found.served_by == found.model else f" (as {found.served_by})"
    context = "context not told" if found.context_tokens is None else f"context {found.context_tokens:,} tokens"
    times = f"first words after {found.first_s:.1f} s, whole after {found.whole_s:.1f} s"
    return f"{found.model}{served} answers: {times}, {'streaming' if found.pieces > 1 else 'in one piece'}, {context}"


def model_does_not_cite() -> str:
    """Say what a model without marks means."""
    return (
        "It does not name its source as it is told, so many of its sentences will be left out: choose a model "
        "that follows instructions."
    )


def context_is_small(tokens: int) -> str:
    """Say what to do about a small context."""
    return (
        f"Long prompts will not fit, and answers to them are extracts: let its server read {tokens:,} tokens or more."
    )


def model_does_not_stream() -> str:
    """Say what a reply in one piece means."""
    return "Nothing is shown before all is written: let its server, or the proxy before it, stream."


def without_model() -> str:
    """Say what goes on while the model is away, and what to do."""
    return "Until it does, answers are extracts. Start it, or correct OPENAI_BASE_URL and what stands beside it."


def tuned_model_of(route: str, more: int) -> str:
    """Name the route, or the first of the routes, that a tuned model answers for."""
    return f"route {route}" + (f" and {more} more" if more else "")


def without_tuned_model(command: str) -> str:
    """Say what goes on while a route's model is away, and what to do."""
    return f"Until it does, the base model answers in its place. Start it, or look at the routes:  {command}"


def no_model_named(name: str) -> str:
    """Say that a setting of a model's server has no model."""
    return f"{name} is set, and FOOTNOTE_MODEL names no model, so answers are extracts"


def name_a_model() -> str:
    """Say what to do about a server without a model."""
    return "Set FOOTNOTE_MODEL, or unset it."


def _what_readers_see(version: int) -> str:
    """Say in half a sentence what a fault leaves to readers."""
    return "readers still see the last good version" if version else "readers see nothing yet"
