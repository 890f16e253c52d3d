"""Names and limits of drills."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

INTERFACE = "exchange.drill"
# The code under which a record comes back that was applied a second time.
TWICE = "not_origin"
# A detour outlives the outage it is made for by at most so many seconds.
SLACK_SECONDS = 30


class Phase(TextChoices):
    """Where a drill stands."""

    BEFORE = "before", _("Before the outage")
    FAULT = "fault", _("During the outage")
    AFTER = "after", _("After the outage")
