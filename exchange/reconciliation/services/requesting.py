"""Asking the origin to announce records again, which a relay cannot do itself."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.delivery.models import Peer
from exchange.delivery.services.housekeeping import kick_after_commit
from exchange.reconciliation.enums import REPAIR, WANTED
from exchange.reconciliation.models import Offered, RepairRequest
from exchange.reconciliation.selectors import offered_to, toward
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.registry import IncomingRecord, Outcome
from platform_core.datasets.services import publish

from . import raising


def ask(interface: str, origin: str, wanted: Mapping[UUID, int]) -> set[UUID]:
    """Ask along the way the records came; which of them that was possible for."""
    peer = toward(origin)
    if peer is None:
        return set()
    for part in raising.parts(wanted, WANTED):
        row = RepairRequest.objects.create(
            receiver=peer.code,
            interface=interface,
            record_origin=origin,
            wanted=_listed(part),
        )
        publish(REPAIR, row)
        data = {"peer": peer.code, "records": len(part)}
        audit.record("exchange.repair_asked", row, data=data)
    kick_after_commit()
    return set(wanted)


def apply(record: IncomingRecord) -> Outcome:
    """A peer cannot heal records that it was offered here."""
    data = record.data
    if data["receiver"] != own_node() or record.origin != record.sender:
        text = _("The request is for another platform.")
        raise DomainError(text, code="out_of_scope", fields={"receiver": text})
    wanted = {UUID(one["uid"]): one["above"] for one in data["wanted"]}
    offered = _offered(record.sender, data["interface"], data["record_origin"], wanted)
    if not offered:
        text = _("None of these records was offered to the asking platform.")
        raise DomainError(text, code="out_of_scope", fields={"wanted": text})
    row = _kept(record, wanted)
    # What was offered above the wanted revision is on its way, or compared as ours.
    waiting = {uid: wanted[uid] for uid in offered if offered[uid] <= wanted[uid]}
    done = _answer(row, waiting)
    if waiting and not done:
        text = _("These records cannot be announced again from here.")
        raise DomainError(text, code="reference_missing", fields={"wanted": text})
    audit.record(
        "exchange.repair_answered", row, data={"peer": row.origin, "records": len(done)}
    )
    return Outcome.APPLIED


def _listed(wanted: Mapping[UUID, int]) -> list[dict[str, Any]]:
    return [{"uid": str(uid), "above": floor} for uid, floor in wanted.items()]


def _kept(record: IncomingRecord, wanted: Mapping[UUID, int]) -> RepairRequest:
    """The request as it came, without what is none of the contract."""
    row, _new = RepairRequest.objects.update_or_create(
        uid=record.uid,
        defaults={
            "origin": record.origin,
            "revision": record.revision,
            "receiver": record.data["receiver"],
            "interface": record.data["interface"],
            "record_origin": record.data["record_origin"],
            "wanted": _listed(wanted),
        },
    )
    return row


def _offered(
    sender: str, interface: str, origin: str, uids: Iterable[UUID]
) -> dict[UUID, int]:
    """The revisions that the asking platform was offered."""
    view = offered_to(Peer.objects.get(code=sender), interface, origin)
    rows = Offered.objects.filter(
        scope__audience__in=view.audiences,
        scope__interface=interface,
        scope__origin=origin,
        uid__in=list(uids),
    )
    return dict(rows.order_by("revision").values_list("uid", "revision"))


def _answer(row: RepairRequest, wanted: Mapping[UUID, int]) -> set[UUID]:
    """Own records go on above what is wanted; for others the next one is asked."""
    if row.record_origin != own_node():
        return ask(row.interface, row.record_origin, wanted)
    done = raising.above(row.interface, wanted)
    kick_after_commit()
    return done
