"""Sending again: one record's group, a batch, or a stretch of time."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exchange.delivery.enums import BatchState, ParcelState
from exchange.delivery.models import Batch, Parcel, Peer, ProblemRecord
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from .housekeeping import kick_after_commit


def _requeue(parcels: QuerySet[Parcel]) -> int:
    """Put finished parcels back into their queues; those under way stay."""
    finished = parcels.exclude(state=ParcelState.QUEUED)
    count = finished.update(
        state=ParcelState.QUEUED, batch=None, retries=0, due_at=now(), finished_at=None
    )
    kick_after_commit()
    return count


@transaction.atomic
def resend_problem(*, problem: ProblemRecord, by: Actor = None) -> int:
    """Send the group of a problem record again; it closes when it is taken."""
    count = _requeue(Parcel.objects.filter(pk=problem.parcel_id))
    if not count:
        raise Conflict(_("The record is already on its way."))
    audit.record("exchange.problem_resent", problem, by=by)
    return count


@transaction.atomic
def resend_batch(*, batch: Batch, by: Actor = None) -> int:
    """Send the groups of an answered batch again."""
    if batch.state == BatchState.OPEN:
        raise Conflict(_("The batch is still under way."))
    count = _requeue(Parcel.objects.filter(batch=batch))
    audit.record("exchange.batch_resent", batch, by=by, data={"groups": count})
    return count


@transaction.atomic
def resend_between(
    *, peer: Peer, start: datetime, end: datetime, by: Actor = None
) -> int:
    """Send again what was made for a peer in a stretch of time."""
    if end <= start:
        text = _("The end lies before the start.")
        raise DomainError(text, fields={"end": text})
    made = Parcel.objects.filter(
        peer=peer, group__created_at__gte=start, group__created_at__lt=end
    )
    count = _requeue(made)
    data = {"from": start.isoformat(), "to": end.isoformat(), "groups": count}
    audit.record("exchange.period_resent", peer, by=by, data=data)
    return count
