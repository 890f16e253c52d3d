"""Reception: calls, channels, phrases and knowledge of the seats.  [CJJ/T 106]"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class IntakeConfig(PlatformAppConfig):
    """Plugs reception into the city's platform."""

    name = "municipal.command.intake"
    label = "intake"
    verbose_name = _("Reception")
    reference = ("municipal.command.intake.loaders.load_phrases",)
    sample = ("municipal.command.intake.loaders.load_sample",)
