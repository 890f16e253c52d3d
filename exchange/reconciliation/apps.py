from importlib import import_module

from celery.schedules import crontab

from platform_core.common.apps import PlatformAppConfig


class ReconciliationConfig(PlatformAppConfig):
    name = "exchange.reconciliation"
    label = "reconciliation"
    beat_schedule = {
        "reconciliation.nightly": {
            "task": "reconciliation.nightly",
            "schedule": crontab(hour=2, minute=10),
        },
        "reconciliation.follow_up": {
            "task": "reconciliation.follow_up",
            "schedule": 60.0,
        },
    }
    reference = ("exchange.reconciliation.services.rebuilding.load",)

    def ready(self) -> None:
        super().ready()
        import_module("exchange.reconciliation.registering")
