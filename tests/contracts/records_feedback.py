"""What records promise of what people say of answers."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.feedback import MOST_DETAIL_CHARS, MOST_NAME_CHARS, MOST_REASON_CHARS, Feedback
from pipelines.errors import BadInput, NotFound
from pipelines.ports.records import Records
from tests.fakes.manual_clock import ManualClock


ANNA, BEN = "user:slack:T1:U1", "user:slack:T1:U2"


class FeedbackRecordsContract:
    """The promises of `pipelines.ports.feedback.FeedbackRecords`."""

    @pytest.fixture
    def rated(self, records: Records) -> int:
        """Return the number of an answer, between two others."""
        return [records.answers.add("How long?", OPERATOR, Answer(Outcome.ANSWER, "So."), {}) for _ in range(3)][1]

    def test_feedback_comes_back_as_it_was_given(self, records: Records, rated: int) -> None:
        """By the names of those who gave it, whatever they wrote; of another answer there is none."""
        assert records.feedback.of(rated) == ()
        bad = Feedback(rated, BEN, good=False, reason="outdated", detail="It's 14 \U0001f469\u200d\U0001f467\n'; --")
        good = Feedback(rated, ANNA, good=True)
        for one in (bad, good):
            records.feedback.add(one)
        assert records.feedback.of(rated) == (good, bad)
        assert records.feedback.of(rated + 1) == ()

    def test_the_newest_word_of_a_person_counts(self, records: Records, rated: int) -> None:
        """Whoever changes their mind is heard once, with the reason of now; nobody speaks for another."""
        newest = Feedback(rated, ANNA, good=True)
        for one in (Feedback(rated, ANNA, good=False, reason="wrong", detail="Twelve."), newest):
            records.feedback.add(one)
        assert records.feedback.of(rated) == (newest,)
        other = Feedback(rated, BEN, good=False)
        records.feedback.add(other)
        assert records.feedback.of(rated) == (newest, other)

    def test_whoever_presses_twice_is_heard_once(self, records: Records, rated: int) -> None:
        """Also from several processes at the same moment."""
        said = [Feedback(rated, ANNA, good=bool(number % 2)) for number in range(12)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(records.feedback.add, said))
        assert len(records.feedback.of(rated)) == 1

    def test_the_newest_words_come_first(self, records: Records, clock: ManualClock) -> None:
        """With the question and the time of each, at most as many as are wanted; what is deleted is not told."""
        answers = [records.answers.add(f"How {one}?", OPERATOR, Answer(Outcome.ANSWER, "So."), {}) for one in "abc"]
        said = [Feedback(number, ANNA, good=False, reason="wrong") for number in answers]
        for one in said:
            records.feedback.add(one)
            clock.advance(1)
        told = records.feedback.newest(2)
        assert [(one.feedback, one.question) for one in told] == [(said[2], "How c?"), (said[1], "How b?")]
        assert told[0].at > told[1].at
        records.answers.withdraw(answers[2])
        assert [one.feedback for one in records.feedback.newest(9)] == [said[1], said[0]]

    @pytest.mark.parametrize("number", [99, 0, -1, 2**31, 2**70])
    def test_of_no_answer_nothing_is_said(self, records: Records, rated: int, number: int) -> None:
        """One that is not there, or was deleted before the button was pressed, takes nothing."""
        with pytest.raises(NotFound, match=f"there is no answer {number}"):
            records.feedback.add(Feedback(number, ANNA, good=True))
        assert records.feedback.of(number) == ()
        records.answers.withdraw(rated)
        with pytest.raises(NotFound):
            records.feedback.add(Feedback(rated, ANNA, good=True))
        assert records.feedback.of(rated) == ()

    def test_what_is_deleted_at_the_same_moment_leaves_nothing(self, records: Records) -> None:
        """Whichever comes first, no word outlives its answer."""
        numbers = [records.answers.add("How long?", OPERATOR, Answer(Outcome.ANSWER, "So."), {}) for _ in range(10)]

        def said(number: int) -> None:
            with suppress(NotFound):
                records.feedback.add(Feedback(number, ANNA, good=True))

        with ThreadPoolExecutor(4) as pool:
            saying = [pool.submit(said, number) for number in numbers]
            gone = [pool.submit(records.answers.forget, number, OPERATOR.name) for number in numbers]
        assert [one.result() for one in saying] == [None] * 10
        assert all(one.result() for one in gone)
        assert [records.feedback.of(number) for number in numbers] == [()] * 10

    def test_the_limits_are_kept(self, records: Records, rated: int) -> None:
        """What just fits is stored whole; what does not, or has no name, changes nothing."""
        most = Feedback(
            rated,
            "\u00e4" * MOST_NAME_CHARS,
            good=False,
            reason="x" * MOST_REASON_CHARS,
            detail="\U0001f44d" * MOST_DETAIL_CHARS,
        )
        records.feedback.add(most)
        for wrong in (
            Feedback(rated, "", good=True),
            Feedback(rated, most.by + "x", good=True),
            Feedback(rated, ANNA, good=True, reason=most.reason + "x"),
            Feedback(rated, ANNA, good=True, detail=most.detail + "x"),
            Feedback(rated, "user:\x00", good=True),
            Feedback(rated, ANNA, good=True, reason="\ud800"),
        ):
            with pytest.raises(BadInput):
                records.feedback.add(wrong)
        assert records.feedback.of(rated) == (most,)

    def test_a_text_that_no_database_stores_is_kept_all_the_same(self, records: Records, rated: int) -> None:
        """NUL and half a character in what a person writes are no fault."""
        records.feedback.add(Feedback(rated, ANNA, good=False, detail="a\x00b\ud800"))
        assert records.feedback.of(rated)[0].detail == "a\ufffdb\ufffd"
