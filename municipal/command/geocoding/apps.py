"""Geocoding: addresses and place names to positions and back.  [GB/T 30428.3]"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class GeocodingConfig(PlatformAppConfig):
    """Plugs geocoding into the city's platform."""

    name = "municipal.command.geocoding"
    label = "geocoding"
    verbose_name = _("Geocoding")
    sample = ("municipal.command.geocoding.sample.load",)
