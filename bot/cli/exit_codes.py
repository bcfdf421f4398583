"""The exit codes of `footnote`. Imports nothing, so that any Python can end with one of them."""

DONE = 0
REFUSED = 1
USAGE = 2
FAILED = 3
INTERRUPTED = 130
"""As a shell tells a process that Ctrl-C ended."""
BROKEN_PIPE = 141
"""As a shell tells a process whose reader went away."""
