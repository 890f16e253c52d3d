"""Choices of field work."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EntryState(TextChoices):
    """What became of something done on a phone."""

    WAITING = "waiting", pgettext_lazy("entry", "Waiting")
    APPLIED = "applied", pgettext_lazy("entry", "Done")
    REFUSED = "refused", pgettext_lazy("entry", "Refused")
    DROPPED = "dropped", _("Discarded on the phone")


DECIDED = (EntryState.APPLIED, EntryState.REFUSED, EntryState.DROPPED)


class AttendanceState(TextChoices):
    """How a duty stands."""

    ON = "on", _("On duty")
    DONE = "done", pgettext_lazy("duty", "Off duty")
    FORGOTTEN = "forgotten", _("Clock-out forgotten")
    ABSENT = "absent", _("Absent")
    LEAVE = "leave", _("On leave")


WORKED = (AttendanceState.ON, AttendanceState.DONE, AttendanceState.FORGOTTEN)


class LeaveKind(TextChoices):
    """Why somebody stays away."""

    ANNUAL = "annual", _("Annual leave")
    SICK = "sick", _("Sick leave")
    PERSONAL = "personal", _("Personal leave")
    EXCHANGE = "exchange", _("Day off in exchange")
    OTHER = "other", pgettext_lazy("leave", "Other leave")


class LeaveState(TextChoices):
    """How a request for leave stands."""

    ASKED = "asked", pgettext_lazy("leave", "Asked for")
    APPROVED = "approved", pgettext_lazy("leave", "Approved")
    REFUSED = "refused", pgettext_lazy("leave", "Not approved")
    WITHDRAWN = "withdrawn", pgettext_lazy("leave", "Withdrawn")


class MarkKind(TextChoices):
    """What a track shows that it should not."""

    OUT = "out", _("Outside the duty area")
    IDLE = "idle", _("Idle in one place")
    SILENT = "silent", _("No signal")


class AnswerState(TextChoices):
    """What somebody said to a roll call."""

    WAITING = "waiting", pgettext_lazy("roll call", "No answer yet")
    ANSWERED = "answered", pgettext_lazy("roll call", "Answered in time")
    LATE = "late", pgettext_lazy("roll call", "Answered late")
    MISSED = "missed", pgettext_lazy("roll call", "No answer")
