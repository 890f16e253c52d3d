from importlib import import_module

from platform_core.common.apps import PlatformAppConfig


class CleansingConfig(PlatformAppConfig):
    name = "exchange.aggregation.cleansing"
    label = "cleansing"
    beat_schedule = {
        "cleansing.start_due": {"task": "cleansing.start_due", "schedule": 60.0},
        "cleansing.urge": {"task": "cleansing.urge", "schedule": 3600.0},
        "cleansing.tell": {"task": "cleansing.tell", "schedule": 60.0},
    }
    sample = ("exchange.aggregation.cleansing.sample.load",)

    def ready(self) -> None:
        super().ready()
        import_module("exchange.aggregation.cleansing.registering")
