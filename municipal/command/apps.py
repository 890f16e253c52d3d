"""Case handling of the city: report, file, dispatch, handle, check, close."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig

from . import guards


class CommandConfig(PlatformAppConfig):
    """The command and coordination system."""

    name = "municipal.command"
    label = "command"
    verbose_name = _("Command and coordination")
    beat_schedule = {
        "command.mark_overdue": {
            "task": "municipal.command.tasks.mark_overdue",
            "schedule": 30.0,
        },
        "command.send_alerts": {
            "task": "municipal.command.tasks.send_alerts",
            "schedule": 20.0,
        },
        "command.resume_paused": {
            "task": "municipal.command.tasks.resume_paused",
            "schedule": 30.0,
        },
    }
    reference = (
        "municipal.command.loaders.load_sources",
        "municipal.command.loaders.ship_process",
        "municipal.command.loaders.load_rules",
    )
    sample = ("municipal.command.sample.load",)

    def ready(self) -> None:
        """Register what others call by name."""
        super().ready()
        guards.register()
        # Models cannot be imported before the apps are ready.
        import_module("municipal.command.visibility").watch()
