"""What Footnote knows how to do: read, index, search, answer. Runs without any chat platform."""
