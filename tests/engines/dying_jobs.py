"""Celery workers that die at named points: `celery -A dying_jobs worker`, with this folder on the path."""

from tests.faults.dying_installation import open_dying
from workers.application import make_app
from workers.process import Pool


app = make_app(Pool(open_installation=open_dying))
