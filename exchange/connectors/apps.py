from importlib import import_module

from platform_core.common.apps import PlatformAppConfig


class ConnectorsConfig(PlatformAppConfig):
    name = "exchange.connectors"
    label = "connectors"
    sample = ("exchange.connectors.sample.load",)
    beat_schedule = {
        "connectors.start_due": {
            "task": "connectors.start_due",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
    }

    def ready(self) -> None:
        super().ready()
        import_module("exchange.connectors.runner")
