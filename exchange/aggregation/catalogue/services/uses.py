"""Applying for the use of a resource, and deciding on it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.catalogue.enums import Share, Touch, UseState
from exchange.aggregation.catalogue.models import Resource, Use
from exchange.delivery.models import Peer
from exchange.feeds.enums import Mode
from exchange.feeds.models import Subscription
from exchange.feeds.services import subscriptions
from exchange.feeds.services.subscriptions import Wish
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now, today
from platform_core.common.errors import Conflict, DomainError
from platform_core.notices import services as notices

from .touching import touch


@transaction.atomic
def apply(
    *,
    resource: Resource,
    by: User,
    purpose: str,
    starts_on: date,
    ends_on: date,
    peer: Peer | None = None,
    mode: str = "",
) -> Use:
    """Ask for a resource; the same wish waiting already is not made twice."""
    _check(resource, starts_on, ends_on, peer)
    wish: dict[str, Any] = {"resource": resource, "applicant": by, "peer": peer}
    open_ones = Use.objects.filter(state=UseState.WAITING, **wish)
    if found := open_ones.first():
        return found
    row = Use.objects.create(
        **wish,
        unit=by.unit,
        purpose=purpose,
        starts_on=starts_on,
        ends_on=ends_on,
        mode=(mode or Mode.PULL) if peer else "",
    )
    data = {"resource": resource.code, "purpose": purpose}
    audit.record("catalogue.use_applied", row, by=by, data=data)
    touch(resource, Touch.APPLY)
    return row


def _check(resource: Resource, start: date, end: date, peer: Peer | None) -> None:
    live = resource.editions.filter(current=True).first()
    if live is None:
        raise Conflict(_("The entry is not published."))
    if live.share == Share.NONE:
        raise Conflict(_("This resource is not shared."))
    if end < start:
        text = _("The end lies before the beginning.")
        raise DomainError(text, fields={"ends_on": text})
    if peer is not None and live.table is None:
        text = _("There is no table that could be sent.")
        raise DomainError(text, fields={"peer": text})


def _locked(use: Use, state: UseState) -> Use:
    rows = Use.objects.select_for_update(of=("self",))
    row = rows.select_related("resource", "applicant", "peer").get(pk=use.pk)
    if row.state != state:
        raise Conflict(_("The application has been decided already."))
    return row


@transaction.atomic
def approve(*, use: Use, by: User, reason: str = "") -> Use:
    """Agree; for a platform its subscription begins, which two people approve."""
    row = _locked(use, UseState.WAITING)
    if row.applicant_id == by.pk:
        raise Conflict(_("Nobody decides on an application of their own."))
    if row.peer is not None:
        row.subscription = _subscribe(row, row.peer)
    row.state = UseState.APPROVED
    return _decided(row, by, reason, "catalogue.use_approved")


def _subscribe(row: Use, peer: Peer) -> Subscription:
    """The subscription of the interface of the resource's table.  [DX-15]"""
    table = row.resource.editions.get(current=True).table
    if table is None:
        raise Conflict(_("There is no table that could be sent."))
    wish = Wish(table.interface, table.version, row.mode, [], None, row.purpose)
    return subscriptions.apply(peer=peer, wish=wish)


@transaction.atomic
def refuse(*, use: Use, by: User, reason: str) -> Use:
    """Say no, with the reason."""
    row = _locked(use, UseState.WAITING)
    row.state = UseState.REFUSED
    return _decided(row, by, reason, "catalogue.use_refused")


def _decided(row: Use, by: User, reason: str, event: str) -> Use:
    row.decided_by, row.decided_at, row.reason = by, now(), reason[:300]
    row.touch()
    row.save()
    data = {"resource": row.resource.code, "reason": reason}
    audit.record(event, row, by=by, data=data)
    notices.notify(
        [row.applicant],
        kind="catalogue",
        title=f"{row.resource.title}: {row.get_state_display()}",
        body=reason,
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def end(*, use: Use, by: User | None, reason: str = "") -> Use:
    """End an approved use, and the subscription that it brought."""
    row = _locked(use, UseState.APPROVED)
    row.state, row.reason = UseState.ENDED, reason[:300]
    row.touch()
    row.save()
    if row.subscription is not None:
        subscriptions.cancel(subscription=row.subscription, by=by, reason=reason)
    audit.record("catalogue.use_ended", row, by=by, data={"reason": reason})
    return row


def end_over() -> int:
    """End what ran out yesterday or before."""
    over = Use.objects.filter(state=UseState.APPROVED, ends_on__lt=today())
    rows = list(over)
    for row in rows:
        end(use=row, by=None, reason=_("The period is over."))
    return len(rows)
