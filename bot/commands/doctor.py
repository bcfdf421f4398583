"""
What is configured, what works, and what to do next. Changes nothing of the data.

It goes on after a fault: each check stands alone and tells one thing.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot import doctor_texts as texts
from bot import move_texts
from bot.commands.authority import require_admin
from bot.commands.checks import Check, State
from bot.commands.index_checks import made_with
from bot.commands.kb import BaseStatus, list_all, status
from bot.commands.model_checks import model_checks
from bot.commands.routes import RouteLine, list_routes
from bot.commands.upkeep_checks import chores_set_aside, lost_upload
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.index_places import Copy, Engine, IndexPlace
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError, TransientError


if TYPE_CHECKING:
    from pipelines.settings import Settings


__all__ = ["Check", "Examination", "State", "Surroundings", "examine", "examine_platform", "this_machine"]

LITTLE_SPACE_MB = 1000
_PROBE = b"footnote doctor looks whether files can be kept here"
_OF_A_MODEL = ("openai_base_url", "openai_api_key")


@dataclass(frozen=True, slots=True)
class Examination(Value):
    """All checks in order, and (name, shown value) of the settings that were given."""

    checks: tuple[Check, ...]
    settings: tuple[tuple[str, str], ...]

    @property
    def state(self) -> State:
        """The worst state of all checks."""
        found = {one.state for one in self.checks}
        return next((state for state in (State.FAIL, State.WARN) if state in found), State.OK)

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        checks = [asdict(one) | {"state": str(one.state)} for one in self.checks]
        return {"state": str(self.state), "checks": checks, "settings": dict(self.settings)}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the checks ask of the machine, and of what others look at.

    Attributes:
        free_bytes: free space where a folder lies.
        platforms: looks at the chat platforms that are on.

    """

    free_bytes: Callable[[Path], int]
    platforms: Callable[["Settings"], Sequence[Check]] = lambda _: ()


def this_machine(platforms: Callable[["Settings"], Sequence[Check]]) -> Surroundings:
    """Return the machine that we run on, and what looks at the chat platforms."""
    return Surroundings(free_bytes=lambda folder: shutil.disk_usage(folder).free, platforms=platforms)


def examine(
    footnote: Footnote, principal: Principal, command: Callable[..., str], surroundings: Surroundings
) -> Examination:
    """
    Look at everything.

    Args:
        footnote: the installation; its parts are opened by the checks.
        principal: an admin.
        command: writes a command of this platform from its verb, a base's name and options.
        surroundings: what is asked of the machine and of chat platforms.

    """
    require_admin(principal)
    checks = [Check("python", State.OK, texts.python_fits(python_version())), _data_folder(footnote, surroundings)]
    if checks[-1].state != State.FAIL:
        checks.extend(_parts(footnote, principal, command))
        checks.extend(_redis(footnote))
    checks.extend(_services(footnote, principal, command, routed=_open_well(checks)))
    checks.extend(surroundings.platforms(footnote.settings))
    return Examination(tuple(checks), tuple(footnote.settings.chosen()))


def examine_platform(
    footnote: Footnote, principal: Principal, look: Callable[["Settings"], Sequence[Check]]
) -> Examination:
    """
    Look at a chat platform alone.

    Args:
        footnote: the installation; none of its parts is opened.
        principal: an admin.
        look: makes the platform's checks.

    """
    require_admin(principal)
    return Examination(tuple(look(footnote.settings)), tuple(footnote.settings.chosen()))


def _parts(footnote: Footnote, principal: Principal, command: Callable[..., str]) -> Iterator[Check]:
    """Check what is stored and the model; where the records do not open, nothing that rests on them is looked at."""
    records = _records(footnote)
    yield records
    if records.state != State.FAIL:
        yield from _index(footnote, command)
        yield from made_with(footnote, command)
        yield from _stored_files(footnote)
    yield _embedder(footnote)
    if records.state != State.FAIL:
        yield from _bases(footnote, principal, command)


def _data_folder(footnote: Footnote, surroundings: Surroundings) -> Check:
    """Check that the data folder can be written, by a file that vanishes at once, and its free space."""
    folder = footnote.settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free_mb = surroundings.free_bytes(folder) // 1_000_000
    except OSError as error:
        reason = error.strerror or str(error)
        return Check("data folder", State.FAIL, texts.folder_closed(str(folder), reason), texts.choose_data_folder())
    state = State.WARN if free_mb < LITTLE_SPACE_MB else State.OK
    advice = texts.free_some_space() if state == State.WARN else ""
    return Check("data folder", state, texts.folder_writable(str(folder), free_mb), advice)


