"""The Celery application; apps bring their own tasks and schedules."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_ready

from platform_core.common import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.settings.dev")

app = Celery("platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**kwargs: Any) -> None:
    """Celery would replace the root logger; ours is set up by Django."""


@worker_process_init.connect
@worker_ready.connect
def settle_memory(**kwargs: Any) -> None:
    """Everything a worker needs is loaded now."""
    memory.settle()
