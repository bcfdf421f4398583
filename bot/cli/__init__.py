"""The terminal as a platform: the command `footnote`. Starts in any Python, to say which one it needs."""

import sys

from bot import texts
from bot.cli.exit_codes import INTERRUPTED, USAGE
from bot.cli.interpreter import complaint
from bot.cli.loading import command_line


def main() -> None:
    """Run the command line of this process and end it with the exit code."""
    refused = complaint(sys.version_info[0], sys.version_info[1])
    if refused:
        sys.stderr.write(refused + "\n")
        raise SystemExit(USAGE)
    try:
        code = command_line()(sys.argv[1:])
    except KeyboardInterrupt:  # while the command line itself was still being loaded
        sys.stderr.write(texts.interrupted() + "\n")
        code = INTERRUPTED
    raise SystemExit(code)
