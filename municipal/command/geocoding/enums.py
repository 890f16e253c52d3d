"""Kinds of places, states of addresses and of what is done to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlaceKind(models.TextChoices):
    """What a place name names.  [GB/T 30428.3]"""

    DIVISION = "1", _("Division name")
    ROAD = "2", _("Road or lane")
    COMPOUND = "3", _("Compound")
    NUMBER = "4", _("House or building number")
    LANDMARK = "5", _("Landmark")
    POI = "6", _("Point of interest")


NAMED = (PlaceKind.DIVISION, PlaceKind.LANDMARK, PlaceKind.POI)


class AddressState(models.TextChoices):
    """Whether an address is found by a search."""

    DRAFT = "draft", pgettext_lazy("address", "Draft")
    PUBLISHED = "published", pgettext_lazy("address", "Published")
    RETIRED = "retired", pgettext_lazy("address", "Retired")


class Work(models.TextChoices):
    """What somebody wants to do with an address."""

    ADD = "add", _("Add address")
    EDIT = "edit", _("Change address")
    RETIRE = "retire", _("Retire address")


class Verdict(models.TextChoices):
    """What the reviewer said."""

    PENDING = "pending", _("Waits for review")
    APPROVED = "approved", pgettext_lazy("review", "Approved")
    REFUSED = "refused", pgettext_lazy("review", "Refused")


class How(models.TextChoices):
    """By which way a position was found."""

    EXACT = "exact", _("Exact")
    NORMALISED = "normalised", _("By its parts")
    INTERPOLATED = "interpolated", _("Between two numbers")
    JUNCTION = "junction", _("Junction")
    FUZZY = "fuzzy", _("Similar")


class Match(models.TextChoices):
    """The outcome for a row of a list."""

    WAITING = "waiting", _("Not looked for yet")
    MATCHED = "matched", _("Matched")
    AMBIGUOUS = "ambiguous", _("Ambiguous")
    MISSING = "missing", _("Not found")
    FIXED = "fixed", _("Fixed by hand")
