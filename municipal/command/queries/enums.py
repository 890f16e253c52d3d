"""Choices of query and statistics."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Page(TextChoices):
    """What a saved query belongs to."""

    CASES = "cases", _("Case search")
    TABLES = "tables", _("Cross table")


class Flag(TextChoices):
    """What happened to a case on its way."""

    OVERDUE = "overdue", _("Overdue")
    REWORK = "rework", _("Rework")
    RETURNED = "returned", _("Returned")
    EXTENDED = "extended", _("Extension")
    REOPENED = "reopened", _("Taken up again")
    URGED = "urged", _("Urged")
    URGENT = "urgent", _("Urgent")
    MISSED = "missed", _("Missed by the inspector")
    DUPLICATE = "duplicate", _("Duplicate")
