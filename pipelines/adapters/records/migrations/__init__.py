"""Alembic's folder. HEAD names the newest revision, so that a look suffices to know that nothing is to be done."""

HEAD = "0014"
