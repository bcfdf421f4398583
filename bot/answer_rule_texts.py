"""Every sentence about how answers of a base are written and what they may cost, one function per sentence."""

from bot.texts import counted


def style_headline() -> str:
    """Announce how answers are to be written."""
    return "Answers are to be written like this:"


def no_style() -> str:
    """Say that nothing was said of it."""
    return "Nothing is said of how answers are to be written."


def glossary_headline(entries: int) -> str:
    """Announce the words that are explained."""
    return f"{counted(entries, 'word')} of this organisation:"


def own_words_shown() -> str:
    """Say that sentences in a model's own words are shown."""
    return "Sentences in a language model's own words are shown, marked, and with their quote."


def own_words_withheld() -> str:
    """Say that they are not."""
    return "Sentences in a language model's own words are withheld."


def budget_line(tokens: int | None, money: str | None) -> str:
    """Say what models may cost in a day."""
    parts = [] if tokens is None else [f"{tokens:,} tokens"]
    parts += [] if money is None else [f"{money} of money"]
    return f"Budget of a day for written answers: {' and '.join(parts) or 'no limit'}."


def today_line(calls: int, tokens_in: int, tokens_out: int, money: str) -> str:
    """Say what models were used for today."""
    used = f"{counted(calls, 'call')}, {tokens_in:,} tokens read and {tokens_out:,} written, {money} of money"
    return f"Today (UTC): {used}."


def no_price() -> str:
    """Say that a budget of money has no effect."""
    return (
        "No price is set (FOOTNOTE_MODELS__PRICE_IN, FOOTNOTE_MODELS__PRICE_OUT): no money is counted,"
        " so its budget is never used up."
    )


def no_model() -> str:
    """Say that all this has no effect yet."""
    return "No language model writes answers here (FOOTNOTE_MODEL); all this counts once one does."


def two_styles() -> str:
    """Refuse a style that was given twice."""
    return "Give one of --style and --style-file."


def text_too_large(file: str, most: int) -> str:
    """Refuse a file."""
    return f"{file} has more than {most:,} bytes: no style or glossary is that long"


def text_not_utf8(file: str) -> str:
    """Refuse a file."""
    return f"{file} is not UTF-8 text: save it as UTF-8"
