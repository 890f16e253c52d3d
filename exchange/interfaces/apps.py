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
    }
