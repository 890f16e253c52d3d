"""States and limits of the exchange."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PROTOCOL = 1
TAG = "exchange-v1"
LABEL = "sig"
WINDOW_SECONDS = 300
NONCE_HOURS = 24
INVITATION_HOURS = 24
OVERLAP_HOURS = 168
MAX_RECORDS = 1_000
MAX_BYTES = 5_000_000
# As large as a column of integers holds.
MAX_INTEGER = 2_147_483_647
GROUP_BYTES = 4_600_000
MAX_BACKOFF_SECONDS = 900
HEARTBEAT_SECONDS = 60
MISSED_HEARTBEATS = 3
# Files that may lie here for a peer before a record names them, and how long.
EARLY_FILES = 100
EARLY_HOURS = 24
# A record whose reference is still on its way is tried again after these seconds.
REFERENCE_RETRIES = (1, 5, 30)


class PeerState(TextChoices):
    """Life of a connection to another platform."""

    DRAFT = "draft", _("Draft")
    TESTING = "testing", _("Testing")
    ENABLED = "enabled", _("Enabled")
    SUSPENDED = "suspended", _("Suspended")
    DISABLED = "disabled", _("Disabled")


class Relation(TextChoices):
    """Where the other platform stands, seen from here."""

    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")


class Suite(TextChoices):
    """Signature suites; a property of the key."""

    ED25519 = "ed25519", "Ed25519"
    SM2 = "sm2-sm3", "SM2 / SM3"


class KeyPhase(TextChoices):
    """Life of an own key."""

    ANNOUNCED = "announced", _("Announced")
    IN_USE = "in_use", _("Signing now")
    ENDING = "ending", _("Valid for the overlap")
    RETIRED = "retired", _("Retired")


class ParcelState(TextChoices):
    """One sealed group on its way to one peer."""

    QUEUED = "queued", _("Queued")
    DELIVERED = "delivered", _("Delivered")
    SET_ASIDE = "set_aside", _("Set aside")


class TransferWay(TextChoices):
    """Who brings a file over."""

    FETCH = "fetch", _("Comes here")
    PUSH = "push", _("Goes there")
    EARLY = "early", _("Came before its record")


class TransferState(TextChoices):
    """A file on its way."""

    WAITING = "waiting", _("Being brought over")
    DONE = "done", _("Arrived")
    REFUSED = "refused", _("Refused")


class BatchState(TextChoices):
    """One request with groups for a peer."""

    OPEN = "open", _("Under way")
    CARRIED = "carried", _("Carried in a package")
    DONE = "done", _("Answered")
    DISSOLVED = "dissolved", _("Sent again in parts")


class ProblemState(TextChoices):
    """A record that the other end refused."""

    OPEN = "open", _("Unsolved")
    RESOLVED = "resolved", _("Resolved")


class OutageKind(TextChoices):
    """How an outage was noticed."""

    SILENT = "silent", _("No sign of life")
    UNREACHABLE = "unreachable", _("Cannot be reached")


class OutageCause(TextChoices):
    """Why a connection was out, as the operator found."""

    UNKNOWN = "", _("Not known yet")
    PLANNED = "planned", _("Planned work")
    NETWORK = "network", _("Network")
    POWER = "power", _("Power")
    SOFTWARE = "software", _("Software")
    KEYS = "keys", _("Keys or clock")
    OTHER = "other", _("Other")


class CallKind(TextChoices):
    """What a request to a peer was for."""

    DELIVERY = "delivery", _("Delivery")
    HEARTBEAT = "heartbeat", _("Heartbeat")
    ENROLMENT = "enrolment", _("Enrolment")
