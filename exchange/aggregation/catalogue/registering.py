"""What the catalogue adds to the messages of the platform."""

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds

kinds.register(catalogue=_("An application for the use of data is decided"))
