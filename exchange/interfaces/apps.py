from importlib import import_module

from celery.schedules import crontab

from platform_core.common.apps import PlatformAppConfig


class InterfacesConfig(PlatformAppConfig):
    name = "exchange.interfaces"
    label = "interfaces"
    reference = ("exchange.interfaces.loaders.load_tables",)
    beat_schedule = {
        "interfaces.fill": {
            "task": "interfaces.fill",
            "schedule": 300.0,
            "options": {"expires": 240},
        },
        "interfaces.end": {"task": "interfaces.end", "schedule": 3600.0},
        "interfaces.retain": {
            "task": "interfaces.retain",
            "schedule": crontab(hour=3, minute=20),
        },
    }

    def ready(self) -> None:
        super().ready()
        import_module("exchange.interfaces.runner")
