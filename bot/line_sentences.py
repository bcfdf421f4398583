"""The sentences of `bot.line_texts`, a table per language. No function stands here; `{}` is filled in there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Sentences(Value):
    """
    All that is said about `/kb` in one language; a language has all of it or does not exist.

    Attributes:
        verbs: verb -> what it does.
        arguments: what stands behind a verb, as `NAME` or `--to` -> what it means.

    """

    unknown_verb: str
    close_verb: str
    which_verb: str
    more_help: str
    missing_argument: str
    too_many_words: str
    unknown_option: str
    option_without_value: str
    option_with_value: str
    none_of: str
    open_quotation: str
    question_missing: str
    only_in_channels: str
    readable_base: str
    nothing_readable: str
    removal: str
    bound: str
    bound_before: str
    unbound: str
    unbound_before: str
    auto_on: str
    auto_off: str
    verbs: Mapping[str, str]
    arguments: Mapping[str, str]


_PERCENT = "percent of the people, 0 to 100; each keeps their model while it grows."

ENGLISH: Final = Sentences(
    unknown_verb="There is no such command:  {help}  lists all, and a question is asked with  {ask}",
    close_verb="There is no such command. Did you mean  {command}",
    which_verb="There is no such command; there are:  {commands}",
    more_help="More about one of them:  {command}",
    missing_argument="{argument} is missing. Write:  {form}",
    too_many_words="There is a word too many; a name or text with blanks stands in quotes. Write:  {form}",
    unknown_option="There is no such option. Write:  {form}",
    option_without_value="{option} needs a value behind it. Write:  {form}",
    option_with_value="{option} takes no value. Write:  {form}",
    none_of="{name} is one of: {choices}.",
    open_quotation="A quotation has no end: close it, or leave its first sign out.",
    question_missing="Write the question behind it:  {command}",
    only_in_channels="This counts for a channel: write it in the one that you mean.",
    readable_base="{kb}: as of {date}",
    nothing_readable="There is no knowledge base that you can read.",
    removal=(
        "This removes {kb} with its index, its versions and its readers; its source stays as it is."
        " If that is what you want:  {command}"
    ),
    bound="Everybody in this channel can read {kb} here now, guests among them.",
    bound_before="Everybody in this channel can read {kb} here already.",
    unbound="This channel is no reader of {kb} any more.",
    unbound_before="This channel is no reader of {kb}.",
    auto_on="Questions in this channel are answered without a mention.",
    auto_off="In this channel only what mentions me is answered.",
    verbs=MappingProxyType(
        {
            "help": "Lists what you can do here, or explains one of it.",
            "ask": "Asks a question; only you see the answer.",
            "list": "Lists the knowledge bases.",
            "status": "Shows how a knowledge base is.",
            "failed": "Lists the files that the newest sync could not take, with the reasons.",
            "add": "Adds a knowledge base, after a look at its source. You and admins can read it until you open it.",
            "sync": "Brings a knowledge base up to date with its source.",
            "schedule": "Shows or sets at which interval a knowledge base is synced by itself.",
            "remove": "Removes a knowledge base with its index and versions; its source stays as it is.",
            "versions": "Lists the versions of a knowledge base that are kept.",
            "promote": "Lets readers see a version, and lifts the pin.",
            "rollback": "Lets readers see an older version, and pins it: no sync changes that until you lift it.",
            "unpin": "Lets the next sync be seen again.",
            "access": "Shows or sets who may read: everyone, public (anybody), user:ID, group:ID, channel:ID.",
            "answers": "Shows or changes how answers are written, and what language models may cost for it.",
            "bind": "Lets everybody in this channel read a knowledge base here.",
            "unbind": "Takes that back.",
            "auto": "Shows or sets whether questions in this channel are answered without a mention.",
            "feedback": "Lists what people said of answers, newest first.",
            "route list": "Lists the routes to tuned models.",
            "route set": "Lets a tuned model answer, from the next question on; else the base model does.",
            "route share": "Changes how many people a route's model answers; one that was off is on again.",
            "route off": "Lets the base model answer where a route is.",
            "route rollback": "Lets a route be as it was before its last change; done twice, as it is now.",
        }
    ),
    arguments=MappingProxyType(
        {
            "VERB": "One of the commands.",
            "QUESTION": "What you would like to know.",
            "NAME": "Name of the knowledge base.",
            "SOURCE": "A folder; git+https://…, https://….git or git@host:path; https://… (a web site); or upload:",
            "V": "Number of the version.",
            "MODEL": "Name of a tuned model, as its server knows it.",
            "N": f"Whom it answers: {_PERCENT}",
            "on|off": "Left out, it is shown only.",
            "--branch": "git: branch; else its main one.",
            "--subfolder": "git: only this folder of it.",
            "--include": "Only paths like 'hr/**'. Repeatable.",
            "--exclude": "No paths like 'old/**'. Repeatable.",
            "--link-template": "git: links of another host, with {path}, {commit}, {branch}.",
            "--token-env": "Variable FOOTNOTE_SECRET_… that holds a token for https.",
            "--key-file": "git over ssh: file of a deploy key.",
            "--accept-loss": "Go on although the source lost many of its documents, or all.",
            "--every": "30m, 6h or 1d (5m to 90d); off ends it.",
            "--yes": "Do it; without this, it is only said what it would mean.",
            "--to": "The version; else the one before.",
            "--allow": "Let in. Repeatable.",
            "--remove": "Take out. Repeatable.",
            "--style": "How answers are to be written; '' takes that back.",
            "--own-words": "Sentences in a model's own words: show them marked, or not.",
            "--tokens-per-day": "Most tokens of models in a day (UTC); off ends it.",
            "--money-per-day": "Most money for models in a day; off ends it.",
            "--kb": "Of this knowledge base; else of all.",
            "--for": "For channel:ID or group:ID; else for everybody.",
            "--share": f"Whom it answers: {_PERCENT}",
            "--canary": "A newer model on trial.",
            "--canary-share": f"Whom that one answers: {_PERCENT}",
        }
    ),
)

LANGUAGES: Mapping[str, Sentences] = MappingProxyType({"en": ENGLISH})
