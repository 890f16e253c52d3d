from platform_core.common.apps import PlatformAppConfig


class FilesConfig(PlatformAppConfig):
    name = "platform_core.files"
    label = "files"
    beat_schedule = {
        "files.prune_uploads": {
            "task": "platform_core.files.tasks.prune_uploads",
            "schedule": 3600.0,
        }
    }
