from platform_core.common.apps import PlatformAppConfig


class NoticesConfig(PlatformAppConfig):
    name = "platform_core.notices"
    label = "notices"
    beat_schedule = {
        "notices.texts": {
            "task": "platform_core.notices.tasks.send_texts",
            "schedule": 10.0,
        }
    }
