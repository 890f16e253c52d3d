from importlib import import_module

from platform_core.common.apps import PlatformAppConfig


class FusionConfig(PlatformAppConfig):
    name = "exchange.aggregation.fusion"
    label = "fusion"
    reference = ("exchange.aggregation.fusion.loaders.load_subjects",)
    beat_schedule = {
        "fusion.start_due": {"task": "fusion.start_due", "schedule": 60.0},
    }

    def ready(self) -> None:
        super().ready()
        import_module("exchange.aggregation.fusion.registering")
