"""Choices of the classification."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.TextChoices):
    """The national standard that a code belongs to."""

    E2013 = "2013", _("GB/T 30428.2-2013")
    E2026 = "2026", _("GB/T 47678.5-2026")


class Kind(models.TextChoices):
    """What a code names; 2013 events are matters here."""

    COMPONENT = "component", _("Component")
    MATTER = "matter", _("Matter")


class Origin(models.TextChoices):
    """Where a matter comes from."""

    COMPONENT = "component", _("From a component")
    EVENT = "event", _("Event")


class Geometry(models.TextChoices):
    """The shape that a component is drawn with."""

    POINT = "point", _("Point")
    LINE = "line", _("Line")
    POLYGON = "polygon", _("Polygon")


class Confidence(models.TextChoices):
    """How well the sources support an entry."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


# Kinds whose classes a case may be filed under.
CASE_KINDS = {
    Edition.E2013: (Kind.COMPONENT, Kind.MATTER),
    Edition.E2026: (Kind.MATTER,),
}
