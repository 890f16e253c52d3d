"""Choices and constants of case handling.  [CJJ/T 106, GB/T 30428.8]"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROCESS = "command.case"


class State(TextChoices):
    """The 21 states of a case."""

    REPORTED = "reported", _("Just reported")
    VERIFYING = "verifying", _("Verifying on site")
    PENDING_ACCEPT = "pending_accept", _("Pending acceptance")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    SELF_HANDLED = "self_handled", _("Self-handled, pending review")
    PENDING_FILING = "pending_filing", _("Pending filing")
    NOT_FILED = "not_filed", _("Not filed")
    PENDING_DISPATCH = "pending_dispatch", _("Pending dispatch")
    RETURNED = "returned", _("Returned for re-dispatch")
    PENDING_HANDLING = "pending_handling", _("Pending handling")
    HANDLING = "handling", _("Handling")
    SUSPENDED = "suspended", _("Suspended (on the books)")
    DEFERRED = "deferred", _("Deferred")
    PENDING_FEEDBACK = "pending_feedback", _("Feedback under review")
    PENDING_CHECK = "pending_check", _("Pending check")
    CHECKING = "checking", _("Checking on site")
    PENDING_CLOSE = "pending_close", _("Pending closing")
    REWORK = "rework", _("Rework")
    CLOSED = "closed", _("Closed")
    FORCED_CLOSED = "forced_closed", _("Forcibly closed")
    CANCELLED = "cancelled", _("Cancelled")


CLOSED = (State.CLOSED, State.FORCED_CLOSED)
TERMINAL = (*CLOSED, State.NOT_ACCEPTED, State.NOT_FILED, State.CANCELLED)
OPEN = tuple(state for state in State if state not in TERMINAL)
WITH_UNIT = (State.PENDING_HANDLING, State.HANDLING, State.REWORK)
PAUSED = (State.SUSPENDED, State.DEFERRED)


class ComponentStatus(TextChoices):
    """Condition of a component.  [GB/T 47678.5]"""

    INTACT = "intact", _("Intact")
    DAMAGED = "damaged", _("Damaged")
    LOST = "lost", _("Lost")
    OCCUPIED = "occupied", _("Occupied")
    ABANDONED = "abandoned", _("Abandoned")
    REMOVED = "removed", _("Removed")


class Purpose(TextChoices):
    """What a picture or file of a case shows."""

    REPORT = "report", _("Report")
    VERIFY = "verify", _("Verification")
    HANDLE = "handle", _("Handling by the unit")
    CHECK = "check", _("Check")
    REQUEST = "request", _("Request")


class Finding(TextChoices):
    """What the inspector found on site."""

    NONE = "", _("Not looked at")
    TRUE = "true", _("True")
    FALSE = "false", _("Not true")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Site check skipped")


class Light(TextChoices):
    """How much of the time of a stage is used."""

    GREEN = "green", _("In time")
    YELLOW = "yellow", _("Near due")
    RED = "red", _("Overdue")


class RulesStatus(TextChoices):
    """Life of a version of the rules."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Grade(TextChoices):
    """How strictly an area is managed: limits halved, as listed, half as long again."""

    A = "A", _("A: stricter")
    B = "B", _("B: as listed")
    C = "C", _("C: wider")


class RequestKind(TextChoices):
    """What may be asked for about a case.  [functions.md CC-23]"""

    EXTENSION = "extension", _("Extension")
    RETURN = "return", _("Return")
    SUSPENSION = "suspension", _("Suspension")
    DEFERRAL = "deferral", _("Deferral")
    CANCELLATION = "cancellation", _("Cancellation")
    REOPENING = "reopening", _("Reopening")


class RequestStatus(TextChoices):
    """Life of a request; it lapses when the case moves on without an answer."""

    PENDING = "pending", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