def _opens(name: str, well: str, footnote: Footnote, use: Callable[[Footnote], object]) -> Check:
    """Check that a part can be used; its own error names the way out."""
    try:
        use(footnote)
    except FootnoteError as error:
        return Check(name, State.FAIL, str(error))
    return Check(name, State.OK, well)


def _records(footnote: Footnote) -> Check:
    """Check that the records can be read, and tell where they are."""
    try:
        footnote.records.bases.all()
        return Check("records", State.OK, texts.records_open(footnote.records.described()))
    except FootnoteError as error:
        return Check("records", State.FAIL, str(error))


def _index(footnote: Footnote, command: Callable[..., str]) -> Iterator[Check]:
    """Check that the index can be asked, wherever it is, and tell of a move that was begun or not confirmed."""
    address, key = footnote.settings.weaviate_url, footnote.settings.weaviate_api_key
    try:
        place = footnote.indexes.place()
        footnote.index.count(0)
    except FootnoteError as error:
        yield Check("index", State.FAIL, str(error))
        return
    host = urlsplit(address.get_secret_value()).netloc if address else ""
    opens = texts.index_in_weaviate(host) if place.engine is Engine.WEAVIATE else texts.index_opens()
    if key is not None and address is None:
        yield Check("index", State.WARN, texts.key_without_weaviate(), texts.set_weaviate_or_unset_key())
    elif address is not None and place.engine is Engine.SQLITE and place.copy is None:
        move = command("move index", "", "--to", Engine.WEAVIATE.value)
        yield Check("index", State.WARN, move_texts.address_without_index(), move_texts.move_or_unset(move))
    else:
        yield Check("index", State.OK, opens)
    yield from _copy(place, command)


def _copy(place: IndexPlace, command: Callable[..., str]) -> Iterator[Check]:
    """Tell of what the engine that is not in use holds."""
    other, delete = place.engine.other, command("move index", "", "--confirm")
    if place.moved is Copy.MOVING:
        again = command("move index", "", "--to", other.value)
        yield Check("index copy", State.WARN, move_texts.move_unfinished(other, place.since), move_texts.go_on(again))
    elif place.moved is Copy.KEPT:
        yield Check("index copy", State.OK, move_texts.copy_kept(other, place.since), move_texts.delete_copy(delete))


def _stored_files(footnote: Footnote) -> Iterator[Check]:
    """Tell of files that are not this installation's; nothing is written among them."""
    try:
        footnote.check_stored_files()
    except FootnoteError as error:
        yield Check("stored files", State.FAIL, str(error))
        return
    yield from _blobs(footnote)


def _blobs(footnote: Footnote) -> Iterator[Check]:
    """Check that files can be kept where the settings say, by one that vanishes at once."""
    place = footnote.settings.blobs
    if place is None:
        return

    def rehearse(it: Footnote) -> None:
        name = it.blobs.put(_PROBE)
        try:
            it.blobs.get(name)
        finally:
            it.blobs.delete(name)

    yield _opens("FOOTNOTE_BLOBS", texts.blobs_kept(place), footnote, rehearse)


def _embedder(footnote: Footnote) -> Check:
    """Check that the model turns a text into a vector, or say that none is used."""
    try:
        embedder = footnote.embedder
        if embedder is None:
            return Check("embedder", State.OK, texts.words_only())
        embedder.embed(["footnote"])
    except FootnoteError as error:
        return Check("embedder", State.FAIL, str(error))
    return Check("embedder", State.OK, texts.embedder_works(embedder.name, embedder.dimensions))


def _bases(footnote: Footnote, principal: Principal, command: Callable[..., str]) -> Iterator[Check]:
    """Check every base, until the records that tell of them fail."""
    try:
        lines = list_all(footnote, principal).bases
        if not lines:
            yield Check("bases", State.WARN, texts.no_base(), texts.first_base(command("kb add", "NAME", "FOLDER")))
        for line in lines:
            one = status(footnote, principal, line.kb)
            lost = _lost(footnote, one, command) or lost_upload(footnote, one.kb, command)
            yield lost or _base(one, line.source, command)
        yield from chores_set_aside(footnote, [line.kb for line in lines])
    except FootnoteError as error:
        yield Check("bases", State.FAIL, str(error))


