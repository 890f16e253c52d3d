"""Base data: grids, components, layers and their versions.  [GB/T 30428.1, .2]"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class BasedataConfig(PlatformAppConfig):
    """Plugs base data into the city's platform."""

    name = "municipal.command.basedata"
    label = "basedata"
    verbose_name = _("Base data")
    beat_schedule = {
        "basedata.apply_class_versions": {
            "task": "municipal.command.basedata.tasks.apply_class_versions",
            "schedule": 600.0,
        },
    }
    reference = ("municipal.command.basedata.layers.kinds.load",)
    sample = (
        "municipal.command.basedata.sample.load",
        "municipal.command.basedata.places_sample.load",
    )
