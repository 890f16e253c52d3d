from importlib import import_module

from celery.schedules import crontab

from platform_core.common.apps import PlatformAppConfig


class CatalogueConfig(PlatformAppConfig):
    name = "exchange.aggregation.catalogue"
    label = "catalogue"
    beat_schedule = {
        "catalogue.measure": {
            "task": "catalogue.measure",
            "schedule": crontab(hour=1, minute=20),
        },
        "catalogue.end_uses": {"task": "catalogue.end_uses", "schedule": 3600.0},
    }
    sample = ("exchange.aggregation.catalogue.sample.load",)
    reference = ("exchange.aggregation.catalogue.services.themes.load",)

    def ready(self) -> None:
        super().ready()
        import_module("exchange.aggregation.catalogue.registering")
