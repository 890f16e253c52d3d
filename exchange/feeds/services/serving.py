"""Serving subscribers: a page when they ask, parcels where they want to be sent."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Sum, When
from django.utils.translation import gettext as _

from exchange.delivery import seals
from exchange.delivery.enums import MAX_RECORDS, ParcelState
from exchange.delivery.models import Group, Parcel, Peer
from exchange.delivery.services import blobs, policies
from exchange.delivery.services.housekeeping import kick_after_commit
from exchange.delivery.services.pump import dump
from exchange.feeds.enums import AHEAD, PAGE, Mode, State
from exchange.feeds.errors import NotSubscribed
from exchange.feeds.models import Subscription
from platform_core.common.clock import now, today
from platform_core.common.errors import DomainError

from . import feed, passages, subscriptions
from .feed import Cursor, Page


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it travels, and how many records are on it."""

    text: bytes
    count: int


def changes(
    peer: Peer, interface: str, *, cursor: str, limit: str, version: int | None = None
) -> Answer:
    """The answer to a subscriber who fetches."""
    subscription = subscriptions.in_force(peer, interface, version)
    if subscription.mode != Mode.PULL:
        raise NotSubscribed(_("What is subscribed to is sent, not fetched."))
    most = policies.admit_fetch(peer, interface)
    passages.place()
    page = feed.read(subscription, Cursor.parse(cursor), min(_limit(limit), most))
    groups = feed.rendered(subscription, page)
    with transaction.atomic():
        feed.note(subscription, page)
        _count(subscription, page)
        named = (json.loads(text) for text in groups if b'"sha256"' in text)
        blobs.grant_records(peer, named)
    rest = dump({"next_cursor": str(page.cursor), "has_more": page.more})
    text = b'{"records":[' + b",".join(groups) + b"]," + rest[1:].encode()
    return Answer(text, page.count)


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not text.isdecimal() or not 1 <= int(text) <= MAX_RECORDS:
        wrong = _("A number from 1 to %(n)s is expected.") % {"n": MAX_RECORDS}
        raise DomainError(wrong, code="range", fields={"limit": wrong})
    return int(text)


def _count(subscription: Subscription, page: Page, **changes: Any) -> None:
    if page.count or changes:
        before = Case(When(served_on=today(), then=F("served_that_day")), default=0)
        Subscription.objects.filter(pk=subscription.pk).update(
            served=F("served") + page.count,
            served_that_day=before + page.count,
            served_on=today(),
            served_at=now(),
            **changes,
        )


def fetched_today(peer: Peer) -> int:
    """How many records a peer has fetched today; what it is sent is counted there."""
    pulled = Subscription.objects.filter(peer=peer, mode=Mode.PULL, served_on=today())
    return int(pulled.aggregate(sum=Sum("served_that_day"))["sum"] or 0)


def push_all() -> int:
    """Queue what is new for those who want to be sent it; groups made."""
    passages.place()
    active = Subscription.objects.filter(state=State.ACTIVE, mode=Mode.PUSH)
    return sum(push(pk) for pk in active.values_list("pk", flat=True))


def push(subscription_id: int) -> int:
    """Queue pages for one subscriber until it is served or far enough ahead."""
    made = 0
    while made < AHEAD:
        done, more = _push_page(subscription_id)
        made += done
        if not more:
            break
    return made


@transaction.atomic
def _push_page(subscription_id: int) -> tuple[int, bool]:
    """One page into the peer's queue, with the cursor in the same transaction."""
    row = (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("peer")
        .get(pk=subscription_id)
    )
    if not row.in_force(now()) or _ahead(row):
        return 0, False
    before = Cursor.parse(row.cursor)
    page = feed.read(row, before, MAX_RECORDS)
    if page.cursor == before:
        return 0, False
    groups = [*_own_group(row, page), *page.passed]
    Parcel.objects.bulk_create(
        [Parcel(peer=row.peer, group=group) for group in groups], ignore_conflicts=True
    )
    if groups:
        kick_after_commit()
    feed.note(row, page)
    _count(row, page, cursor=str(page.cursor))
    return len(groups), page.more


def _ahead(row: Subscription) -> bool:
    """Enough of it waits in the peer's queue already."""
    waiting = Parcel.objects.filter(
        peer=row.peer, state=ParcelState.QUEUED, group__interface=row.interface
    )
    return waiting.count() >= AHEAD


def _own_group(row: Subscription, page: Page) -> list[Group]:
    if not page.own:
        return []
    records = seals.listed(feed.texts(page.own))
    group = Group.objects.create(
        **feed.sealed(row, page.own),
        records=records.decode(),
        count=len(page.own),
        size=len(records),
    )
    return [group]
