"""States and limits of reconciliation."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

HELD = ""
INTERFACE = "reconciliation.certificate"
REPAIR = "reconciliation.repair"
# What reconciliation itself sends is not compared.
OWN = frozenset({INTERFACE, REPAIR})
# What was offered so shortly ago may still be on its way.
GRACE = timedelta(seconds=60)
# A healed difference is looked at again after this time.
PAUSE = timedelta(seconds=90)
# Buckets looked into, and records named, in one round.
MAX_BUCKETS = 512
NAMED = 200
# Records named in the notice of an alarm.
TOLD = 5
# Records in one request to the origin, and the highest revision there can be.
WANTED = 500
MAX_REVISION = 2_147_483_647
# The two statements of a certificate lie no further apart.
APART = timedelta(minutes=10)


class State(TextChoices):
    """How a comparison stands."""

    HEALING = "healing", _("Being healed")
    EQUAL = "equal", _("Equal")
    EXPLAINED = "explained", _("Explained by refused records")
    DIFFERENT = "different", _("Different")
    UNREACHED = "unreached", _("Not compared yet")


class Kind(TextChoices):
    """What is wrong with one record at the other end."""

    MISSING = "missing", _("Missing there")
    OLD = "old", _("Old revision there")
    CHANGED = "changed", _("Other content there")
    AHEAD = "ahead", _("Higher revision there")
    EXTRA = "extra", _("Unknown here")
    REFUSED = "refused", _("Refused there")


class Repair(TextChoices):
    """What was done about one record."""

    SENT = "sent", _("Sent again as it was")
    RAISED = "raised", _("Announced again under a higher revision")
    ASKED = "asked", _("Its origin was asked to announce it again")
