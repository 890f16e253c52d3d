"""Levels of divisions, kinds of platforms and their states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How far down the tree of administrative divisions.  [GB/T 2260, GB/T 10114]"""

    NATION = "nation", _("Nation")
    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")
    STREET = "street", _("Street")
    COMMUNITY = "community", _("Community")


class NodeState(models.TextChoices):
    """Whether a platform of the federation takes part at present."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


class TierCode(models.TextChoices):
    """The three kinds of platforms."""

    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")
    MUNICIPAL = "municipal", _("Municipal")


NATION_CODE = "100000"
NOWHERE = "-"  # the prefix of somebody who may see no division
TIER_OF_LETTER = {
    "N": TierCode.NATIONAL,
    "P": TierCode.PROVINCIAL,
    "M": TierCode.MUNICIPAL,
}
