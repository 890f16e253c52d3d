"""Long work in the background: progress, problems by row, resuming."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class JobsConfig(PlatformAppConfig):
    """Plugs background work into the platform."""

    name = "platform_core.jobs"
    label = "jobs"
    verbose_name = _("Background work")
    beat_schedule = {
        "jobs.sweep": {"task": "platform_core.jobs.tasks.sweep", "schedule": 15.0},
    }
