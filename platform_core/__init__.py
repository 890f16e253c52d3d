"""What every tier stands on."""

from platform_core.celery import app as celery_app

__all__ = ["celery_app"]
