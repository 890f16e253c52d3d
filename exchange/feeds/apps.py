from importlib import import_module

from platform_core.common.apps import PlatformAppConfig


class FeedsConfig(PlatformAppConfig):
    name = "exchange.feeds"
    label = "feeds"
    beat_schedule = {
        "feeds.push": {
            "task": "feeds.push",
            "schedule": 1.0,
            "options": {"expires": 5},
        },
        "feeds.pull": {
            "task": "feeds.pull",
            "schedule": 5.0,
            "options": {"expires": 10},
        },
        "feeds.refresh": {"task": "feeds.refresh", "schedule": 60.0},
        "feeds.expire": {"task": "feeds.expire", "schedule": 600.0},
    }

    def ready(self) -> None:
        super().ready()
        import_module("exchange.feeds.registering")
