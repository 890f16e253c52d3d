"""Choices of the public service."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a request reached the city; the value names the case source."""

    PAGE = "07", _("Web page")
    APP = "06", _("App or Open311 client")


class Satisfaction(models.TextChoices):
    """The citizen's verdict after closing.  [functions PS-05]"""

    VERY_SATISFIED = "very_satisfied", _("Very satisfied")
    SATISFIED = "satisfied", _("Satisfied")
    BASIC = "basic", _("Basically satisfied")
    UNSATISFIED = "unsatisfied", _("Not satisfied")


CONTENT = frozenset(
    {Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASIC}
)
