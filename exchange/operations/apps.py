from importlib import import_module

from celery.schedules import crontab

from platform_core.common.apps import PlatformAppConfig


class OperationsConfig(PlatformAppConfig):
    name = "exchange.operations"
    label = "operations"
    beat_schedule = {
        "operations.watch": {"task": "operations.watch", "schedule": 60.0},
        "operations.reports": {
            "task": "operations.reports",
            "schedule": crontab(hour=1, minute=30),
        },
        "operations.remind": {
            "task": "operations.remind",
            "schedule": crontab(hour=8, minute=30),
        },
        "operations.clean": {"task": "operations.clean", "schedule": 86_400.0},
    }
    reference = (
        "exchange.operations.services.rules.load",
        "exchange.operations.services.schedules.load",
    )

    def ready(self) -> None:
        super().ready()
        import_module("exchange.operations.registering")
