"""Case handling of the city: report, file, dispatch, handle, check, close."""

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
        "command.resume_paused": {
            "task": "municipal.command.tasks.resume_paused",
            "schedule": 60.0,
        },
    }
    reference = (
        "municipal.command.loaders.load_sources",
        "municipal.command.loaders.ship_process",
    )
    sample = ("municipal.command.sample.load",)

    def ready(self) -> None:
        """Register what others call by name."""
        super().ready()
        guards.register()
