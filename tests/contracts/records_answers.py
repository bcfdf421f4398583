"""What records promise of answers and the audit."""

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Outcome, Principal, Turn
from pipelines.domain.feedback import Feedback
from pipelines.domain.recorded_answer import RecordedQuestion
from pipelines.errors import NotFound
from pipelines.ports.records import Records
from tests.fakes.manual_clock import ManualClock


ANNA = Principal("user:slack:T1:U1", frozenset({"everyone"}))
BEN = Principal("user:slack:T1:U2", frozenset({"everyone"}))
NO_NUMBERS = (0, -1, 2**31, 2**70)


def asked(records: Records, who: Principal, question: str = "How long?", conversation: str = "") -> int:
    """Record a question that somebody asked; return the number of its answer."""
    return records.answers.add(question, who, Answer(Outcome.ANSWER, "So."), {"passages": []}, conversation)


class AnswerRecordsContract:
    """The promises of `pipelines.ports.answers.AnswerRecords`."""

    def test_answers_get_growing_numbers(self, records: Records) -> None:
        """No two answers share a number, whatever was asked."""
        answer = Answer(Outcome.ANSWER, "Twelve weeks. [1]")
        numbers = [
            records.answers.add(question, OPERATOR, answer, {"hits": []}) for question in ("How \U0001f44d?", "'\"")
        ]
        assert 0 < numbers[0] < numbers[1]

    def test_an_answer_comes_back_as_it_was_recorded(self, records: Records) -> None:
        """With who asked what, the outcome and the evidence; by its number, or the newest."""
        with pytest.raises(NotFound, match="no question was asked yet"):
            records.answers.get()
        answer, evidence = Answer(Outcome.ANSWER, "Twelve weeks. [1]"), {"versions": {"1": 2}, "passages": []}
        first = records.answers.add("How long?", OPERATOR, answer, evidence)
        last = records.answers.add("Why?", OPERATOR, answer, {})
        found = records.answers.get(first)
        assert (found.number, found.principal, found.question) == (first, OPERATOR.name, "How long?")
        assert (found.answer, found.evidence) == (answer.as_json(), evidence)
        assert records.answers.get().number == last
        for number in (99, 0, -1, 2**31, 2**70):
            with pytest.raises(NotFound, match=f"there is no answer {number}"):
                records.answers.get(number)

    def test_a_conversation_has_its_turns(self, records: Records) -> None:
        """The last ones, oldest first; what failed is none, nor is what was said elsewhere or taken back."""
        asked = [
            ("one", Outcome.ANSWER, "here"),
            ("two", Outcome.ERROR, "here"),
            ("three", Outcome.REFUSAL, "here"),
            ("four", Outcome.ANSWER, "elsewhere"),
            ("five", Outcome.ANSWER, ""),
            ("six", Outcome.CLARIFY, "here"),
        ]
        numbers = {
            text: records.answers.add(text, OPERATOR, Answer(outcome, f"to {text}"), {}, place)
            for text, outcome, place in asked
        }
        turns = records.answers.turns("here", 5)
        assert turns == tuple(Turn(one, f"to {one}") for one in ("one", "three", "six"))
        assert records.answers.turns("here", 2) == turns[1:]
        assert records.answers.turns("nowhere", 5) == ()
        assert records.answers.turns("", 5) == ()
        assert records.answers.withdraw(numbers["three"])
        assert not records.answers.withdraw(numbers["three"])
        assert records.answers.turns("here", 5) == (turns[0], turns[2])

    def test_a_turn_tells_what_its_answer_was_made_of(self, records: Records) -> None:
        """By its passages, so that whoever asks on is told of the answer only where they may read them."""
        passages = [{"chunk": f"c{one}", "document_version": 7, "ordinal": one, "score": 1.5} for one in (0, 3)]
        records.answers.add("why?", OPERATOR, Answer(Outcome.ANSWER, "so"), {"passages": passages}, "here")
        (turn,) = records.answers.turns("here", 1)
        assert turn.made_of == {("c0", 7, 0), ("c3", 7, 3)}

    def test_a_text_that_no_database_stores_is_recorded_all_the_same(self, records: Records) -> None:
        """NUL and half a character in a question, a name or a subject are no fault."""
        odd = Principal("user:\x00\udce4", frozenset())
        assert records.answers.add("a\x00b\ud800", odd, Answer(Outcome.ANSWER, "a\x00"), {"hits": ["\x00"]}) > 0
        records.answers.audit(odd, "access", "\x00", {"readers": ["\udc80"]})

    def test_what_admins_do_is_taken_down(self, records: Records) -> None:
        """Any subject and details that JSON can hold are kept."""
        records.answers.audit(OPERATOR, "access", "r&d", {"readers": ["group:it's"], "n": 1})

    def test_a_person_finds_their_own_questions(self, records: Records, clock: ManualClock) -> None:
        """The newest first, as they were asked and however they ended; nobody else's, and no more than wanted."""
        assert records.answers.of(ANNA.name, 5) == ()
        expected = []
        for question, outcome in (
            ("How \U0001f44d?", Outcome.ANSWER),
            ("Why?", Outcome.REFUSAL),
            ("Who?", Outcome.ERROR),
        ):
            number = records.answers.add(question, ANNA, Answer(outcome, "So."), {})
            expected.insert(0, RecordedQuestion(number, question, records.answers.get().asked_at))
            asked(records, BEN, "What is it to you?")
            clock.advance(60)
        assert records.answers.of(ANNA.name, 5) == tuple(expected)
        assert records.answers.of(ANNA.name, 2) == tuple(expected[:2])
        assert records.answers.of(ANNA.name.lower(), 5) == ()
        assert len(records.answers.of(BEN.name, 5)) == 3

    def test_a_person_deletes_a_question_of_their_own(self, records: Records) -> None:
        """It goes with its answer, evidence and feedback, out of its conversation too; the others stay."""
        first, second = (asked(records, ANNA, question, "here") for question in ("How long?", "Why?"))
        for number in (first, second):
            records.feedback.add(Feedback(number, BEN.name, good=True))
        assert records.answers.forget(first, ANNA.name)
        assert [one.number for one in records.answers.of(ANNA.name, 5)] == [second]
        assert records.answers.turns("here", 5) == (Turn("Why?", "So."),)
        assert records.feedback.of(first) == ()
        assert len(records.feedback.of(second)) == 1
        with pytest.raises(NotFound):
            records.answers.get(first)
        assert asked(records, ANNA) > second

    def test_a_question_of_somebody_else_is_none(self, records: Records) -> None:
        """Whoever names its number is told the same as of one that never was, and nothing is gone."""
        number = asked(records, ANNA)
        records.feedback.add(Feedback(number, BEN.name, good=False))
        for name in (BEN.name, "", "user:slack:t1:u1", f"{ANNA.name} ", "user:slack:T1:%"):
            assert records.answers.forget(number, name) is False
            assert records.answers.forget_all(name) == 0
        for never in (number + 1, *NO_NUMBERS):
            assert records.answers.forget(never, ANNA.name) is False
        assert records.answers.get(number).principal == ANNA.name
        assert len(records.feedback.of(number)) == 1

    def test_a_person_deletes_all_their_questions(self, records: Records) -> None:
        """However many there are, and with what was said of them; those of others stay with what was said of them."""
        own = [asked(records, ANNA) for _ in range(7)]
        other = asked(records, BEN)
        for number in (*own, other):
            records.feedback.add(Feedback(number, ANNA.name, good=True))
        assert records.answers.forget_all(ANNA.name) == 7
        assert records.answers.forget_all(ANNA.name) == 0
        assert records.answers.of(ANNA.name, 5) == ()
        assert [records.feedback.of(number) for number in own] == [()] * 7
        assert [one.number for one in records.answers.of(BEN.name, 5)] == [other]
        assert len(records.feedback.of(other)) == 1

    def test_an_answer_that_is_taken_back_takes_its_feedback_along(self, records: Records) -> None:
        """What people said of it is gone with it, and a number that none has is none."""
        number = asked(records, ANNA)
        records.feedback.add(Feedback(number, BEN.name, good=False, detail="It was twelve."))
        assert records.answers.withdraw(number)
        assert records.feedback.of(number) == ()
        assert not any(records.answers.withdraw(never) for never in (number, *NO_NUMBERS))

    def test_a_name_that_is_not_stored_as_it_is_finds_nothing(self, records: Records) -> None:
        """What became of it in the records is another name; one of any length is found by all of it."""
        long = "user:" + "\u00e4" * 9_000
        for name in ("user:\x00", "user:\ufffd", long, f"{long}!"):
            asked(records, Principal(name, frozenset()))
        assert records.answers.of("user:\x00", 5) == ()
        assert records.answers.forget_all("user:\ud800") == 0
        assert len(records.answers.of(long, 5)) == 1
        assert records.answers.forget_all(long) == 1
        assert len(records.answers.of(f"{long}!", 5)) == 1
