"""Knowledge bases, their versions and readers, as lines for a person. The sentences are `bot.texts`."""

from dataclasses import dataclass

from bot import sync_texts, texts
from bot.commands.access import BaseReaders
from bot.commands.kb import (
    BaseAdded,
    BaseKept,
    BaseList,
    BaseRemoved,
    BaseStatus,
    FilesUploaded,
    RejectedFiles,
)
from bot.commands.versions import VersionList, VersionShown
from bot.lines import Line, Look, Spelling
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class BaseWords(Value):
    """
    Tells results to the people of one platform.

    Attributes:
        command: writes the commands that are named.

    """

    command: Spelling

    def added(self, result: BaseAdded) -> list[Line]:
        """Tell of a new base, and how to fill and open it."""
        shown = [Line(texts.base_added(result.kb, result.source))]
        if result.readers:
            shown.append(Line(texts.readers_already(", ".join(result.readers))))
        else:
            shown.append(Line(texts.next_open_it(self.command("kb access", result.kb, "--allow", "everyone"))))
        shown.append(Line(texts.next_read_it_in(self.command("kb sync", result.kb))))
        return shown

    def uploaded(self, result: FilesUploaded) -> list[Line]:
        """Tell what was handed in, and how to read it in."""
        return [
            Line(texts.files_uploaded(result.kb, result.files)),
            Line(texts.next_read_it_in(self.command("kb sync", result.kb))),
        ]

    def listed(self, result: BaseList) -> list[Line]:
        """Tell of every base."""
        if not result.bases:
            return [Line(texts.no_bases(self.command("kb add", "NAME", "FOLDER")))]
        return [Line(texts.base_line(one.kb, one.version, one.documents, one.source)) for one in result.bases]

    def status(self, result: BaseStatus) -> list[Line]:
        """Tell how a base is."""
        shown = [Line(result.kb, look=Look.STRONG), Line(texts.version_line(result.version), 2)]
        if result.version:
            shown.append(Line(texts.counts_line(result.documents, result.chunks), 2))
        if result.pinned:
            shown.append(Line(texts.pinned_line(self.command("kb unpin", result.kb)), 2, Look.CARE))
        if result.running or result.progress:
            shown.append(Line(texts.running_line(result.progress), 2))
        if result.every and result.next_sync:
            shown.append(Line(sync_texts.synced_every(result.every, result.next_sync), 2))
        if result.alert:
            shown.append(Line(sync_texts.alert(result.alert), 2, Look.CARE))
        if result.embedding:
            shown.append(Line(result.embedding, 2, Look.CARE))
        if result.last_sync is None:
            shown.append(Line(texts.never_synced(self.command("kb sync", result.kb)), 2))
        else:
            run = {name: str(result.last_sync.get(name) or "") for name in ("ended_at", "state", "error")}
            shown.append(Line(texts.last_sync_line(**run), 2, Look.CARE if run["error"] else Look.PLAIN))
        if result.rejected:
            shown.append(
                Line(texts.rejected_files(result.rejected, self.command("kb failed", result.kb)), 2, Look.CARE)
            )
        return shown

    def failed(self, result: RejectedFiles) -> list[Line]:
        """Tell every file that was not taken, and why; before them, why the newest sync failed."""
        named = [Line(texts.rejection_line(one.path, one.reason)) for one in result.rejected]
        again = self.command("kb sync", result.kb)
        if result.error:
            shown = [Line(texts.newest_sync_failed(result.kb, result.error), look=Look.CARE)]
            shown.append(Line(texts.next_sync_again(again)))
            return [*shown, Line(texts.rejected_before()), *named] if named else shown
        if not result.synced:
            return [Line(texts.never_synced(again))]
        return named or [Line(texts.nothing_rejected(result.kb))]

    def removed(self, result: BaseRemoved | BaseKept) -> list[Line]:
        """Tell that a base is gone, or was kept."""
        if isinstance(result, BaseKept):
            return [Line(texts.removal_declined(result.kb))]
        return [Line(texts.base_removed(result.kb))]

    def versions(self, result: VersionList) -> list[Line]:
        """Tell every version that is kept."""
        if not result.versions:
            return [Line(texts.no_versions(result.kb, self.command("kb sync", result.kb)))]
        shown = []
        for one in result.versions:
            row = texts.version_row(one.number, str(one.state), one.created_at, one.documents, one.chunks)
            active = one.number == result.active
            shown.append(Line(texts.version_active(row), look=Look.STRONG) if active else Line(row))
        if result.pinned:
            shown.append(Line(texts.pinned_line(self.command("kb unpin", result.kb)), look=Look.CARE))
        return shown

    def shown_now(self, result: VersionShown) -> list[Line]:
        """Tell which version readers see after a change, whether it is pinned, and how to lift the pin."""
        if result.pinned:
            return [Line(texts.shown_pinned(result.kb, result.version, self.command("kb unpin", result.kb)))]
        return [Line(texts.shown_unpinned(result.kb, result.version))]

    def readers(self, result: BaseReaders) -> list[Line]:
        """Tell who can read a base."""
        return [Line(texts.readers_line(result.kb, ", ".join(result.readers)))]