def _lost(footnote: Footnote, one: BaseStatus, command: Callable[..., str]) -> Check | None:
    """Fail a base whose passages the index lost, or of which one stored text, the first by path, cannot be read."""
    base = footnote.records.bases.get(one.kb)
    name, sync = f"base {one.kb}", command("kb sync", one.kb)
    if one.chunks and _rows(footnote, base.id) == 0:
        return Check(name, State.FAIL, texts.index_lost(one.kb, one.chunks), texts.run_this(sync))
    for life in islice(footnote.records.ledger.documents(base.id, base.active), 1):
        try:
            footnote.blobs.get(life.text_hash)
        except FootnoteError as error:
            message = texts.text_lost(one.kb, life.path, str(error))
            return Check(name, State.FAIL, message, texts.bring_texts_back(sync))
    return None


def _rows(footnote: Footnote, kb: int) -> int | None:
    """Return how many rows the index holds of a base; None where it does not open, which was reported before."""
    try:
        return footnote.index.count(kb)
    except FootnoteError:
        return None


def _base(one: BaseStatus, source: str, command: Callable[..., str]) -> Check:
    """Check one base: the first thing that asks for care is the one that is told."""
    name = f"base {one.kb}"
    for trouble in (_last_sync(one, source, command), _standing(one, source, command)):
        if trouble is not None:
            return Check(name, State.WARN, *trouble)
    ended = str((one.last_sync or {}).get("ended_at", ""))
    return Check(name, State.OK, texts.base_is_well(one.kb, one.version, one.documents, one.chunks, ended))


def _last_sync(one: BaseStatus, source: str, command: Callable[..., str]) -> tuple[str, str] | None:
    """Return what keeps a base from being synced, and what to do."""
    again = texts.run_this(command("kb sync", one.kb))
    # Any other kind of source is an address: a sync says whether it is there.
    if Path(source).is_absolute() and not Path(source).is_dir():
        return texts.source_gone(one.kb, source, one.version), texts.bring_source_back()
    if one.alert is not None:
        return texts.syncs_need_a_person(one.kb, one.alert, str((one.last_sync or {}).get("error") or "")), again
    if one.last_sync is None:
        return texts.not_synced(one.kb), again
    if one.last_sync.get("error"):
        return texts.sync_failed(one.kb, str(one.last_sync["error"]), one.version), again
    return None


def _standing(one: BaseStatus, source: str, command: Callable[..., str]) -> tuple[str, str] | None:
    """Return what is odd about a base whose last sync ended well, and what to do."""
    if one.pinned:
        return texts.is_pinned(one.kb, one.version), texts.run_this(command("kb unpin", one.kb))
    if one.rejected:
        return texts.has_rejected(one.kb, one.rejected), texts.run_this(command("kb failed", one.kb))
    if one.version == 0:
        return texts.no_document(one.kb, source), texts.put_documents_there(command("kb sync", one.kb))
    return None


def _redis(footnote: Footnote) -> Iterator[Check]:
    """Check the server of remembered answers and that of the queues, where they are set."""
    if footnote.settings.redis_url is not None:
        try:
            warning = footnote.check_cache_server()
        except TransientError as error:
            yield Check("REDIS_URL", State.WARN, str(error), texts.without_cache())
        except FootnoteError as error:
            yield Check("REDIS_URL", State.FAIL, str(error))
        else:
            yield Check("REDIS_URL", State.WARN if warning else State.OK, warning or texts.cache_answers())
    if footnote.settings.broker_url is not None:
        try:
            footnote.check_broker_server()
        except FootnoteError as error:
            yield Check("FOOTNOTE_BROKER_URL", State.FAIL, str(error))
        else:
            yield Check("FOOTNOTE_BROKER_URL", State.OK, texts.broker_keeps_jobs())


def _open_well(checks: Sequence[Check]) -> bool:
    """Say whether the records were found to open."""
    return any(one.name == "records" and one.state is State.OK for one in checks)


def _models(footnote: Footnote, principal: Principal, command: Callable[..., str], *, routed: bool) -> Iterator[Check]:
    """Tell how the language models answer; those of routes too, where the records can be asked for them."""
    routes: Sequence[RouteLine] = ()
    try:
        routes = list_routes(footnote, principal).routes if routed else ()
    except FootnoteError as error:
        yield Check("routes", State.FAIL, str(error))
    yield from model_checks(footnote, routes, command)


def _services(
    footnote: Footnote, principal: Principal, command: Callable[..., str], *, routed: bool
) -> Iterator[Check]:
    """Tell how the language models answer, and which of their settings are not used."""
    if footnote.settings.model and footnote.settings.openai_base_url is not None:
        yield from _models(footnote, principal, command, routed=routed)
    settings = footnote.settings
    for field in _OF_A_MODEL:
        if not settings.model and getattr(settings, field) is not None:
            yield Check(field.upper(), State.WARN, texts.no_model_named(field.upper()), texts.name_a_model())
