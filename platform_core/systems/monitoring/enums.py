"""Words of the monitoring system: kinds of indicators, measures, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IndicatorKind(models.TextChoices):
    """How values of an indicator may be put together."""

    COUNT = "count", _("Count")
    GAUGE = "gauge", _("Reading")
    RATIO = "ratio", _("Ratio")


class Grain(models.TextChoices):
    """The length of a period."""

    HOUR = "hour", _("Hour")
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class Measure(models.TextChoices):
    """What is tallied from case digests, beside the indicators themselves."""

    BY_CLASS = "digest.class", _("Reported, by class")
    BY_SOURCE = "digest.source", _("Reported, by source")
    OPEN = "digest.open", _("Open now, by stage")
    OVERDUE = "digest.overdue", _("Overdue now")


class CaseSource(models.TextChoices):
    """Where a case came from; the code travels in its digest."""

    SUPERVISOR_REPORT = "01", _("Supervisor report")
    SUPERVISOR_SELF_HANDLING = "02", _("Supervisor self-handling")
    PUBLIC_REPORT_BY_PHONE = "03", _("Public report by phone")
    HOTLINE_12345 = "04", _("12345 hotline referral")
    HOTLINE_12319 = "05", _("12319 urban management hotline")
    PUBLIC_APP_OR_MINI_PROGRAM = "06", _("Public app or mini-program")
    WEBSITE_EMAIL_SMS = "07", _("Website, email, SMS")
    LEADER_INSTRUCTION = "08", _("Leader instruction")
    MEDIA_EXPOSURE = "09", _("Media exposure")
    PETITION = "10", _("Petition")
    NPC_OR_CPPCC_PROPOSAL = "11", _("NPC or CPPCC proposal")
    REFERRAL_FROM_OTHER_DEPARTMENT = "12", _("Referral from other department")
    MANUAL_VIDEO_INSPECTION = "13", _("Manual video inspection")
    AI_VIDEO_RECOGNITION = "14", _("AI video recognition")
    IOT_ALARM = "15", _("IoT alarm")
    UAV_INSPECTION = "16", _("UAV inspection")
    SPECIAL_SURVEY_OR_CAMPAIGN = "17", _("Special survey or campaign")
    FOUND_BY_SUPERVISION_INSPECTOR = "18", _("Found by supervision inspector")
    ASSIGNED_BY_SUPERIOR_PLATFORM = "19", _("Assigned by superior platform")
    REPORTED_BY_SUBORDINATE_PLATFORM = "20", _("Reported by subordinate platform")
    GRID_WORKER = "21", _("Enforcement officer or grid worker")
    SATELLITE_REMOTE_SENSING = "22", _("Satellite remote sensing")
    OTHER = "99", _("Other")


class CaseState(models.TextChoices):
    """States of the standard case process; the code travels in a digest."""

    REPORTED = "reported", pgettext_lazy("case", "Reported")
    VERIFYING = "verifying", pgettext_lazy("case", "Verifying on site")
    PENDING_ACCEPT = "pending_accept", pgettext_lazy("case", "Pending acceptance")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("case", "Not accepted")
    SELF_HANDLED = "self_handled", pgettext_lazy("case", "Self-handled pending review")
    PENDING_FILING = "pending_filing", pgettext_lazy("case", "Pending filing")
    NOT_FILED = "not_filed", pgettext_lazy("case", "Not filed")
    PENDING_DISPATCH = "pending_dispatch", pgettext_lazy("case", "Pending dispatch")
    RETURNED = "returned", pgettext_lazy("case", "Returned for re-dispatch")
    PENDING_HANDLING = "pending_handling", pgettext_lazy("case", "Pending handling")
    HANDLING = "handling", pgettext_lazy("case", "Handling")
    SUSPENDED = "suspended", pgettext_lazy("case", "Suspended (on the books)")
    DEFERRED = "deferred", pgettext_lazy("case", "Deferred")
    PENDING_FEEDBACK = (
        "pending_feedback",
        pgettext_lazy("case", "Feedback under review"),
    )
    PENDING_CHECK = "pending_check", pgettext_lazy("case", "Pending check")
    CHECKING = "checking", pgettext_lazy("case", "Checking on site")
    PENDING_CLOSE = "pending_close", pgettext_lazy("case", "Pending closing")
    REWORK = "rework", pgettext_lazy("case", "Rework")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    FORCED_CLOSED = "forced_closed", pgettext_lazy("case", "Forcibly closed")
    CANCELLED = "cancelled", pgettext_lazy("case", "Cancelled")


class CaseStage(models.IntegerChoices):
    """The stages of a case.  [CJJ/T 106]"""

    COLLECTING = 1, pgettext_lazy("case", "Information collection")
    FILING = 2, pgettext_lazy("case", "Case filing")
    DISPATCHING = 3, pgettext_lazy("case", "Task dispatch")
    HANDLING = 4, pgettext_lazy("case", "Task handling")
    FEEDBACK = 5, pgettext_lazy("case", "Handling feedback")
    CLOSING = 6, pgettext_lazy("case", "Check and closing")


TERMINAL_STATES = frozenset(
    {
        CaseState.CLOSED,
        CaseState.FORCED_CLOSED,
        CaseState.CANCELLED,
        CaseState.NOT_ACCEPTED,
        CaseState.NOT_FILED,
    }
)
CLOSED_STATES = frozenset({CaseState.CLOSED, CaseState.FORCED_CLOSED})

# (code, Chinese name, English name, unit), in the order of exchange protocol §10.
INDICATORS: tuple[tuple[str, str, str, str], ...] = (
    ("cases.reported", "上报数", "Cases reported", "case"),
    ("cases.filed", "立案数", "Cases filed", "case"),
    ("cases.dispatched", "派遣数", "Cases dispatched", "case"),
    ("cases.handled", "处置数", "Cases handled", "case"),
    ("cases.closed", "结案数", "Cases closed", "case"),
    ("cases.overdue", "超期数", "Cases overdue", "case"),
    ("cases.on_time", "按期结案数", "Cases closed on time", "case"),
    ("cases.reworked", "返工数", "Cases reworked", "case"),
    ("requests.received", "公众诉求受理数", "Public requests received", "request"),
    ("requests.satisfied", "公众诉求满意数", "Satisfied public requests", "request"),
)
SHIPPED = frozenset(row[0] for row in INDICATORS)
