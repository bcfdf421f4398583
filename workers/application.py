"""Makes the Celery application of a worker. Nothing is opened or read until Celery asks for the configuration."""

from collections.abc import Callable
from typing import Any

from celery import Celery

from pipelines.errors import BadSettings, FootnoteError
from pipelines.settings import Settings
from workers.configuration import worker_settings
from workers.process import Pool
from workers.replacing import replace_soon
from workers.tasks import add_tasks


def configuration() -> dict[str, Any]:
    """Return what the settings ask for; a fault ends the command with its sentence, for nobody above would catch it."""
    try:
        settings = Settings.load()
        if settings.broker_url is None:
            raise BadSettings(
                "Celery's workers need a Redis for their queues: set REDIS_URL or FOOTNOTE_BROKER_URL,"
                " or run `footnote work`, which needs none"
            )
    except FootnoteError as fault:
        raise SystemExit(str(fault)) from None
    return worker_settings(settings.broker_url, tick_s=settings.work.tick_seconds)


def make_app(pool: Pool | None = None, configuration: Callable[[], dict[str, Any]] = configuration) -> Celery:
    """
    Return an application.

    Args:
        pool: what its processes hold; the installation of the settings by default.
        configuration: asked when Celery starts.

    """
    app = Celery("footnote", set_as_current=False)
    app.add_defaults(configuration)
    used = pool or Pool()
    used.connect()
    replace_soon(app)
    add_tasks(app, used)
    return app
