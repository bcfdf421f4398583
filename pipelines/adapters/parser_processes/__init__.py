"""Reads documents in warm child processes with limits. What a child answers is checked, as no child is trusted."""

from pipelines.adapters.parser_processes.process_parser import ProcessParser


__all__ = ["ProcessParser"]
