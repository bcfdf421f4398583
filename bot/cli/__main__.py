"""`python -m bot.cli` is `footnote`."""

from bot.cli import main


main()
