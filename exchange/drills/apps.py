from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class DrillsConfig(PlatformAppConfig):
    name = "exchange.drills"
    label = "drills"
    verbose_name = _("Outage drills")
