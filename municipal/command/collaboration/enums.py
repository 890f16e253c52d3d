"""Choices of collaborative work."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlaceKind(TextChoices):
    """What a rule of duty calls its place; later ones are narrower."""

    CITY = "city", _("Whole city")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street")
    GRID = "grid", _("Unit grid")
    POLYGON = "polygon", _("Drawn area")


class SuggestionState(TextChoices):
    """What an administrator made of a suggested rule."""

    OPEN = "open", _("Open suggestion")
    ACCEPTED = "accepted", _("Made a rule")
    DISMISSED = "dismissed", _("Dismissed")


class PartKind(TextChoices):
    """Why a unit or a team has a part of a case."""

    ASSIST = "assist", _("Assisting unit")
    INNER = "inner", _("Second dispatch")
    TEAM = "team", _("Team")


class PartState(TextChoices):
    """Where a part stands."""

    SENT = "sent", _("To sign")
    SIGNED = "signed", _("In hand")
    ANSWERED = "answered", _("Reported back")
    REFUSED = "refused", _("Not ours")
    WITHDRAWN = "withdrawn", _("Taken back")


OPEN_PARTS = (PartState.SENT, PartState.SIGNED)


class NoticeState(TextChoices):
    """Supervision notice.  [functions.md 15.2]"""

    OPEN = "open", _("To be answered")
    REPLIED = "replied", _("Answered, to judge")
    RELEASED = "released", _("Released")
    ENDED = "ended", _("Ended with the case")


OPEN_NOTICES = (NoticeState.OPEN, NoticeState.REPLIED)


class NoticeLevel(TextChoices):
    """How much weight a supervision notice has."""

    NORMAL = "1", _("Supervised")
    SERIOUS = "2", _("Supervised with emphasis")
    TOP = "3", _("Supervised by the leadership")


class MeetingKind(TextChoices):
    """Joint consultation or co-ordination meeting."""

    CONSULTATION = "consultation", _("Joint consultation")
    COORDINATION = "coordination", _("Co-ordination meeting")


class BatchAction(TextChoices):
    """What is done with many cases at once."""

    DISPATCH = "dispatch", _("Dispatch")
    URGE = "urge", _("Urge")
    SUPERVISE = "supervise", _("Supervise")
    SEND_CHECK = "send_check", _("Send for check")
    CLOSE = "close", _("Close the case")
    MERGE = "merge", _("Merge")


class BatchState(TextChoices):
    """A batch is previewed, run and reported."""

    PREVIEW = "preview", _("Preview")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", pgettext_lazy("job", "Done")


class DistrictState(TextChoices):
    """Where a case stands on the second level."""

    TO_DISPATCH = "to_dispatch", _("To dispatch inside")
    WITH_UNIT = "with_unit", _("With a unit inside")
    TO_REVIEW = "to_review", _("Result to review")
    PASSED = "passed", _("Returned to the city")
    ENDED = "ended", _("Withdrawn by the city")


OPEN_DISTRICT = (
    DistrictState.TO_DISPATCH,
    DistrictState.WITH_UNIT,
    DistrictState.TO_REVIEW,
)


class SystemKind(TextChoices):
    """What another dispatch system is for.  [functions.md CC-29]"""

    HOTLINE = "hotline", _("12345 hotline")
    EMERGENCY = "emergency", _("Emergency command")
    POLICE = "police", _("Police")
    GRID = "grid", _("Grid governance")
    OTHER = "other", pgettext_lazy("kind", "Other dispatch system")


class DeliveryState(TextChoices):
    """Whether another system took what we told it."""

    WAITING = "waiting", _("To be sent")
    SENT = "sent", _("Delivered")
    FAILED = "failed", _("Given up")
