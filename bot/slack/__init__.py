"""Slack: its events in, its messages out. The only home of Slack's own packages."""
