"""What the pipelines ask of the outside, one protocol per file."""
