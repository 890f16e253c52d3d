"""Choices and limits of the operator's part."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# Figures of hours and flows are kept for thirteen months.
KEEP_FIGURES = timedelta(days=400)
# Reports of a day too; those of a month stay for ever.
KEEP_DAILY_REPORTS = timedelta(days=400)
# All interfaces of a call together.
TOTAL = ""
EACH = "*"
# Records of an interface without a period are in time within these seconds after
# their change.  [exchange reference 6]
REAL_TIME_SECONDS = 5 * 60


class Direction(TextChoices):
    """Which way records went, whoever made the call."""

    OUT = "out", _("Outward")
    IN = "in", _("Inward")


class ReportSpan(TextChoices):
    """How long the time of a report is."""

    MONTH = "month", _("Monthly report")
    DAY = "day", _("Daily report")


class RuleKind(TextChoices):
    """What a rule watches."""

    DOWN = "down", _("Connection down")
    LATE = "late", _("Records late")
    DROP = "drop", _("Volume drop")
    ERRORS = "errors", _("Error rate")
    LAG = "lag", _("Lag")
    QUALITY = "quality", _("Quality score low")


UNITS = {
    RuleKind.DOWN: _("minutes without contact"),
    RuleKind.LATE: _("minutes without records"),
    RuleKind.DROP: _("per cent less than on earlier days"),
    RuleKind.ERRORS: _("per cent failed or refused"),
    RuleKind.LAG: _("minutes of waiting"),
    RuleKind.QUALITY: _("points of quality"),
}
# A value below the threshold is what is wrong.
BELOW = (RuleKind.QUALITY,)


class Severity(TextChoices):
    """How grave an alarm is."""

    INFO = "info", _("Hint")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", _("Critical")


class AlarmState(TextChoices):
    """Where an alarm stands."""

    OPEN = "open", _("Not acknowledged")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RESOLVED = "resolved", _("Over")


class AlarmEvent(TextChoices):
    """What happens to an alarm."""

    RAISED = "raised", _("Raised")
    TOLD = "told", _("People told")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    COMMENTED = "commented", _("Commented")
    RESOLVED = "resolved", _("Over")


class TraceEvent(TextChoices):
    """Stations of a record or batch; the codes travel.  [protocol, section 6]"""

    ANNOUNCED = "announced", _("Announced")
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent off")
    FAILED = "failed", _("Call failed")
    DELIVERED = "delivered", _("Receipt came")
    SET_ASIDE = "set_aside", _("Set aside")
    APPLIED = "applied", _("Applied")
    REFUSED = "refused", _("Refused")
