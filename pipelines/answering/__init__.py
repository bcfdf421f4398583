"""From a question to the one outcome, step by step. Knows ports, never adapters."""

import logging

from pipelines.settings import switch_off_telemetry


# Before any module of this package imports Haystack: no telemetry leaves.
switch_off_telemetry()

# Where an error of ours ends a run, Haystack warns that it cannot serialise the inputs: of no use to anybody.
logging.getLogger("haystack.utils.base_serialization").setLevel(logging.ERROR)
