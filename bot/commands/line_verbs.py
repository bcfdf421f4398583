"""What a verb of `/kb` takes, and what of that was typed. The verbs themselves are `bot.commands.line_actions`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot import line_texts
from bot.commands.line_words import Word, written
from bot.facade import Footnote
from bot.lines import Line
from bot.printable import flat
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value
from pipelines.errors import BadInput


@dataclass(frozen=True, slots=True)
class Caller(Value):
    """
    Who typed a line, and where.

    Attributes:
        principal: who, with the rights of this person alone.
        channel: the reader `channel:ID` of the place; empty in a direct message.
        language: in which we answer, a code like `de`.
        prefix: what stands before a verb on this platform.

    """

    principal: Principal
    channel: str = ""
    language: str = "en"
    prefix: str = "/kb"

    def command(self, verb: str, name: str = "", *options: str) -> str:
        """Return a command as this person types it. It is a `bot.lines.Spelling`."""
        known = verb.removeprefix("kb ").removeprefix("model ")
        options = tuple(one if one.startswith("--") else written(one) for one in options)
        return " ".join(filter(None, (self.prefix, known, name and written(name), *options)))


@dataclass(frozen=True, slots=True)
class Reply(Value):
    """
    What is answered, to the one who typed and to nobody else.

    Attributes:
        lines: each on one line and without effects.
        columns: parts of the lines stand below each other: letters of one width show that.
        question: what is to be asked for this person alone; empty for nothing.
        job: number of the job that was queued, whose end is to be told.

    """

    lines: tuple[str, ...] = ()
    columns: bool = False
    question: str = ""
    job: int | None = None


def told(shown: Iterable[Line], *, columns: bool = False, job: int | None = None) -> Reply:
    """Return lines as a reply: their indents stay, and nothing in them takes effect."""
    lines = tuple((" " * line.indent + flat(line.text)).rstrip() for line in shown)
    return Reply(lines, columns, job=job)


@dataclass(frozen=True, slots=True)
class Option(Value):
    """
    An option.

    Attributes:
        name: with its dashes.
        value: what stands behind it, in capitals; empty for nothing.
        many: it may be given several times.

    """

    name: str
    value: str = ""
    many: bool = False

    @property
    def form(self) -> str:
        """How it is typed."""
        return f"{self.name} {self.value}" if self.value else self.name


@dataclass(frozen=True, slots=True)
class Given(Value):
    """What was typed behind a verb: its arguments in order, and the values of each option in order."""

    arguments: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, option: str) -> bool:
        """Say whether an option was given."""
        return option in self.options

    def all(self, option: str) -> tuple[str, ...]:
        """Return the values of an option."""
        return self.options.get(option, ())

    def last(self, option: str) -> str | None:
        """Return the value of an option, of several the last one; None where it was not given."""
        return self.all(option)[-1] if self.has(option) else None


@dataclass(frozen=True, slots=True)
class Typed(Value):
    """A line that was understood: where, by whom, what stood behind the verb, and which verbs there are."""

    footnote: Footnote
    caller: Caller
    given: Given
    verbs: "tuple[Verb, ...]" = ()

    @property
    def who(self) -> Principal:
        """Who typed it."""
        return self.caller.principal

    @property
    def first(self) -> str:
        """The first argument."""
        return self.given.arguments[0]


@dataclass(frozen=True, slots=True)
class Verb(Value):
    """
    A verb.

    Attributes:
        name: one word or two.
        act: does it. Raises what `pipelines.errors` has.
        arguments: their names in order; those in brackets may be left out.
        options: in the order in which they are told.
        admins: only they may use it.
        whole: what follows is one argument, as it was typed.
        also: another name.

    """

    name: str
    act: Callable[[Typed], Reply]
    arguments: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    admins: bool = True
    whole: bool = False
    also: str = ""

    def open_to(self, caller: Caller) -> bool:
        """Say whether this person may use it."""
        return caller.principal.admin or not self.admins

    @property
    def first_word(self) -> str:
        """The word that decides."""
        return self.name.partition(" ")[0]

    @property
    def short_form(self) -> str:
        """How it is typed, its options left out."""
        return " ".join((self.name, *self.arguments, *(["…"] if self.options else [])))

    @property
    def form(self) -> str:
        """How it is typed."""
        options = (f"[{one.form}]{'…' if one.many else ''}" for one in self.options)
        return " ".join((self.name, *self.arguments, *options))

    def read(self, words: Sequence[Word], caller: Caller) -> Given:
        """
        Return what was typed behind the verb.

        Raises:
            BadInput: something is missing, too much or unknown; the sentence tells the form.

        """
        form, language = caller.command(self.form), caller.language
        arguments: list[str] = []
        options: dict[str, tuple[str, ...]] = {}
        rest = iter(words)
        for word in rest:
            if word.ends_options:
                arguments += [one.text for one in rest]
            elif word.is_option:
                name, value = self._option(word, rest, form, language)
                options[name] = (*options.get(name, ()), value)
            else:
                arguments.append(word.text)
        for missing in self.arguments[len(arguments) :]:
            if not missing.startswith("["):
                raise BadInput(line_texts.missing_argument(language, missing, form))
        if len(arguments) > len(self.arguments):
            raise BadInput(line_texts.too_many_words(language, form))
        return Given(tuple(arguments), options)

    def _option(self, word: Word, rest: Iterator[Word], form: str, language: str) -> tuple[str, str]:
        """Return the name of an option and its value, which may be the next word."""
        typed, given, value = word.text.partition("=")
        option = next((one for one in self.options if one.name == typed.lower()), None)
        if option is None:
            raise BadInput(line_texts.unknown_option(language, form))
        if given and not option.value:
            raise BadInput(line_texts.option_with_value(language, option.name, form))
        if given or not option.value:
            return option.name, value
        following = next(rest, None)
        if following is None or following.is_option:
            raise BadInput(line_texts.option_without_value(language, option.name, form))
        return option.name, following.text
