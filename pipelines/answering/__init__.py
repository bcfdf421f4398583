"""From a question to the one outcome, step by step (product.md). Knows ports, never adapters."""

from pipelines.settings import switch_off_telemetry


# Before any module of this package imports Haystack: no telemetry leaves (D4).
switch_off_telemetry()
