"""The entry to the rules about follow-ups, which lie in `follow_ups`. It holds none."""

from pipelines.answering.follow_ups.dialogue import CHAIN, stand_alone
from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.leaning import leaning


__all__ = ["CHAIN", "Leaning", "leaning", "stand_alone"]
