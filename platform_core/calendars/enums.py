"""Choices of calendars and time limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """Units of a time limit; the first four are the field's, the last plain."""

    URGENT_HOUR = "urgent_hour", _("urgent hour")
    URGENT_DAY = "urgent_day", _("urgent day")
    WORK_HOUR = "work_hour", _("work hour")
    WORK_DAY = "work_day", _("work day")
    HOUR = "hour", _("hour")
    DAY = "day", _("day")


class DayKind(models.TextChoices):
    """What a day is that differs from the plain week."""

    HOLIDAY = "holiday", _("Holiday")
    MAKE_UP = "make_up", _("Make-up workday")
    WORK = "work", _("Workday")
    REST = "rest", _("Rest day")


WORKING_KINDS = frozenset({DayKind.MAKE_UP, DayKind.WORK})
