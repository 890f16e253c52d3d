"""Performance evaluation: indices from 0/1 flags per step.  [GB/T 30428.4]"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class PerformanceConfig(PlatformAppConfig):
    """Plugs performance evaluation into the city's platform."""

    name = "municipal.command.performance"
    label = "performance"
    verbose_name = _("Performance evaluation")
    beat_schedule = {
        "performance.add_up": {
            "task": "municipal.command.performance.tasks.add_up",
            "schedule": 20.0,
        },
        "performance.close_days": {
            "task": "municipal.command.performance.tasks.close_days",
            "schedule": 600.0,
        },
        "performance.evaluate_due": {
            "task": "municipal.command.performance.tasks.evaluate_due",
            "schedule": 3600.0,
        },
    }
    reference = ("municipal.command.performance.services.scheming.ship",)
    sample = (
        "municipal.command.performance.sample.load",
        "municipal.command.performance.evaluation_sample.load",
    )

    def ready(self) -> None:
        """Tell the core whom to call."""
        super().ready()
        from . import appeal_panels, registering  # noqa: PLC0415  models are loaded

        registering.register()
        appeal_panels.register()
