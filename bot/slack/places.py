"""Where a question was asked in Slack, and where its answer is shown. Data alone."""

from dataclasses import dataclass

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Place(Value):
    """
    A thread in which a question is answered.

    Attributes:
        team: the workspace whose app answers.
        channel: id of the conversation.
        thread: time of the message that the thread begins with.
        question: time of the message that asks.
        user: who asks.
        user_team: the workspace of who asks.
        private: only who asks reads there.
        inside: whoever reads there is a member of the organisation.
        by_member: who asks is one.
        language: code of the language in which our own words are.

    """

    team: str
    channel: str
    thread: str
    question: str
    user: str
    user_team: str
    private: bool
    inside: bool = False
    by_member: bool = False
    language: str = "en"
