"""Dialogues, the Home tab, a stream's plan and notices say what they must, and are valid with any text."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import page
from bot.slack.actions import Action, Dialogue, Field, Pressed, action_of, pressed
from bot.slack.blocks.home import HomeFacts, MyBase, MyQuestion, home_view
from bot.slack.blocks.modals import ask_modal, evidence_modal, feedback_modal, share_modal
from bot.slack.blocks.notices import notice_messages
from bot.slack.blocks.progress import StepState, check_chunk, plan_chunk, read_chunk, search_chunk
from bot.slack.blocks.showing import Showing
from bot.slack.checks import check_chunks, check_message, check_view
from pipelines.domain.conversation import Answer, Outcome
from tests.fakes.answers import CITATIONS, TEXTS, answer, citation
from tests.unit.slack.reading_blocks import links, nodes, shown, squeezed
from tests.unit.slack.sample_messages import openings
from tests.unit.slack.strategies import GENTLY, NAMES, SHOWINGS, answers


LANGUAGES = st.sampled_from(["en", "de", "xx"])
DATES = st.sampled_from(["", "2026-11-22"])
QUESTIONS = st.builds(MyQuestion, st.integers(1, 99), TEXTS | NAMES, DATES)
FACTS = st.builds(
    HomeFacts,
    questions=st.lists(QUESTIONS, unique_by=lambda one: one.number).map(tuple),
    bases=st.lists(st.builds(MyBase, NAMES, DATES)).map(tuple),
    states=st.lists(TEXTS | NAMES).map(tuple),
)  # fmt: skip


@GENTLY
@given(answers(), SHOWINGS, st.integers(0, 20))
def test_dialogues_are_valid_for_any_answer(given_answer: Answer, showing: Showing, hidden: int) -> None:
    """Whatever an answer holds, its quotes, its feedback and its question can be opened."""
    check_view(evidence_modal(page(given_answer), showing, hidden))
    check_view(feedback_modal(showing, "C1"))
    check_view(ask_modal(given_answer.text, showing, "C1:100.1"))
    check_view(share_modal(given_answer.text, showing))


@GENTLY
@given(TEXTS | st.sampled_from(["", "x" * 40_000, "😀" * 9000, '"\n' * 9000, "<!here> <@U1> https://x.example"]))
def test_a_question_that_is_shown_again_is_valid(question: str) -> None:
    """However long and hostile it is, its message can be posted, names who asks and nobody else."""
    for one in openings(question):
        check_message(one, mentions=("U1",))
        assert {node["user_id"] for node in nodes(one.blocks) if node.get("type") == "user"} <= {"U1"}


def test_what_may_not_be_shown_is_counted() -> None:
    """A dialogue of quotes tells how many sources it leaves out, even where none is left."""
    assert shown(evidence_modal(page(Answer(Outcome.ANSWER, "x")), Showing(), 1)["blocks"]) == (
        "A source of this answer may not be shown here today."
    )
    assert "2 sources of this answer" in shown(evidence_modal(page(answer("x", citation(1))), Showing(), 2))


def test_the_dialogue_of_quotes_shows_each_and_opens_its_source() -> None:
    """Each mark has its verbatim quote, and the address of its place."""
    url = "https://kb.example.com/leave"
    view = evidence_modal(page(answer("x [1][2]", citation(1, url=url), citation(2, quote="Other words."))), Showing())
    assert "Every parent takes up to 24 weeks of paid leave." in shown(view)
    assert "Other words." in shown(view)
    assert links(view) == [("[1] Leave policy", url)]
    assert view["callback_id"] == Dialogue.EVIDENCE


def test_more_quotes_than_fit_are_told() -> None:
    """A dialogue that cannot hold all says so instead of being refused."""
    view = evidence_modal(page(answer("x", *(citation(n, quote="word " * 9000) for n in range(1, 21)))), Showing())
    check_view(view)
    assert len(view["blocks"]) == 100
    assert "More than fits here" in shown(view["blocks"][-1])


def test_a_dialogue_is_about_its_answer() -> None:
    """What is sent back names the answer, the delivery and the fields."""
    view = feedback_modal(Showing(answer=7, delivery=8))
    assert pressed(view["private_metadata"]) == Pressed(7, 8)
    assert [one["block_id"] for one in view["blocks"] if one["type"] == "input"] == [Field.REASON, Field.DETAIL]
    reasons = [one["value"] for one in view["blocks"][0]["element"]["options"]]
    assert reasons == ["wrong", "outdated", "incomplete", "bad_source", "other_reason"]


def test_a_question_for_a_person_is_filled_in_as_it_was_asked() -> None:
    """The asker sees what is passed on, and to whom, before it is sent."""
    view = ask_modal("How many\nweeks?", Showing("de", person="Anna Berg"))
    (field,) = [one for one in nodes(view) if one.get("type") == "plain_text_input"]
    assert field["initial_value"] == "How many\nweeks?"
    assert "Ihre Frage geht an Anna Berg." in shown(view)


@GENTLY
@given(FACTS, LANGUAGES)
def test_a_home_tab_is_valid_for_anybody(facts: HomeFacts, language: str) -> None:
    """However much somebody asked and may read, the Home tab can be shown."""
    check_view(home_view(facts, language))


def test_a_home_tab_deletes_and_tells_freshness() -> None:
    """Each question has its own button; a base says how fresh it is; states are for those who get them."""
    facts = HomeFacts((MyQuestion(7, "How many weeks?", "2026-11-22"),), (MyBase("hr", ""), MyBase("it", "2026-11-20")))
    view = home_view(facts, "en")
    buttons = [one for one in nodes(view) if one.get("type") == "button"]
    assert [action_of(one["action_id"]) for one in buttons] == [Action.FORGET, Action.FORGET_ALL]
    assert pressed(buttons[0]["value"]) == Pressed(7, 0)
    assert "hr: not read in yet\nit: as of 2026-11-20" in shown(view)
    assert "State of" not in shown(view)
    assert "State of" in shown(home_view(HomeFacts((), (), ("hr: well",)), "en"))


@given(st.lists(CITATIONS, max_size=12), st.integers(0, 9), LANGUAGES)
def test_a_plan_is_valid_for_any_names(cited: list[object], passages: int, language: str) -> None:
    """Titles of documents can be anything."""
    steps = [
        plan_chunk(language),
        search_chunk(language, StepState.IN_PROGRESS),
        read_chunk(language, StepState.COMPLETE, passages, cited),  # type: ignore[arg-type]
        check_chunk(language, StepState.COMPLETE),
    ]
    check_chunks(steps)


def test_a_home_tab_of_somebody_with_much_tells_what_it_leaves_out() -> None:
    """Of hundreds of questions and bases the first are shown, and how many there are more."""
    questions = tuple(MyQuestion(one, "why? " * 200, "2026-11-22") for one in range(1, 301))
    bases = tuple(MyBase("x" * 400, "") for _ in range(300))
    view = home_view(HomeFacts(questions, bases, ("y" * 900,) * 300), "en")
    check_view(view)
    assert shown(view).count("and 270 more") == 1
    assert shown(view).count("y" * 400) == 60
    assert shown(view).count("and 240 more") == 2


def test_a_plan_names_its_sources_once() -> None:
    """Documents with an address stand below the step that read them, each once."""
    url = "https://kb.example.com/leave"
    step = read_chunk("en", StepState.COMPLETE, 2, (citation(1, url=url), citation(2, url=url), citation(3)))
    assert step["sources"] == [{"type": "url", "url": url, "text": "Leave policy"}]
    assert step["title"] == "Read 2 passages"


def test_a_plan_leaves_room_for_the_text() -> None:
    """Of documents with long addresses fewer are named: the text stands in the same message."""
    cited = [citation(one, url=f"https://kb.example.com/{one}/{'x' * 400}") for one in range(1, 9)]
    assert len(read_chunk("en", StepState.COMPLETE, 8, cited)["sources"]) == 2


@GENTLY
@given(st.lists(TEXTS | NAMES | st.sampled_from(["x" * 5000]), max_size=30), st.booleans())
def test_notices_arrive_whole(lines: list[str], columns: bool) -> None:  # noqa: FBT001 - drawn
    """What a command tells is valid and complete, however long."""
    messages = notice_messages([one.replace("\n", " ") for one in lines], columns=columns)
    for one in messages:
        check_message(one)
    assert len(squeezed(shown([one.blocks for one in messages]))) >= len(squeezed("".join(shown_lines(lines))))


def shown_lines(lines: list[str]) -> list[str]:
    """Return the printable letters of lines, which nothing may lose."""
    return ["".join(char for char in line if char.isalnum()) for line in lines]
