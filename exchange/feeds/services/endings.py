"""Subscribers are told when a version of an interface ends."""

from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.feeds.enums import LIVE
from exchange.feeds.models import Subscription
from platform_core.audit import services as audit
from platform_core.common.clock import now

from .subscriptions import tell


def using(interface: str, version: int) -> int:
    """How many live subscriptions a version has."""
    mine = Subscription.objects.filter(interface=interface, version=version)
    return mine.filter(state__in=LIVE).count()


def end(interface: str, version: int, last_day: date | None, reason: str) -> None:
    """Let the subscriptions of a version run out with its last day.

    The other end reads day and reason when it asks how its subscription stands.
    """
    over = _over(last_day)
    mine = Subscription.objects.select_for_update(of=("self",)).select_related("peer")
    later = Q(valid_to=None) | Q(valid_to__gt=over)
    for row in mine.filter(later, interface=interface, version=version, state__in=LIVE):
        row.valid_to, row.reason = over, reason[:300]
        row.touch()
        row.save()
        about = {"peer": row.peer.code, "ends": over, "reason": reason}
        audit.record("exchange.subscription_ending", row, data=about)
        tell("approve_as_manager", row, _("A subscription ends with its interface"))


def _over(last_day: date | None) -> datetime:
    if last_day is None:
        return now()
    return timezone.make_aware(datetime.combine(last_day, time.max))
