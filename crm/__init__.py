"""The wiring: settings, routes, workers. Everything else is in the apps."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
