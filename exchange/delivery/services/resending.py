"""Sending again: one record's group, a batch, or a stretch of time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from exchange.delivery import selectors
from exchange.delivery.enums import BatchState, ParcelState
from exchange.delivery.models import Batch, Parcel, Peer, ProblemRecord
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from .housekeeping import kick_after_commit


@dataclass(frozen=True, slots=True)
class Volume:
    """How much something is."""

    groups: int
    records: int
    size: int


def requeue(parcels: QuerySet[Parcel]) -> int:
    """Put finished parcels back into their queues; those under way stay."""
    finished = parcels.exclude(state=ParcelState.QUEUED)
    count = finished.update(
        state=ParcelState.QUEUED,
        batch=None,
        retries=0,
        waits=0,
        due_at=now(),
        finished_at=None,
    )
    kick_after_commit()
    return count


@transaction.atomic
def resend_problem(*, problem: ProblemRecord, by: Actor = None) -> int:
    """Send the group of a problem record again; it closes when it is taken."""
    count = requeue(Parcel.objects.filter(pk=problem.parcel_id))
    if not count:
        raise Conflict(_("The record is already on its way."))
    audit.record("exchange.problem_resent", problem, by=by)
    return count


@transaction.atomic
def resend_batch(*, batch: Batch, by: Actor = None) -> int:
    """Send the groups of an answered batch again."""
    if batch.state in {BatchState.OPEN, BatchState.CARRIED}:
        raise Conflict(_("The batch is still under way."))
    count = requeue(Parcel.objects.filter(batch=batch))
    audit.record("exchange.batch_resent", batch, by=by, data={"groups": count})
    return count


def made_between(
    peer: Peer, start: datetime, end: datetime, interface: str = ""
) -> QuerySet[Parcel]:
    """What was made for a peer in a stretch of time, of one interface or of all."""
    if end <= start:
        text = _("The end lies before the start.")
        raise DomainError(text, fields={"end": text})
    made = Parcel.objects.filter(
        peer=peer, group__created_at__gte=start, group__created_at__lt=end
    )
    return made.filter(group__interface=interface) if interface else made


def preview(parcels: QuerySet[Parcel]) -> Volume:
    """How much would go again; what waits already does not."""
    finished = parcels.exclude(state=ParcelState.QUEUED)
    sums = finished.aggregate(
        groups=Count("pk"),
        records=Sum("group__count", default=0),
        size=Sum("group__size", default=0),
    )
    return Volume(**sums)


@transaction.atomic
def resend_between(
    *,
    peer: Peer,
    start: datetime,
    end: datetime,
    interface: str = "",
    by: Actor = None,
) -> int:
    """Send again what was made for a peer in a stretch of time."""
    count = requeue(made_between(peer, start, end, interface))
    data = {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "interface": interface,
        "groups": count,
    }
    audit.record("exchange.period_resent", peer, by=by, data=data)
    return count


def carrying(uid: UUID, peer: Peer | None = None) -> QuerySet[Parcel]:
    """The parcels that carried a record, own or passed on; to one peer or to all."""
    carriers = [one.carrier for one in selectors.announced(uid) if one.carrier]
    for row in selectors.taken(uid):
        carriers += selectors.relayed(row)
    parcels = Parcel.objects.filter(group__in=carriers)
    return parcels if peer is None else parcels.filter(peer=peer)


@transaction.atomic
def resend_record(*, uid: UUID, peer: Peer | None = None, by: Actor = None) -> int:
    """Send the groups of one record again.

    Raises Conflict when it was never sent or is on its way already.
    """
    count = requeue(carrying(uid, peer))
    if not count:
        raise Conflict(_("There is nothing of this record that could go again."))
    data = {"uid": str(uid), "groups": count, "peer": peer.code if peer else ""}
    audit.record("exchange.record_resent", peer, by=by, data=data)
    return count
