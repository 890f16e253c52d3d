"""Field work: attendance, tracks, and the phone that works offline.  [CJJ/T 106]"""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class PatrolConfig(PlatformAppConfig):
    """Plugs field work into the city's platform."""

    name = "municipal.command.patrol"
    label = "patrol"
    verbose_name = _("Field work")
    beat_schedule = {
        "patrol.watch_duties": {
            "task": "municipal.command.patrol.tasks.watch_duties",
            "schedule": 60.0,
        },
        "patrol.forget_tracks": {
            "task": "municipal.command.patrol.tasks.forget_tracks",
            "schedule": 86400.0,
        },
    }
    sample = ("municipal.command.patrol.sample.load",)

    def ready(self) -> None:
        """Offer the phones what they can do, and tell the core whom to ask."""
        super().ready()
        import_module("municipal.command.patrol.phone.actions").register_all()
        import_module("municipal.command.patrol.registering").register()
