"""Syncs and their intervals, as lines for a person. The sentences are `bot.sync_texts`."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import sync_texts, texts
from bot.commands.schedule import BaseSchedule
from bot.commands.sync import SyncQueued, SyncReport
from bot.lines import Line, Look, Spelling
from pipelines.domain.knowledge import Rejection, SyncResult
from pipelines.domain.values import Value


_REJECTIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SyncWords(Value):
    """
    Tells results to the people of one platform.

    Attributes:
        command: writes the commands that are named.

    """

    command: Spelling

    def synced(self, report: SyncReport) -> list[Line]:
        """Tell what a sync did, or would do."""
        result = report.result
        shown = [Line(self._headline(report), look=Look.STRONG)]
        if report.changes:
            counts = (result.added, result.changed, result.renamed, result.removed, result.unchanged)
            shown.append(Line(sync_texts.documents(*counts), 2))
            shown.append(
                Line(sync_texts.passages(result.chunks_added, result.chunks_removed, result.chunks_embedded), 2)
            )
            shown.append(Line(sync_texts.seconds(result.duration_ms), 2))
        if report.dry_run:
            shown += _would_change(result)
            if report.needs_consent:
                again = self.command("kb sync", report.kb, "--accept-loss")
                shown.append(Line(sync_texts.needs_consent(again), 2, Look.CARE))
        return shown + self._not_taken(report.kb, result.rejected)

    def queued(self, result: SyncQueued) -> list[Line]:
        """Tell that a sync was left to the workers, and how to see what became of it."""
        return [Line(sync_texts.queued(result.kb, result.job, self.command("kb status", result.kb)))]

    def scheduled(self, result: BaseSchedule) -> list[Line]:
        """Tell when a base is synced by itself."""
        if result.every is None or result.next_sync is None:
            return [Line(sync_texts.no_schedule(result.kb, self.command("kb schedule", result.kb, "--every", "6h")))]
        return [Line(sync_texts.schedule(result.kb, result.every, result.next_sync))]

    def _not_taken(self, kb: str, rejected: Sequence[Rejection]) -> list[Line]:
        """Name the first files that were not taken, if any, and the command that names all."""
        if not rejected:
            return []
        shown = [Line(sync_texts.not_taken(len(rejected)), 2, Look.CARE)]
        shown += [Line(texts.rejection_line(one.path, one.reason), 4) for one in rejected[:_REJECTIONS_SHOWN]]
        rest = len(rejected) - _REJECTIONS_SHOWN
        if rest > 0:
            shown.append(Line(sync_texts.more_of_them(rest, self.command("kb failed", kb)), 4))
        return shown

    def _headline(self, report: SyncReport) -> str:
        """Say in one sentence how a sync ended."""
        kb, version = report.kb, report.result.version
        if report.dry_run:
            return sync_texts.would_change(kb) if report.changes else sync_texts.would_not_change(kb)
        if version == 0:
            return sync_texts.took_nothing(kb)
        if report.result.promoted:
            return sync_texts.unchanged(kb, version) if version == report.before else sync_texts.promoted(kb, version)
        return sync_texts.waits(kb, version, self.command("kb promote", kb, str(version)))


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
