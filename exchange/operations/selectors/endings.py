"""What ends soon: signing keys, subscriptions of both ends, versions of tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import NodeKey
from exchange.feeds.enums import State
from exchange.feeds.models import Application, Subscription
from exchange.interfaces.enums import Life
from exchange.interfaces.models import TableVersion
from platform_core.common.clock import now
from platform_core.common.models import own_node

SOON = timedelta(days=30)
RUNNING = (State.ACTIVE, State.SUSPENDED)
KEYS = "delivery.manage_key"
SUBSCRIPTIONS = "feeds.manage_subscription"
TABLES = "interfaces.publish_table"


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing and its end; `right` is the permission of those who look after it."""

    kind: str | Promise
    subject: str
    platform: str
    ends_at: datetime
    url: str
    right: str

    @property
    def days(self) -> int:
        """Whole days that are left; below 0 it is over."""
        return (self.ends_at - now()) // timedelta(days=1)

    @property
    def mark(self) -> str:
        """The same for the same end, so that it is told once."""
        return f"{self.right} {self.subject} {self.platform} {self.ends_at:%Y%m%d%H%M}"


def soon(within: timedelta = SOON) -> list[Ending]:
    """What ends within a time, the nearest first."""
    limit = now() + within
    every = (*_keys(), *_subscriptions(), *_applications(), *_versions())
    return sorted(
        (one for one in every if one.ends_at <= limit), key=lambda one: one.ends_at
    )


def _keys() -> Iterable[Ending]:
    """Own keys by their age, keys of others that have no successor."""
    moment, url = now(), reverse("delivery:key-list")
    newest: dict[str, NodeKey] = {}
    for key in NodeKey.objects.filter(pending=False).order_by("node", "serial"):
        if key.valid(moment):
            newest[key.node] = key
    for node, key in newest.items():
        if node == own_node():
            life = timedelta(days=settings.EXCHANGE_KEY_DAYS)
            end = key.valid_from + life
            yield Ending(_("Own signing key"), key.keyid, node, end, url, KEYS)
        elif key.valid_to is not None:
            end = key.valid_to
            yield Ending(_("Key of a platform"), key.keyid, node, end, url, KEYS)


def _subscriptions() -> Iterable[Ending]:
    rows = Subscription.objects.filter(state__in=RUNNING, valid_to__isnull=False)
    kind = _("Subscription of another platform")
    return _terms(kind, rows.select_related("peer"))


def _applications() -> Iterable[Ending]:
    rows = Application.objects.filter(state__in=RUNNING, valid_to__isnull=False)
    return _terms(_("Own subscription"), rows.select_related("peer"))


def _terms(
    kind: Promise, rows: Iterable[Subscription | Application]
) -> Iterable[Ending]:
    for row in rows:
        if row.valid_to is not None:
            url, code = row.get_absolute_url(), row.peer.code
            yield Ending(kind, str(row), code, row.valid_to, url, SUBSCRIPTIONS)


def _versions() -> Iterable[Ending]:
    rows = TableVersion.objects.filter(state=Life.DEPRECATED, ends_on__isnull=False)
    for row in rows.select_related("table"):
        if row.ends_on is not None:
            end = timezone.make_aware(datetime.combine(row.ends_on, time.max))
            url, kind = row.get_absolute_url(), _("Version of a table")
            yield Ending(kind, str(row), own_node(), end, url, TABLES)
