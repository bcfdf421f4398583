"""What every chat model promises. Each subclass says in its `scripted` fixture how a model is made that behaves so."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import pytest

from pipelines.errors import BadSettings, FootnoteError
from pipelines.ports.model import (
    CallCancelled,
    ChatModel,
    Finish,
    Message,
    ModelAway,
    ModelBusy,
    ModelRefused,
    ModelTooSlow,
    PromptTooLong,
    Role,
)
from tests.fakes import model_behaviour as how
from tests.fakes.model_behaviour import ANSWER, Behaviour
from tests.fakes.model_writers import Prompt


ASKED = (Message(Role.SYSTEM, "Answer from the sources."), Message(Role.USER, "How long is parental leave?"))
SLACK_S = 5.0
"""What a busy machine may add; a call that kept to no time would last for an hour."""
PLENTY_S = 30.0

Scripted: TypeAlias = Callable[..., ChatModel]
"""Behaviours of the next calls -> a model that is given up after `patience_s`."""


def patience_s(script: Sequence[Behaviour]) -> float:
    """Return how long a silence may last: short where one is scripted, else longer than any of a busy machine."""
    return 1.0 if any(one.stall_at is not None for one in script) else PLENTY_S


class Pieces:
    """Listens; has shown something once it is told so."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.started_over = 0
        self.shown = False

    def hear(self, piece: str) -> None:
        """Keep the piece."""
        self.heard.append(piece)

    def start_over(self) -> bool:
        """Forget the pieces, if none was shown."""
        if self.shown:
            return False
        self.heard.clear()
        self.started_over += 1
        return True


