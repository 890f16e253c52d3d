"""Choices of the reception."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SeatState(TextChoices):
    """What a seat is doing."""

    AWAY = "away", _("Away")
    FREE = "free", pgettext_lazy("seat", "Free")
    TALKING = "talking", pgettext_lazy("call", "On the phone")
    AFTER = "after", _("After-call work")
    BREAK = "break", pgettext_lazy("seat", "Break")


class CallState(TextChoices):
    """Where a call stands; the order is the order of events."""

    RINGING = "ringing", _("Ringing")
    TALKING = "talking", pgettext_lazy("call", "On the phone")
    ENDED = "ended", pgettext_lazy("call", "Ended")
    MISSED = "missed", _("Missed")
    BLOCKED = "blocked", pgettext_lazy("call", "Turned away")


ENDS = (CallState.ENDED, CallState.MISSED, CallState.BLOCKED)


class Direction(TextChoices):
    """Who called whom."""

    IN = "in", _("Incoming")
    OUT = "out", _("Outgoing")


class Outcome(TextChoices):
    """What a call was about."""

    NONE = "", _("Not noted yet")
    CASE = "case", _("Report registered")
    INQUIRY = "inquiry", _("Question answered")
    FOLLOW_UP = "follow_up", _("About an earlier report")
    TRANSFERRED = "transferred", _("Put through")
    NUISANCE = "nuisance", _("Nuisance")


class PhraseKind(TextChoices):
    """Where a phrase is offered."""

    DESCRIPTION = "description", _("Problem description")
    OPINION = "opinion", _("Opinion of a step")
    ANSWER = "answer", _("Answer on the phone")


class Precaution(TextChoices):
    """What comes before the acceptance of a report, by its source."""

    NO = "no", _("Nothing")
    YES = "yes", _("Verification on site")
    REVIEW = "review", _("Review by a person")


class SourceChannel(TextChoices):
    """The way by which a source reaches the centre."""

    INSPECTION = "inspection", _("Inspection")
    PUBLIC = "public", _("Public")
    GOVERNMENT = "government", _("Authorities")
    VIDEO = "video", _("Video")
    IOT = "iot", _("Sensors")
    PLATFORM = "platform", _("Other platforms")
    OTHER = "other", _("Others")


class LeadState(TextChoices):
    """What became of a lead."""

    NEW = "new", _("To review")
    REGISTERED = "registered", _("Registered as a case")
    REFUSED = "refused", pgettext_lazy("lead", "Refused")
