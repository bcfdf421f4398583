"""The Celery application of the commands: `celery -A workers.app worker`, `celery -A workers.app beat`."""

from workers.application import make_app


app = make_app()
