"""The Home tab: my questions, the bases that I can read, and for admins their state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import slack_texts
from bot.slack import limits
from bot.slack.actions import Action, Pressed
from bot.slack.blocks.shapes import Json, actions, button, header, leaf, plain, rich_text, section
from bot.slack.blocks.still import still_line
from pipelines.domain.values import Value


_MOST_QUESTIONS = 30
_MOST_LINES = 60
_LINE = 250


@dataclass(frozen=True, slots=True)
class MyQuestion(Value):
    """
    A question of the reader's own.

    Attributes:
        number: of its recorded answer.
        text: as it was asked.
        date: ISO 8601.

    """

    number: int
    text: str
    date: str


@dataclass(frozen=True, slots=True)
class MyBase(Value):
    """
    A base that the reader can read. Not how many documents it has, of which the reader may see few.

    Attributes:
        name: of the base.
        date: when it was last read in, ISO 8601; empty for never.

    """

    name: str
    date: str


@dataclass(frozen=True, slots=True)
class HomeFacts(Value):
    """
    What the Home tab of one person shows.

    Attributes:
        questions: newest first.
        bases: by name.
        states: for admins, a line per base that says how it is; empty for others.

    """

    questions: tuple[MyQuestion, ...]
    bases: tuple[MyBase, ...]
    states: tuple[str, ...] = ()


def home_view(facts: HomeFacts, language: str) -> Json:
    """Return the Home tab; of long lists their beginning, and how much is left."""
    blocks = [*_questions(facts.questions, language), *_bases(facts.bases, language)]
    if facts.states:
        blocks.append(header(slack_texts.admin_headline(language)))
        blocks.append(_listed(facts.states, language))
    return {"type": "home", "blocks": blocks}


def _questions(questions: Sequence[MyQuestion], language: str) -> Iterator[Json]:
    yield header(slack_texts.my_questions(language))
    if not questions:
        yield rich_text(section([leaf(slack_texts.no_questions(language))]))
        return
    for one in questions[:_MOST_QUESTIONS]:
        yield _question(one, language)
    if len(questions) > _MOST_QUESTIONS:
        yield _listed((slack_texts.and_more(language, len(questions) - _MOST_QUESTIONS),), language)
    yield actions(
        _confirmed(
            button(Action.FORGET_ALL, slack_texts.forget_all(language), Pressed(0, 0).as_value(), style="danger"),
            slack_texts.forget_all_text(language),
            language,
        )
    )


def _question(question: MyQuestion, language: str) -> Json:
    """Return a question with the button that deletes it."""
    value = Pressed(question.number, 0).as_value()
    forget = button(Action.FORGET, slack_texts.forget(language), value, which=str(question.number))
    text = slack_texts.details(still_line(question.text, _LINE), question.date)
    return {
        "type": "section",
        "text": plain(text, limits.SECTION),
        "accessory": _confirmed(forget, slack_texts.forget_text(language), language),
    }


def _confirmed(shown: Json, text: str, language: str) -> Json:
    """Return a button that asks before it acts."""
    confirm = {
        "title": plain(slack_texts.forget_title(language), limits.CONFIRM_TITLE),
        "text": plain(text, limits.CONFIRM_TEXT),
        "confirm": plain(slack_texts.forget(language), limits.CONFIRM_BUTTON),
        "deny": plain(slack_texts.cancel(language), limits.CONFIRM_BUTTON),
        "style": "danger",
    }
    return {**shown, "confirm": confirm}


def _bases(bases: Sequence[MyBase], language: str) -> Iterator[Json]:
    yield header(slack_texts.my_bases(language))
    lines = tuple(slack_texts.base_line(language, still_line(one.name, _LINE), one.date) for one in bases)
    yield _listed(lines or (slack_texts.no_bases(language),), language)


def _listed(lines: Sequence[str], language: str) -> Json:
    """Return lines below each other."""
    shown = [still_line(line, _LINE * 2) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(slack_texts.and_more(language, len(lines) - _MOST_LINES))
    return rich_text(section([leaf(f"{line}\n") for line in shown[:-1]] + [leaf(shown[-1])]))
