"""Choices of the duty desk, of video and of emergencies."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DayRule(TextChoices):
    """On which days a shift is worked."""

    EVERY = "every", _("Every day")
    WORKDAYS = "workdays", _("Working days only")
    RESTDAYS = "restdays", _("Days off only")


class Post(TextChoices):
    """What somebody is on duty as."""

    LEADER = "leader", _("Leader on duty")
    CHIEF = "chief", _("Head of the shift")
    OFFICER = "officer", _("Officer on duty")
    TECHNICIAN = "technician", _("Technician on duty")


class SwapState(TextChoices):
    """How far a change of duty has come."""

    ASKED = "asked", _("Asked for")
    AGREED = "agreed", _("The other person agrees")
    APPROVED = "approved", pgettext_lazy("swap", "Approved")
    REFUSED = "refused", pgettext_lazy("swap", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("swap", "Withdrawn")


OPEN_SWAPS = (SwapState.ASKED, SwapState.AGREED)


class ItemState(TextChoices):
    """What became of something handed over."""

    OPEN = "open", _("To be done")
    DONE = "done", pgettext_lazy("handover", "Done")
    CARRIED = "carried", _("Handed on")


class LogKind(TextChoices):
    """What an entry of the duty log is about."""

    CALL = "call", _("Phone call")
    ORDER = "order", _("Instruction from above")
    REPORT = "report", _("Report to a leader")
    WEATHER = "weather", _("Weather warning")
    INCIDENT = "incident", _("Incident")
    CHECK = "check", pgettext_lazy("duty log", "Round")
    SYSTEM = "system", _("Equipment and platform")
    OTHER = "other", pgettext_lazy("duty log", "Other")


# Video ---------------------------------------------------------------------------


class PointKind(TextChoices):
    """What a video point stands or rides on."""

    FIXED = "fixed", _("Fixed camera")
    PTZ = "ptz", _("Pan-tilt-zoom camera")
    VEHICLE = "vehicle", _("On a vehicle")


class PointState(TextChoices):
    """Whether a video point gives a picture."""

    ONLINE = "online", _("Online")
    OFFLINE = "offline", _("Offline")
    REPAIR = "repair", _("Under repair")
    UNKNOWN = "unknown", pgettext_lazy("video point", "Unknown")


class HitState(TextChoices):
    """What became of something that video analysis saw."""

    WAITING = "waiting", _("To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("hit", "Confirmed")
    REJECTED = "rejected", pgettext_lazy("hit", "Rejected")


# Emergencies -----------------------------------------------------------------------


class EmergencyKind(TextChoices):
    """What kind of emergency it is."""

    FLOOD = "flood", _("Flooding")
    WIND = "wind", _("Storm")
    SNOW = "snow", _("Snow and ice")
    COLLAPSE = "collapse", _("Collapsed road or building")
    PIPE = "pipe", _("Leak or break of a pipe")
    FIRE = "fire", _("Fire or explosion")
    CROWD = "crowd", _("Crowd or large event")
    OTHER = "other", _("Other emergency")


class EmergencyLevel(TextChoices):
    """The four levels of response."""

    ONE = "1", _("I: extremely serious")
    TWO = "2", _("II: serious")
    THREE = "3", _("III: considerable")
    FOUR = "4", _("IV: ordinary")


class EmergencyState(TextChoices):
    """Whether an emergency goes on."""

    OPEN = "open", pgettext_lazy("emergency", "Under way")
    CLOSED = "closed", pgettext_lazy("emergency", "Over")


class ResourceKind(TextChoices):
    """What can be called for help."""

    TEAM = "team", _("Rescue team")
    VEHICLE = "vehicle", _("Vehicle or machine")
    WAREHOUSE = "warehouse", _("Store of supplies")
    SHELTER = "shelter", _("Shelter")
    EXPERT = "expert", _("Expert")
    HOSPITAL = "hospital", _("Hospital")
    OTHER = "other", _("Other resource")


class ResourceState(TextChoices):
    """Whether a resource can be called."""

    FREE = "free", _("Ready")
    BUSY = "busy", _("In action")
    OUT = "out", _("Not available")


class CallState(TextChoices):
    """What somebody who was called answered."""

    WAITING = "waiting", _("No answer yet")
    COMING = "coming", _("On the way")
    ARRIVED = "arrived", _("On the spot")
    UNABLE = "unable", _("Cannot come")


HELPING = (CallState.COMING, CallState.ARRIVED)