class ChatModelContract:
    """The promises of `pipelines.ports.model.ChatModel`."""

    def test_the_pieces_make_the_reply(self, scripted: Scripted) -> None:
        """Pieces are heard as they come, none empty; joined they are the reply; it says who spoke and why it ends."""
        model, pieces = scripted(how.SOUND), Pieces()
        reply = model.write(ASKED, seconds=PLENTY_S, listener=pieces)
        assert "".join(pieces.heard) == reply.text == ANSWER
        assert len(pieces.heard) > 1
        assert all(pieces.heard)
        assert (reply.finish, reply.model) == (Finish.STOP, model.name)

    def test_the_model_reads_the_messages(self, scripted: Scripted) -> None:
        """Rules and question reach the model as they are, whatever characters they hold."""
        odd = '\x00 \u202e Größe 👩‍👩‍👧 \\n "quoted" {json} <|im_end|>'

        def repeat(prompt: Prompt) -> str:
            return f"{prompt.system}|{prompt.user}"

        messages = (Message(Role.SYSTEM, odd), Message(Role.USER, odd[::-1]))
        assert scripted(Behaviour(write=repeat)).write(messages, seconds=PLENTY_S).text == f"{odd}|{odd[::-1]}"

    @pytest.mark.parametrize(
        ("behaviour", "text", "finish"),
        [
            (how.ends_with("length"), ANSWER, Finish.LENGTH),
            (how.ends_with("content_filter"), ANSWER, Finish.FILTERED),
            (how.ends_with("content_filter", ""), "", Finish.FILTERED),
            (how.refuses(), "", Finish.NOTHING),
            (how.says(""), "", Finish.NOTHING),
        ],
        ids=["length", "filtered", "filtered at once", "refusal", "nothing"],
    )
    def test_a_reply_says_why_it_ends(
        self, scripted: Scripted, behaviour: Behaviour, text: str, finish: Finish
    ) -> None:
        """A cut, withheld or refused reply is none that could be taken for whole."""
        reply = scripted(behaviour).write(ASKED, seconds=PLENTY_S)
        assert (reply.text, reply.finish) == (text, finish)

    def test_tokens_are_told_or_not_known(self, scripted: Scripted) -> None:
        """Tokens are those that the server counted; where it tells none, none are made up."""
        model = scripted(how.SOUND, Behaviour(usage=False))
        told, untold = (model.write(ASKED, seconds=PLENTY_S).usage for _ in range(2))
        assert told is not None
        assert told.prompt_tokens > 0
        assert told.completion_tokens > 0
        assert untold is None

    def test_a_model_that_answers_under_another_name_is_seen(self, scripted: Scripted) -> None:
        """The reply tells under which name the server answered: some answer for a model that they do not know."""
        reply = scripted(Behaviour(said_model="other")).write(ASKED, seconds=PLENTY_S)
        assert reply.served_by == "other"

    @pytest.mark.parametrize(
        ("behaviour", "fault"),
        [
            (how.cuts(0), ModelAway),
            (how.cuts(3), ModelAway),
            (how.ends_early(3), ModelAway),
            (how.breaks_json(3), ModelAway),
            (how.errs_midway(3), ModelAway),
            (how.no_choices(), ModelAway),
            (how.wrong_type(), ModelAway),
            (how.answers_whole(), ModelAway),
            (how.fails(500), ModelAway),
            (how.fails(503), ModelAway),
            (how.too_many("3"), ModelBusy),
            (how.too_many(None), ModelBusy),
            (how.stalls(0), ModelTooSlow),
            (how.stalls(3), ModelTooSlow),
            (how.fails(400), ModelRefused),
            (how.fails(403), ModelRefused),
            (how.fails(422), ModelRefused),
            (how.fails(401), BadSettings),
            (how.fails(404), BadSettings),
            (how.redirects("http://127.0.0.1:9/v1"), BadSettings),
            (how.context_error(8192), PromptTooLong),
        ],
        ids=lambda one: one.__name__ if isinstance(one, type) else "",
    )
    def test_every_fault_is_ours(self, scripted: Scripted, behaviour: Behaviour, fault: type[FootnoteError]) -> None:
        """Whatever a server does, the caller meets one error that says what can be done; and the next call is sound."""
        model, pieces = scripted(behaviour, how.SOUND), Pieces()
        with pytest.raises(fault):
            model.write(ASKED, seconds=PLENTY_S, listener=pieces)
        assert len(pieces.heard) <= 3
        assert model.write(ASKED, seconds=PLENTY_S).text == ANSWER

    def test_a_full_server_says_when(self, scripted: Scripted) -> None:
        """The seconds after which a full server may be asked again come along; without any it says so."""
        model = scripted(how.too_many("3"), how.too_many(None))
        waits = []
        for _ in range(2):
            with pytest.raises(ModelBusy) as caught:
                model.write(ASKED, seconds=PLENTY_S)
            waits.append(caught.value.retry_after_s)
        assert waits == [3.0, None]

    def test_a_long_prompt_learns_the_limit(self, scripted: Scripted) -> None:
        """The limit that the server names comes along, so that the next prompt can keep to it."""
        with pytest.raises(PromptTooLong) as caught:
            scripted(how.context_error(8192)).write(ASKED, seconds=PLENTY_S)
        assert caught.value.limit == 8192

    @pytest.mark.parametrize("place", [0, 2])
    def test_a_silent_model_is_given_up(self, scripted: Scripted, place: int) -> None:
        """Without a piece for too long the call ends, long before its time does."""
        with pytest.raises(ModelTooSlow) as caught:
            scripted(how.stalls(place)).write(ASKED, seconds=PLENTY_S)
        assert caught.value.stalled

    def test_a_trickle_does_not_outlast_its_time(self, scripted: Scripted) -> None:
        """A model that never stalls and never ends is cut off when the time is over."""
        began = time.monotonic()
        with pytest.raises(ModelTooSlow) as caught:
            scripted(how.trickles(0.05, ANSWER * 100)).write(ASKED, seconds=0.7)
        assert time.monotonic() - began < 0.7 + SLACK_S
        assert not caught.value.stalled

    def test_without_time_there_is_no_reply(self, scripted: Scripted) -> None:
        """A call whose time is over already ends at once."""
        for seconds in (0.0, -3.0):
            with pytest.raises(ModelTooSlow):
                scripted(how.SOUND).write(ASKED, seconds=seconds)

    @pytest.mark.parametrize("behaviour", [how.stalls(0), how.stalls(2), how.trickles(0.02, ANSWER * 100)])
    def test_a_call_is_taken_back(self, scripted: Scripted, behaviour: Behaviour) -> None:
        """Once the caller wants it no longer, the call ends, silent or not."""
        asked = iter([False, True])
        with pytest.raises(CallCancelled):
            scripted(behaviour).write(ASKED, seconds=PLENTY_S, cancelled=lambda: next(asked, True))

    def test_a_listener_that_raises_ends_the_call(self, scripted: Scripted) -> None:
        """What the listener raises reaches its caller as it is, be it of a kind that a server's fault has, too."""

        class Enough(ValueError):
            pass

        class Impatient(Pieces):
            def hear(self, piece: str) -> None:
                super().hear(piece)
                if len(self.heard) == 2:
                    raise Enough

        listener = Impatient()
        with pytest.raises(Enough):
            scripted(how.SOUND).write(ASKED, seconds=PLENTY_S, listener=listener)
        assert len(listener.heard) == 2

    def test_threads_do_not_disturb_each_other(self, scripted: Scripted) -> None:
        """Eight calls at once hear their own pieces, and one that is taken back takes no other with it."""
        model = scripted(*[how.trickles(0.001)] * 8)

        def ask(number: int) -> str:
            pieces = Pieces()
            try:
                model.write(ASKED, seconds=PLENTY_S, listener=pieces, cancelled=lambda: number == 3)
            except CallCancelled:
                return "taken back"
            return "".join(pieces.heard)

        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(ask, range(8)))
        assert replies == [ANSWER] * 3 + ["taken back"] + [ANSWER] * 4

    def test_no_thread_is_left(self, scripted: Scripted) -> None:
        """Neither a reply nor a fault leaves a thread behind."""
        before = set(threading.enumerate())
        model = scripted(how.SOUND, how.stalls(1), how.cuts(1))
        for _ in range(3):
            try:
                model.write(ASKED, seconds=PLENTY_S)
            except FootnoteError:
                continue
        assert {one for one in set(threading.enumerate()) - before if one.name != "model-server"} == set()
