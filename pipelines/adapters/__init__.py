"""One home per vendor: each adapter translates, holds no rule of ours, and gets its client ready-made."""
