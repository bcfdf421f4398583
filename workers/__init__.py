"""Celery's view of the work: which tasks there are, how workers run, what is sent when. No rule of the work."""
