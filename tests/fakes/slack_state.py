"""What the fake Slack remembers: people, channels, apps, messages, views. Data alone; nobody is told of a change."""

from dataclasses import dataclass, field
from typing import Any, Literal


Role = Literal["member", "admin", "owner", "primary_owner", "guest", "single_channel_guest", "bot"]
ChannelKind = Literal["public", "private", "im", "mpim"]
StreamState = Literal["in_progress", "completed", "expired", "stopped"]
Json = dict[str, Any]


@dataclass(slots=True)
class Workspace:
    """A workspace; with an `enterprise_id` it is part of an Enterprise Grid."""

    id: str
    name: str
    domain: str
    enterprise_id: str = ""


@dataclass(slots=True)
class User:
    """
    A person or a bot of one workspace.

    Attributes:
        role: what the workspace lets this user do.
        email: empty where Slack knows none.
        deleted: the account is deactivated.
        updated: seconds since the epoch of the last change.

    """

    id: str
    team_id: str
    name: str
    role: Role = "member"
    email: str = ""
    real_name: str = ""
    deleted: bool = False
    email_confirmed: bool = True
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    enterprise_id: str = ""
    bot_id: str = ""
    app_id: str = ""
    updated: int = 0


@dataclass(slots=True)
class Group:
    """A user group (@handle) of a workspace."""

    id: str
    team_id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    enabled: bool = True
    created: int = 0
    updated: int = 0


@dataclass(slots=True)
class Channel:
    """
    A conversation of any kind.

    Attributes:
        team_id: the workspace that owns it.
        shared_with: workspaces of other organisations that it is shared with (Slack Connect).
        invited: workspaces of other organisations that are invited to share it and have not answered.
        grid_with: other workspaces of the same Enterprise Grid that it is shared with.
        members: ids of users, in the order in which they came.

    """

    id: str
    team_id: str
    name: str
    kind: ChannelKind
    members: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    grid_with: list[str] = field(default_factory=list)
    archived: bool = False
    creator: str = ""
    created: int = 0


@dataclass(slots=True)
class App:
    """
    An app as its manifest describes it.

    Attributes:
        request_url: where events, interactions and commands go by HTTP.
        socket_mode: they go over WebSockets in its place.
        events: names of subscribed events, as in a manifest: `app_mention`, `message.channels` ...

    """

    id: str
    name: str
    signing_secret: str
    verification_token: str
    app_token: str
    request_url: str = ""
    socket_mode: bool = False
    events: frozenset[str] = frozenset()


@dataclass(slots=True)
class Installation:
    """An app in a workspace, with its bot user and token."""

    app: App
    team_id: str
    bot_token: str
    bot_user: str
    bot_id: str
    scopes: frozenset[str]
    revoked: bool = False


@dataclass(slots=True)
class Task:
    """A task of a streamed message, in its latest form."""

    id: str
    title: str
    status: str
    details: str = ""
    output: str = ""
    sources: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Stream:
    """
    What a streamed message grew from.

    Attributes:
        began_s: monotonic seconds at which it began.
        size: bytes of UTF-8 so far, details of tasks counted twice.
        task_display_mode: `timeline` or `plan`.

    """

    began_s: float
    state: StreamState = "in_progress"
    size: int = 0
    task_display_mode: str = "timeline"
    recipient_user_id: str = ""
    recipient_team_id: str = ""
    plan_title: str = ""
    tasks: dict[str, Task] = field(default_factory=dict)
    parts: list[str | Json] = field(default_factory=list)
    final_blocks: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """
    A message in its present form.

    Attributes:
        text: of a streamed message the text so far, joined.
        versions: earlier texts, oldest first.
        stream: None where it was posted at once.

    """

    channel: str
    ts: str
    user: str
    team_id: str
    text: str = ""
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    subtype: str = ""
    edited_by: str = ""
    edited_ts: str = ""
    deleted: bool = False
    client_msg_id: str = ""
    app_context: Json | None = None
    unfurl_links: bool = True
    unfurl_media: bool = True
    broadcast: bool = False
    versions: list[str] = field(default_factory=list)
    stream: Stream | None = None

    @property
    def root(self) -> str:
        """Return the timestamp of the thread that it is in or begins."""
        return self.thread_ts or self.ts


@dataclass(slots=True)
class Ephemeral:
    """A message that one person sees. `deleted` and changes come by a response_url alone."""

    channel: str
    user: str
    ts: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    app_id: str = ""
    team_id: str = ""
    deleted: bool = False


@dataclass(slots=True)
class View:
    """An open modal or a home tab."""

    id: str
    team_id: str
    app_id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str = ""
    open: bool = True

    @property
    def kind(self) -> str:
        """Return `modal` or `home`."""
        return str(self.content["type"])


@dataclass(slots=True)
class Session:
    """An agent session: one thread of one app. `history` holds each status it had."""

    channel: str
    thread_ts: str
    app_id: str
    status: str = ""
    title: str = ""
    initiator: str = ""
    history: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ThreadStatus:
    """The line "is reading ..." of a thread; it vanishes with a message or after two minutes."""

    text: str
    loading_messages: list[str]
    set_s: float


@dataclass(slots=True)
class Prompts:
    """Suggested prompts of a conversation or a thread."""

    title: str
    prompts: list[Json]


@dataclass(slots=True)
class Trigger:
    """Lets an app open a view for a short while, once."""

    id: str
    app_id: str
    team_id: str
    user: str
    made_s: float
    view_id: str = ""
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer to an interaction. `about` is the message that was acted upon."""

    id: str
    app_id: str
    team_id: str
    user: str
    channel: str
    made_s: float
    about: Message | Ephemeral | None = None
    uses: int = 0


@dataclass(slots=True)
class StoredFile:
    """A file that a person shared."""

    id: str
    team_id: str
    user: str
    name: str
    mimetype: str
    content: bytes
    channels: list[str] = field(default_factory=list)
    created: int = 0
    deleted: bool = False
    external: bool = False
