"""Code lists of key tasks.  [exchange protocol section 10; functions 15.1, 15.2]"""

from django.db import models
from django.utils.translation import gettext_lazy as _

ASSIGNMENT_PROCESS = "supervision.assignment"
TASK_PROCESS = "supervision.task"


class Category(models.TextChoices):
    """What kind of work a task is."""

    SPECIAL_ACTION = "special_action", _("Special action")
    ROUTINE = "routine", _("Routine work")
    SUPERVISED = "supervised", _("Supervised matter")
    PATROL_FINDING = "patrol_finding", _("Patrol finding")
    DATA_FILLING = "data_filling", _("Data filling")
    RECTIFICATION = "rectification", _("Rectification after evaluation")


class Priority(models.TextChoices):
    """How urgent a task is."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    VERY_URGENT = "very_urgent", _("Very urgent")


class FeedbackCycle(models.TextChoices):
    """How often the receiver reports."""

    ONCE = "once", _("Once, at the end")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")


CYCLE_DAYS = {"daily": 1, "weekly": 7, "monthly": 30}


class TaskState(models.TextChoices):
    """Where the drafting side stands with a task."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending_approval", _("Awaiting approval")
    ISSUED = "issued", _("Issued")
    CLOSED = "closed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ARCHIVED = "archived", _("Archived")


class AssignmentState(models.TextChoices):
    """Where one receiver stands with a task; the same word at both ends."""

    ISSUED = "issued", _("Issued, not signed")
    RECEIVED = "received", _("Signed for")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted for review")
    RETURNED = "returned", _("Returned for rework")
    ACCEPTED = "accepted", _("Accepted on review")
    CLOSED = "closed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


WORKING = ("received", "in_progress", "returned")
RUNNING = ("issued", *WORKING)
FINISHED = ("closed", "withdrawn")
DONE = ("accepted", *FINISHED)


class FeedbackKind(models.TextChoices):
    """What a receiver tells its issuer."""

    RECEIVED = "received", _("Signed for")
    PROGRESS = "progress", _("Progress")
    SUBMITTED = "submitted", _("Result submitted")
    EXTENSION_REQUEST = "extension_request", _("Extension requested")


class NoticeKind(models.TextChoices):
    """What an issuer tells its receiver."""

    URGE = "urge", _("Urged")
    SUPERVISE = "supervise", _("Supervision notice")
    EXTEND = "extend", _("Extension granted")
    REFUSE_EXTENSION = "refuse_extension", _("Extension refused")
    ACCEPT = "accept", _("Accepted on review")
    RETURN = "return", _("Returned for rework")
    WITHDRAW = "withdraw", _("Withdrawn")
    CLOSE = "close", _("Completed")


class SuperviseState(models.TextChoices):
    """Whether a formal supervision notice is open."""

    NONE = "none", _("Not supervised")
    OPEN = "open", _("Supervised, answer due")
    REPLIED = "replied", _("Supervised, answered")
    RELEASED = "released", _("Supervision released")


class ExtensionState(models.TextChoices):
    """The latest request for more time."""

    NONE = "none", _("No request")
    REQUESTED = "requested", _("Extension requested")
    GRANTED = "granted", _("Extension granted")
    REFUSED = "refused", _("Extension refused")


class Effect(models.TextChoices):
    """What a message did at this end."""

    WAITING = "waiting", _("Waiting for an earlier message")
    APPLIED = "applied", _("In effect")
    RECORDED = "recorded", _("Recorded only")


class ReminderKind(models.TextChoices):
    """Occasions on which the platform reminds by itself."""

    BEFORE_DEADLINE = "before_deadline", _("Before the deadline")
    UNSIGNED = "unsigned", _("Not signed for in time")
    MISSING_FEEDBACK = "missing_feedback", _("Periodic feedback missing")
    OVERDUE = "overdue", _("Deadline passed")
