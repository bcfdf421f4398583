"""Work that goes on by itself: taking jobs, what is due, daily chores. Knows ports; no queue, no terminal."""
