"""Results of commands as lines for a person. Not the sentences themselves: those are `bot.texts`."""

from collections.abc import Sequence

from bot import sync_texts, texts
from bot.cli.lines import BLANK, Line, Look
from bot.cli.shell import command
from bot.commands.access import BaseReaders
from bot.commands.doctor import Examination, State
from bot.commands.kb import (
    BaseAdded,
    BaseKept,
    BaseList,
    BaseRemoved,
    BaseStatus,
    FilesUploaded,
    RejectedFiles,
)
from bot.commands.schedule import BaseSchedule
from bot.commands.sync import SyncQueued, SyncReport
from bot.commands.versions import VersionList, VersionShown
from bot.commands.work import WorkDone
from pipelines.domain.knowledge import Rejection, SyncResult


_REJECTIONS_SHOWN = 10
_LOOKS = {State.OK: Look.GOOD, State.WARN: Look.CARE, State.FAIL: Look.BAD}


def added(result: BaseAdded) -> list[Line]:
    """Tell of a new base, and how to fill and open it."""
    shown = [Line(texts.base_added(result.kb, result.source))]
    if result.readers:
        shown.append(Line(texts.readers_already(", ".join(result.readers))))
    else:
        shown.append(Line(texts.next_open_it(command("kb access", result.kb, "--allow", "everyone"))))
    shown.append(Line(texts.next_read_it_in(command("kb sync", result.kb))))
    return shown


def uploaded(result: FilesUploaded) -> list[Line]:
    """Tell what was handed in, and how to read it in."""
    return [
        Line(texts.files_uploaded(result.kb, result.files)),
        Line(texts.next_read_it_in(command("kb sync", result.kb))),
    ]


def listed(result: BaseList) -> list[Line]:
    """Tell of every base."""
    if not result.bases:
        return [Line(texts.no_bases(command("kb add", "NAME", "FOLDER")))]
    return [Line(texts.base_line(one.kb, one.version, one.documents, one.source)) for one in result.bases]


def status(result: BaseStatus) -> list[Line]:
    """Tell how a base is."""
    shown = [Line(result.kb, look=Look.STRONG), Line(texts.version_line(result.version), 2)]
    if result.version:
        shown.append(Line(texts.counts_line(result.documents, result.chunks), 2))
    if result.pinned:
        shown.append(Line(texts.pinned_line(command("kb unpin", result.kb)), 2, Look.CARE))
    if result.running or result.progress:
        shown.append(Line(texts.running_line(result.progress), 2))
    if result.every and result.next_sync:
        shown.append(Line(sync_texts.synced_every(result.every, result.next_sync), 2))
    if result.alert:
        shown.append(Line(sync_texts.alert(result.alert), 2, Look.CARE))
    if result.embedding:
        shown.append(Line(result.embedding, 2, Look.CARE))
    if result.last_sync is None:
        shown.append(Line(texts.never_synced(command("kb sync", result.kb)), 2))
    else:
        run = {name: str(result.last_sync.get(name) or "") for name in ("ended_at", "state", "error")}
        shown.append(Line(texts.last_sync_line(**run), 2, Look.CARE if run["error"] else Look.PLAIN))
    if result.rejected:
        shown.append(Line(texts.rejected_files(result.rejected, command("kb failed", result.kb)), 2, Look.CARE))
    return shown


def failed(result: RejectedFiles) -> list[Line]:
    """Tell every file that was not taken, and why; before them, why the newest sync failed."""
    named = [Line(texts.rejection_line(one.path, one.reason)) for one in result.rejected]
    again = command("kb sync", result.kb)
    if result.error:
        shown = [Line(texts.newest_sync_failed(result.kb, result.error), look=Look.CARE)]
        shown.append(Line(texts.next_sync_again(again)))
        return [*shown, Line(texts.rejected_before()), *named] if named else shown
    if not result.synced:
        return [Line(texts.never_synced(again))]
    return named or [Line(texts.nothing_rejected(result.kb))]


def removed(result: BaseRemoved | BaseKept) -> list[Line]:
    """Tell that a base is gone, or was kept."""
    if isinstance(result, BaseKept):
        return [Line(texts.removal_declined(result.kb))]
    return [Line(texts.base_removed(result.kb))]


def synced(report: SyncReport) -> list[Line]:
    """Tell what a sync did, or would do."""
    result = report.result
    shown = [Line(_headline(report), look=Look.STRONG)]
    if report.changes:
        counts = (result.added, result.changed, result.renamed, result.removed, result.unchanged)
        shown.append(Line(sync_texts.documents(*counts), 2))
        shown.append(Line(sync_texts.passages(result.chunks_added, result.chunks_removed, result.chunks_embedded), 2))
        shown.append(Line(sync_texts.seconds(result.duration_ms), 2))
    if report.dry_run:
        shown += _would_change(result)
        if report.needs_consent:
            again = command("kb sync", report.kb, "--accept-loss")
            shown.append(Line(sync_texts.needs_consent(again), 2, Look.CARE))
    return shown + _not_taken(report.kb, result.rejected)


