"""Celery's view of the work that `pipelines.work` does; empty until an installation outgrows one machine."""
