"""States and limits of subscriptions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PAGE = 500
# So many announced changes are looked through for one page at most.
SCAN = 5_000
# Groups of one subscription that may wait in a peer's queue.
AHEAD = 20
MAX_ANSWER = 8_000_000


class Mode(TextChoices):
    """Who moves: the owner sends, or the subscriber fetches."""

    PUSH = "push", _("Sent by the owner")
    PULL = "pull", _("Fetched by the subscriber")


class State(TextChoices):
    """Life of a subscription, at both ends."""

    APPLIED = "applied", _("Applied for")
    OWNER_APPROVED = "owner_approved", _("Approved by the data owner")
    ACTIVE = "active", pgettext_lazy("subscription", "Active")
    SUSPENDED = "suspended", pgettext_lazy("subscription", "Suspended")
    EXPIRED = "expired", pgettext_lazy("subscription", "Expired")
    CANCELLED = "cancelled", pgettext_lazy("subscription", "Cancelled")
    REFUSED = "refused", pgettext_lazy("subscription", "Refused")


LIVE = (State.APPLIED, State.OWNER_APPROVED, State.ACTIVE, State.SUSPENDED)
WAITING = (State.APPLIED, State.OWNER_APPROVED)