def queued(result: SyncQueued) -> list[Line]:
    """Tell that a sync was left to the workers, and how to see what became of it."""
    return [Line(sync_texts.queued(result.kb, result.job, command("kb status", result.kb)))]


def scheduled(result: BaseSchedule) -> list[Line]:
    """Tell when a base is synced by itself."""
    if result.every is None or result.next_sync is None:
        return [Line(sync_texts.no_schedule(result.kb, command("kb schedule", result.kb, "--every", "6h")))]
    return [Line(sync_texts.schedule(result.kb, result.every, result.next_sync))]


def worked(result: WorkDone) -> list[Line]:
    """Tell what a job process did."""
    return [Line(sync_texts.worked(result.done, result.failed, result.put_back))]


def _not_taken(kb: str, rejected: Sequence[Rejection]) -> list[Line]:
    """Name the first files that were not taken, if any, and the command that names all."""
    if not rejected:
        return []
    shown = [Line(sync_texts.not_taken(len(rejected)), 2, Look.CARE)]
    shown += [Line(texts.rejection_line(one.path, one.reason), 4) for one in rejected[:_REJECTIONS_SHOWN]]
    rest = len(rejected) - _REJECTIONS_SHOWN
    if rest > 0:
        shown.append(Line(sync_texts.more_of_them(rest, command("kb failed", kb)), 4))
    return shown


def _would_change(result: SyncResult) -> list[Line]:
    """Name the first documents of each kind of change."""
    renamed = tuple(sync_texts.renamed_line(before, now) for before, now in result.renamed_paths)
    kinds = (
        (sync_texts.would_be_added(), result.added, result.added_paths),
        (sync_texts.would_be_changed(), result.changed, result.changed_paths),
        (sync_texts.would_be_renamed(), result.renamed, renamed),
        (sync_texts.would_be_removed(), result.removed, result.removed_paths),
    )
    shown: list[Line] = []
    for headline, count, named in kinds:
        if named:
            shown += [Line(headline, 2), *(Line(one, 4) for one in named)]
        if named and count > len(named):
            shown.append(Line(sync_texts.more_paths(count - len(named)), 4))
    return shown


def _headline(report: SyncReport) -> str:
    """Say in one sentence how a sync ended."""
    kb, version = report.kb, report.result.version
    if report.dry_run:
        return sync_texts.would_change(kb) if report.changes else sync_texts.would_not_change(kb)
    if version == 0:
        return sync_texts.took_nothing(kb)
    if report.result.promoted:
        return sync_texts.unchanged(kb, version) if version == report.before else sync_texts.promoted(kb, version)
    return sync_texts.waits(kb, version, command("kb promote", kb, str(version)))


def versions(result: VersionList) -> list[Line]:
    """Tell every version that is kept."""
    if not result.versions:
        return [Line(texts.no_versions(result.kb, command("kb sync", result.kb)))]
    shown = []
    for one in result.versions:
        row = texts.version_row(one.number, str(one.state), one.created_at, one.documents, one.chunks)
        active = one.number == result.active
        shown.append(Line(texts.version_active(row), look=Look.STRONG) if active else Line(row))
    if result.pinned:
        shown.append(Line(texts.pinned_line(command("kb unpin", result.kb)), look=Look.CARE))
    return shown


def shown_now(result: VersionShown) -> list[Line]:
    """Tell which version readers see after a change, whether it is pinned, and how to lift the pin."""
    if result.pinned:
        return [Line(texts.shown_pinned(result.kb, result.version, command("kb unpin", result.kb)))]
    return [Line(texts.shown_unpinned(result.kb, result.version))]


def readers(result: BaseReaders) -> list[Line]:
    """Tell who can read a base."""
    return [Line(texts.readers_line(result.kb, ", ".join(result.readers)))]


def examined(result: Examination) -> list[Line]:
    """Tell what was found, what is set, and what to do next."""
    shown: list[Line] = []
    for one in result.checks:
        shown.append(Line(texts.check_line(str(one.state), one.message), look=_LOOKS[one.state]))
        if one.next:
            shown.append(Line(one.next, 6))
    if result.settings:
        shown += [BLANK, Line(texts.settings_headline(), look=Look.STRONG)]
        shown += [Line(texts.setting_line(name, value), 2) for name, value in result.settings]
    return shown
