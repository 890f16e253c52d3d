from importlib import import_module

from platform_core.common.apps import PlatformAppConfig


class PackagesConfig(PlatformAppConfig):
    name = "exchange.packages"
    label = "packages"
    beat_schedule = {
        "packages.clean": {"task": "packages.clean", "schedule": 86_400.0},
    }

    def ready(self) -> None:
        super().ready()
        import_module("exchange.packages.runner")
