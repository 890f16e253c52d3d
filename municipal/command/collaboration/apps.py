"""Collaborative work: units working together, duty resolution, batches"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class CollaborationConfig(PlatformAppConfig):
    """Plugs collaborative work into the city's platform."""

    name = "municipal.command.collaboration"
    label = "collaboration"
    verbose_name = _("Collaborative work")
    beat_schedule = {
        "collaboration.sweep_auto_dispatch": {
            "task": "municipal.command.collaboration.tasks.sweep_auto_dispatch",
            "schedule": 60.0,
        },
        "collaboration.sweep_callbacks": {
            "task": "municipal.command.collaboration.tasks.sweep_callbacks",
            "schedule": 30.0,
        },
        "collaboration.forget_old_counts": {
            "task": "municipal.command.collaboration.tasks.forget_old_counts",
            "schedule": 86400.0,
        },
    }
    sample = ("municipal.command.collaboration.sample.load",)

    def ready(self) -> None:
        """Tell the core whom to call."""
        super().ready()
        from . import registering  # noqa: PLC0415  models are loaded by now

        registering.register()
