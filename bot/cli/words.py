"""What only the terminal tells, as lines for a person. The sentences are `bot.texts` and `bot.sync_texts`."""

from bot import sync_texts, texts
from bot.commands.doctor import Examination, State
from bot.commands.work import WorkDone
from bot.lines import BLANK, Line, Look


_LOOKS = {State.OK: Look.GOOD, State.WARN: Look.CARE, State.FAIL: Look.BAD}


def worked(result: WorkDone) -> list[Line]:
    """Tell what a job process did."""
    return [Line(sync_texts.worked(result.done, result.failed, result.put_back))]


def examined(result: Examination) -> list[Line]:
    """Tell what was found, what is set, and what to do next."""
    shown: list[Line] = []
    for one in result.checks:
        shown.append(Line(texts.check_line(str(one.state), one.message), look=_LOOKS[one.state]))
        if one.next:
            shown.append(Line(one.next, 6))
    if result.settings:
        shown += [BLANK, Line(texts.settings_headline(), look=Look.STRONG)]
        shown += [Line(texts.setting_line(name, value), 2) for name, value in result.settings]
    return shown
