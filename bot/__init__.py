"""Where people talk to Footnote. Knows platforms; knows no database and no model."""
