"""
What a chat client would take for an address or a mention, and how a text is shown without.

Slack and Teams link whatever looks like an address in plain text: `https://…`, `www.…`,
`name.tld`, mail addresses; Slack reads `<!channel>`, `<@U…>` and `@here` as well. Their rules are
not published, so what is broken here is what every linkifier needs: a scheme directly before its
colon, `www` directly before its dot, an ending directly behind a dot, names directly around `@`,
two slashes side by side, a sign directly behind `<`. A word joiner (U+2060) breaks them, on both
sides of a colon, dot or `@`. It is not seen, breaks no line, and the address line of a browser
ignores it inside a host (UTS 46), so that a reader can still copy what stands there. One side
alone does not do: GFM links `www.` and anything behind it, and others take a format character
for a letter of a name.
"""

from typing import Final

import regex


JOINER: Final = "\u2060"
"""What `inert` adds. A cleaned text holds none, so a text without its joiners is as it was."""

_LABEL = r"[\p{L}\p{N}\p{M}_-]"
_DOT = r"(?:\.|(?<=[A-Za-z0-9])[．。｡](?=[A-Za-z0-9]))"
# Linkifiers take signs that are no letters for a name, too: "×.KW".
_BEHIND_NAME = rf"(?<=[^\s.{JOINER}])"
# Two letters, or the beginning of an encoded name: no decimal, no "e.g.", no initials.
_BEFORE_ENDING = r"(?=\p{L}\p{M}*\p{L})"
_REST = r"""[^\s<>"“”„«»|]*"""
_SCHEMES = r"(?:data|file|javascript|mailto|msteams|sips?|slack|sms|tel|vbscript)"
_ADDRESS = regex.compile(
    rf"""
      (?: (?<![a-z0-9+.-]) [a-z0-9+.-]{{1,30}} :// | {_SCHEMES} : (?=[^\s:]) | (?<![:\w/]) // (?={_LABEL})
        | www {_DOT} ) {_REST}
    | [\p{{L}}\p{{N}}._%+'-]{{1,64}} [@＠] {_LABEL} {_REST}
    | (?<! {_LABEL} ) (?: {_LABEL}{{1,63}} {_DOT} ){{1,12}} {_BEFORE_ENDING} {_REST}
    | (?<! {_LABEL} ) \d{{1,3}} (?: \.\d{{1,3}} ){{3}} [:/] {_REST}
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
# Whatever `_ADDRESS` finds holds one of these, which are cheap to look for.
_HINT = regex.compile(rf"{_LABEL}\.{_BEFORE_ENDING}|[@＠]|[:/]\S|[．。｡][A-Za-z0-9]|www", regex.IGNORECASE)
_MISSING_BLANK = regex.compile(r"[\p{L}\p{N}]+\.\p{Lu}\p{Ll}+")
_PUNCTUATION = ".,;:!?…'’)]}*_"
_BREAKABLE = regex.compile(
    rf"""
      (?P<around> (?<=[a-z0-9]) : (?=//) | (?<={_SCHEMES}) : (?=\S)
        | (?<=www) {_DOT} | {_BEHIND_NAME} {_DOT} {_BEFORE_ENDING} | (?<=\d) \. (?=\d{{1,3}}[:/]) | [@＠] (?={_LABEL}) )
    | (?P<before> / (?=/) | < (?=[@!\#/\p{{L}}]) | \] (?=[(:\[]) )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
# Where a mark of ours would stand; `list[1]` is read as none.
_MARK_LIKE = regex.compile(r"(?<![^\s≈\]])\[(?=\d{1,3}\])")


def addresses_in(text: str) -> tuple[str, ...]:
    """
    Return all that a chat client could take for the address of a page or a mailbox, in order.

    With a scheme, `www.`, a path or none; "Node.js" and "readme.md" too, since their endings are
    those of countries. A full stop before a capitalised word (`days.The`) is a missing blank.
    """
    if not _HINT.search(text):
        return ()
    found = (match[0].rstrip(_PUNCTUATION) for match in _ADDRESS.finditer(text))
    return tuple(one for one in found if one and not _MISSING_BLANK.fullmatch(one))


def inert(text: str) -> str:
    """Return the text with joiners where a chat client would otherwise find an address, a mention or a link."""
    return _BREAKABLE.sub(_broken, text)


def unmarked(text: str) -> str:
    """Return a document's words with joiners where their own `[2]` would be taken for the mark of a citation."""
    return _MARK_LIKE.sub(f"[{JOINER}", text)


def _broken(match: "regex.Match[str]") -> str:
    return f"{JOINER}{match[0]}{JOINER}" if match["around"] else f"{match[0]}{JOINER}"
