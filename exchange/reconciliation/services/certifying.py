"""Comparing with every peer each night, and the certificates that come of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery.enums import PeerState
from exchange.delivery.models import Peer
from exchange.reconciliation.enums import INTERFACE, NAMED, PAUSE, TOLD, State
from exchange.reconciliation.models import Certificate
from exchange.reconciliation.selectors import offered_sets
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now, today
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.services import publish
from platform_core.notices import services as notices
from platform_core.notices.enums import Level

from . import comparing, healing
from .comparing import Comparison

RETRY = timedelta(minutes=10)


def peers_to_compare() -> list[int]:
    """Peers with which records are exchanged."""
    enabled = Peer.objects.filter(state=PeerState.ENABLED)
    return list(enabled.exclude(url="").values_list("pk", flat=True))


def open_for(peer_id: int, *, by: Actor = None) -> list[int]:
    """Today's certificates for one peer, to be filled in; their numbers."""
    peer = Peer.objects.get(pk=peer_id)
    with transaction.atomic():
        made = [_open(peer, *pair).pk for pair in offered_sets(peer)]
        data = {"sets": len(made)}
        audit.record("exchange.comparison_begun", peer, by=by, data=data)
    return made


def _open(peer: Peer, interface: str, origin: str) -> Certificate:
    row, new = Certificate.objects.get_or_create(
        day=today(),
        origin=own_node(),
        holder=peer.code,
        interface=interface,
        record_origin=origin,
    )
    if not new and row.finished_at:
        row.state, row.rounds, row.finished_at = State.UNREACHED, 0, None
        row.found, row.healed, row.details = 0, 0, []
        row.due_at = now()
        row.revise()
        row.save()
    return row


def due() -> list[int]:
    """Certificates that are not finished and may be looked at again."""
    rows = Certificate.objects.filter(
        origin=own_node(), finished_at__isnull=True, due_at__lte=now()
    )
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:500])


def work_on(certificate_id: int) -> Certificate:
    """One round for one certificate: compare, heal, or finish it."""
    row = Certificate.objects.get(pk=certificate_id)
    if row.finished_at is not None:
        return row
    claimed = Certificate.objects.filter(pk=row.pk, due_at=row.due_at)
    if not claimed.update(due_at=now() + RETRY):
        return row  # somebody else is at it
    peer = Peer.objects.filter(code=row.holder).first()
    if peer is None or row.day < today() - timedelta(days=1):
        return _give_up(row)
    if not peer.speaks or not peer.url:
        return row
    try:
        found = comparing.compare(peer, row.interface, row.record_origin)
    except DomainError as error:
        return _unreached(row, error)
    return _settle(row, peer, found)


def _unreached(row: Certificate, error: DomainError) -> Certificate:
    row.error = str(error.message)[:300]
    row.save(update_fields=["error"])
    return row


@transaction.atomic
def _give_up(row: Certificate) -> Certificate:
    """The day is over and nothing could be compared."""
    row.finished_at = now()
    row.touch()
    row.save()
    _alarm(row)
    return row


@transaction.atomic
def _settle(row: Certificate, peer: Peer, found: Comparison) -> Certificate:
    """Write down a round and decide what comes next."""
    row.source_says = found.ours.stored()
    row.holder_says = found.said.stored() if found.said else {}
    row.count, row.holder_count = found.ours.digest.count, found.theirs.count
    row.error = ""
    row.touch()
    if found.equal:
        row.healed = row.found
        return _finish(row, State.EQUAL)
    if not found.found or found.partly:
        # What differs is on its way, or there is more than fits into a round.
        return _wait(row, peer, found)
    if found.explained:
        return _finish(_naming(row, found), State.EXPLAINED)
    if row.rounds:
        _naming(row, found)
        row.healed = max(row.found - len(found.found), 0)
        return _finish(row, State.DIFFERENT)
    return _wait(row, peer, found)


def _naming(row: Certificate, found: Comparison) -> Certificate:
    """Name the records, each with what was done about it in an earlier round."""
    done = {one["uid"]: one.get("repair", "") for one in row.details}
    named = [one.named() for one in found.found[:NAMED]]
    row.details = [one | {"repair": done.get(one["uid"], "")} for one in named]
    row.found = max(row.found, len(found.found))
    return row


def _wait(row: Certificate, peer: Peer, found: Comparison) -> Certificate:
    """Heal what can be healed and look again in a while."""
    if found.found:
        _naming(row, found)
        done = healing.heal(peer, row.interface, row.record_origin, found.found)
        for one in row.details:
            one["repair"] = done.get(UUID(one["uid"]), "")
        row.rounds += 0 if found.partly else 1
        row.state = State.HEALING
        data: dict[str, Any] = {"differences": len(found.found), "treated": len(done)}
        audit.record("exchange.difference_healed", row, data=data)
    row.due_at = now() + PAUSE
    row.save()
    return row


def _finish(row: Certificate, state: State) -> Certificate:
    """The last word of the day; the other end gets it, signed."""
    row.state, row.finished_at = state, now()
    row.save()
    publish(INTERFACE, row)
    if state == State.DIFFERENT:
        _alarm(row)
    return row


def _alarm(row: Certificate) -> None:
    """Somebody has to look."""
    data: dict[str, Any] = {
        "peer": row.peer,
        "differences": row.found,
        "healed": row.healed,
        "records": [one["uid"] for one in row.details],
    }
    audit.record("exchange.difference_stays", row, data=data)
    right = Permission.objects.filter(
        content_type__app_label="reconciliation", codename="compare"
    )
    people = User.objects.active().filter(groups__permissions__in=right).distinct()
    notices.notify(
        people,
        kind="reconciliation",
        level=Level.WARNING,
        title=_("%(peer)s does not have the same records") % {"peer": row.peer},
        body="\n".join([_summary(row), *_told(row)]),
        link=row.get_absolute_url(),
    )


def _summary(row: Certificate) -> str:
    return f"{row} · {row.get_state_display()} {row.error}".strip()


def _told(row: Certificate) -> list[str]:
    """The first records that differ, and what was tried."""
    lines = [
        " · ".join(
            str(part) for part in (one["uid"], one["label"], one["done"]) if part
        )
        for one in row.kinds[:TOLD]
    ]
    return lines + ["…"] * (row.found > TOLD)
