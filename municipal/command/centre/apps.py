"""Supervision and command: wall, duty desk, video, emergencies.  [CJJ/T 106]"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class CentreConfig(PlatformAppConfig):
    """Plugs supervision and command into the city's platform."""

    name = "municipal.command.centre"
    label = "centre"
    verbose_name = _("Supervision and command")
    sample = (
        "municipal.command.centre.desk_sample.load",
        "municipal.command.centre.video.sample.load",
        "municipal.command.centre.wall_sample.load",
        "municipal.command.centre.emergencies.sample.load",
    )
    beat_schedule = {
        "centre.sum_up": {
            "task": "municipal.command.centre.tasks.sum_up",
            "schedule": 3.0,
        },
        "centre.tidy": {
            "task": "municipal.command.centre.tasks.tidy",
            "schedule": 3600.0,
        },
    }

    def ready(self) -> None:
        """Tell the core whom to call."""
        super().ready()
        from . import registering  # noqa: PLC0415  models are loaded by now

        registering.register()
