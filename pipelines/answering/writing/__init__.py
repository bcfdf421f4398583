"""What a model writes, as sentences that are fit to be shown, with what they cite. Knows no model and no source."""
