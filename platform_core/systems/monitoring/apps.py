"""The monitoring system: figures and case digests of a division and below."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class MonitoringConfig(PlatformAppConfig):
    """Plugs the monitoring system into the platform."""

    name = "platform_core.systems.monitoring"
    label = "monitoring"
    verbose_name = _("Monitoring and analysis")
    reference = ("platform_core.systems.monitoring.loaders.load_indicators",)
    beat_schedule = {
        "monitoring.fold": {
            "task": "platform_core.systems.monitoring.tasks.fold_figures",
            "schedule": 1.0,
            "options": {"expires": 5},
        }
    }
