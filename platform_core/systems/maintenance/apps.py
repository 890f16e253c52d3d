"""The administrators' pages over the parts of the platform."""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class MaintenanceConfig(PlatformAppConfig):
    """Plugs the maintenance system into the platform."""

    name = "platform_core.systems.maintenance"
    label = "maintenance"
    verbose_name = _("Application maintenance")
