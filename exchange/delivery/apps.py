from importlib import import_module

from platform_core.common.apps import PlatformAppConfig


class DeliveryConfig(PlatformAppConfig):
    name = "exchange.delivery"
    label = "delivery"
    beat_schedule = {
        "delivery.pump": {
            "task": "delivery.pump",
            "schedule": 1.0,
            "options": {"expires": 5},
        },
        "delivery.heartbeats": {"task": "delivery.heartbeats", "schedule": 60.0},
        "delivery.files": {
            "task": "delivery.files",
            "schedule": 3.0,
            "options": {"expires": 5},
        },
        "delivery.keys": {"task": "delivery.keys", "schedule": 30.0},
        "delivery.clean": {"task": "delivery.clean", "schedule": 3600.0},
    }
    reference = ("exchange.delivery.services.nodes.load_own",)

    def ready(self) -> None:
        super().ready()
        import_module("exchange.delivery.receivers")
