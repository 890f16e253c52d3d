from importlib import import_module

from django.db.models.signals import post_migrate

from platform_core.common.apps import PlatformAppConfig


class AccountsConfig(PlatformAppConfig):
    name = "platform_core.accounts"
    label = "accounts"
    beat_schedule = {
        "accounts.tidy": {
            "task": "platform_core.accounts.tasks.tidy",
            "schedule": 86_400.0,
        }
    }
    sample = ("platform_core.accounts.sample.load",)

    def ready(self) -> None:
        """Roles follow the code after every migration."""
        super().ready()
        groups = import_module("platform_core.accounts.groups")
        post_migrate.connect(groups.after_migrate, dispatch_uid="accounts.roles")
        import_module("platform_core.accounts.remembered").watch()
