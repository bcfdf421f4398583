"""The fake Slack's memory with its look-ups, ids and timestamps; the Web API and the people write to it."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from tests.fakes.slack_state import (
    App,
    Channel,
    Ephemeral,
    Group,
    Installation,
    Message,
    Prompts,
    ResponseUrl,
    Session,
    StoredFile,
    ThreadStatus,
    Trigger,
    User,
    View,
    Workspace,
)


if TYPE_CHECKING:
    from tests.fakes.slack_journal import Delivery


STATUS_LIFE_S = 120.0


class Clock(Protocol):
    """Time of day and monotonic seconds."""

    def now(self) -> datetime:
        """Return the time of day, aware."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        ...


class RealClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Rules:
    """
    Slack's limits. Each can be moved by a test.

    Attributes:
        stream_life_s: after which a stream takes nothing more, however busy.
        stream_bytes: of one streamed message.
        markdown_chars: of a markdown_text, and of all markdown blocks of a message.
        text_chars: of `text`; the rest is cut off.
        update_chars: of `text` of `chat.update`; more is refused.
        blocks_chars: of all texts in the blocks of a message.
        message_blocks: blocks of a message, and of the chunks of a stream.
        trigger_life_s: within which a trigger opens a view.
        response_life_s: within which a response_url answers.
        response_uses: of one response_url.
        stop_stopped_stream: whether `chat.stopStream` still finishes a message whose stop button was pressed.
        view_stack: modals that lie on each other.

    """

    stream_life_s: float = 300.0
    stream_bytes: int = 11_000
    markdown_chars: int = 12_000
    text_chars: int = 40_000
    update_chars: int = 4_000
    blocks_chars: int = 13_200
    message_blocks: int = 50
    trigger_life_s: float = 3.0
    response_life_s: float = 1800.0
    response_uses: int = 5
    stop_stopped_stream: bool = True
    view_stack: int = 3


class World:
    """
    Everything that the fake Slack knows. Hold `lock` while you read or change more than one thing.

    Attributes:
        url: of the fake itself, without a slash at its end.
        send: takes what an app is to be sent.

    """

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self.clock = clock
        self.rules = rules
        self.lock = threading.RLock()
        self.url = ""
        self.send: Callable[[Delivery], None] = lambda _delivery: None
        self.teams: dict[str, Workspace] = {}
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.apps: dict[str, App] = {}
        self.installations: list[Installation] = []
        self.messages: dict[str, dict[str, Message]] = {}
        self._threads: dict[tuple[str, str], list[Message]] = {}
        self.ephemerals: list[Ephemeral] = []
        self.views: dict[str, View] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.sessions: dict[tuple[str, str, str], Session] = {}
        self.statuses: dict[tuple[str, str], ThreadStatus] = {}
        self.prompts: dict[tuple[str, str], Prompts] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, StoredFile] = {}
        self._numbers: Counter[str] = Counter()
        self._last_ts = 0

    def id(self, prefix: str) -> str:
        """Return a new id, such as U000000001F."""
        with self.lock:
            self._numbers[prefix] += 1
            return f"{prefix}{self._numbers[prefix]:010X}"

    def ts(self) -> str:
        """Return a new timestamp, later than all before."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1e6))
            return f"{self._last_ts // 10**6}.{self._last_ts % 10**6:06d}"

    def seconds(self) -> int:
        """Return the time of day in whole seconds since the epoch."""
        return int(self.clock.now().timestamp())

    def message(self, channel: str, ts: str) -> Message | None:
        """Return a message that is not deleted."""
        found = self.messages.get(channel, {}).get(ts)
        return found if found is not None and not found.deleted else None

    def keep(self, message: Message) -> Message:
        """Add a message to its channel."""
        self.messages.setdefault(message.channel, {})[message.ts] = message
        if message.thread_ts and message.thread_ts != message.ts:
            self._threads.setdefault((message.channel, message.thread_ts), []).append(message)
        return message

    def replies(self, channel: str, root: str) -> list[Message]:
        """Return the messages of a thread that are not deleted, its root without, oldest first."""
        return [one for one in self._threads.get((channel, root), []) if not one.deleted]

    def installed_in(self, channel: Channel) -> Iterator[Installation]:
        """Yield the installations whose bot is a member of a channel."""
        for one in self.installations:
            if not one.revoked and one.bot_user in channel.members:
                yield one

    def installation_of(self, app_id: str, team_id: str) -> Installation:
        """Return an app's installation in a workspace."""
        found = (one for one in self.installations if one.app.id == app_id and one.team_id == team_id)
        return next(found)

    def reaches(self, team_id: str, channel: Channel) -> bool:
        """Say whether a workspace has a channel: as its own, by Slack Connect, or within an Enterprise Grid."""
        return team_id in (channel.team_id, *channel.shared_with, *channel.grid_with)

    def sees(self, installation: Installation, channel: Channel) -> bool:
        """Say whether an app may know of a channel: a public one of its workspace, or one that its bot is in."""
        if not self.reaches(installation.team_id, channel):
            return False
        return channel.kind == "public" or installation.bot_user in channel.members

    def visible_user(self, team_id: str, user_id: str) -> User | None:
        """Return a user of a workspace, or one of another that shares a channel with it."""
        user = self.users.get(user_id)
        if user is None or user.team_id == team_id:
            return user
        if user.enterprise_id and user.enterprise_id == self.teams[team_id].enterprise_id:
            return user
        met = (one for one in self.channels.values() if user_id in one.members and self.reaches(team_id, one))
        return user if next(met, None) is not None else None

    def direct(self, *users: str) -> Channel:
        """Return the direct conversation of some users, a new one where there is none."""
        kind = "im" if len(users) <= 2 else "mpim"
        for one in self.channels.values():
            if one.kind == kind and set(one.members) == set(users):
                return one
        team = self.users[users[0]].team_id
        name = "" if kind == "im" else "mpdm-" + "--".join(self.users[one].name for one in users) + "-1"
        made = Channel(self.id("D" if kind == "im" else "G"), team, name, "im" if kind == "im" else "mpim")
        made.members = list(users)
        made.created = self.seconds()
        self.channels[made.id] = made
        return made

    def thread_status(self, channel: str, thread_ts: str) -> str:
        """Return the status that a thread shows now; "" for none."""
        status = self.statuses.get((channel, thread_ts))
        if status is None or self.clock.monotonic() - status.set_s >= STATUS_LIFE_S:
            return ""
        return status.text

    def external(self, channel: Channel) -> bool:
        """Say whether a channel is shared with another organisation."""
        return bool(channel.shared_with)
