"""How a long step of a sync ends before its time. Not how the rest is found again: each step says that itself."""


class TimeIsOver(Exception):
    """A sync stops between two steps, further than when it began; whoever takes its job goes on from there."""
