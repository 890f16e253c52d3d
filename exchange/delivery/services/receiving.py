"""Taking a delivery in: one transaction for each group, durable before the answer."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from exchange.delivery import keys, seals
from exchange.delivery.enums import MAX_RECORDS, Relation
from exchange.delivery.errors import GroupRefused, TooLarge
from exchange.delivery.models import (
    LedgerRow,
    Peer,
    ReceivedBatch,
    RefusedGroup,
    RejectedRecord,
)
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import Sequence, own_node
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset, IncomingRecord, Outcome
from platform_core.regions.codes import node_division, within

from . import relaying
from .pump import dump

# What a mistake in the data of one record can raise while it is applied.
BAD_DATA = (
    DatabaseError,
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
)


@dataclass
class IncomingGroup:
    """One group of a delivery and what became of it."""

    peer: Peer
    batch: UUID
    interface: str
    version: int
    origin: str
    route: list[str]
    records: list[dict[str, Any]]
    seal: Any
    ledger: dict[UUID, LedgerRow] = field(default_factory=dict)
    touched: dict[UUID, LedgerRow] = field(default_factory=dict)
    unchanged: int = 0
    applied: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def answer(self) -> dict[str, Any]:
        return {
            "applied": self.applied,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


def receive(peer: Peer, payload: dict[str, Any]) -> dict[str, Any]:
    """The answer to a delivery; the same batch gets the same answer."""
    batch = _envelope(payload)
    stored = ReceivedBatch.objects.filter(peer=peer, uid=batch).first()
    if stored is not None:
        answer: dict[str, Any] = stored.answer
        return answer
    groups = [_parse(peer, batch, given) for given in payload["groups"]]
    results = [_receive_group(group) for group in groups]
    made, _new = ReceivedBatch.objects.get_or_create(
        peer=peer,
        uid=batch,
        defaults={
            "answer": {"batch": str(batch), "results": results},
            "records": sum(len(group.records) for group in groups),
        },
    )
    stored_answer: dict[str, Any] = made.answer
    return stored_answer


def _envelope(payload: dict[str, Any]) -> UUID:
    """Check the outside of a delivery; DomainError names the field."""
    for name in ("batch", "receiver", "groups"):
        if name not in payload:
            raise _wrong(name, "required", _("This field is required."))
    if payload["receiver"] != own_node():
        raise _wrong(
            "receiver", "out_of_scope", _("The delivery is for another platform.")
        )
    groups = payload["groups"]
    if not isinstance(groups, list) or not all(isinstance(g, dict) for g in groups):
        raise _wrong("groups", "type", _("A list of groups is expected."))
    count = sum(len(g["records"]) for g in groups if isinstance(g.get("records"), list))
    if count > MAX_RECORDS:
        raise TooLarge(_("A delivery has at most %(n)s records.") % {"n": MAX_RECORDS})
    try:
        return UUID(str(payload["batch"]))
    except ValueError as error:
        raise _wrong("batch", "format", _("A UUID is expected.")) from error


def _wrong(name: str, code: str, text: str) -> DomainError:
    return DomainError(f"{name}: {text}", code=code, fields={name: text})


SHAPE: dict[str, type] = {
    "interface": str,
    "version": int,
    "origin": str,
    "route": list,
    "records": list,
}


def _parse(peer: Peer, batch: UUID, given: dict[str, Any]) -> IncomingGroup:
    for name, kind in SHAPE.items():
        if name not in given:
            raise _wrong(f"groups.{name}", "required", _("This field is required."))
        if type(given[name]) is not kind:
            raise _wrong(f"groups.{name}", "type", _("The type is wrong."))
    records = given["records"]
    if not all(isinstance(record, dict) for record in records):
        raise _wrong("groups.records", "type", _("The type is wrong."))
    route = [str(code) for code in given["route"]]
    return IncomingGroup(
        peer,
        batch,
        given["interface"],
        given["version"],
        given["origin"],
        route,
        records,
        given.get("seal"),
    )


def _receive_group(group: IncomingGroup) -> dict[str, Any]:
    try:
        with transaction.atomic():
            _take(group)
            return group.answer()
    except GroupRefused as error:
        return _refuse(group, error.code, str(error.message), retry=error.retry)
    except DomainError as error:
        return _refuse(group, error.code, str(error.message))
    except IntegrityError:
        text = _("The same records arrived on two ways at once.")
        return _refuse(group, "busy", text, retry=True)


def _refuse(
    group: IncomingGroup, code: str, message: str, *, retry: bool = False
) -> dict[str, Any]:
    """Keep a refused group for the operator, and say so for each record."""
    RefusedGroup.objects.create(
        peer=group.peer,
        batch=group.batch,
        interface=group.interface[:80],
        version=group.version,
        origin=group.origin[:20],
        count=len(group.records),
        code=code,
        message=message[:300],
        body=dump({"route": group.route, "seal": group.seal, "records": group.records}),
    )
    field = {"bad_seal": "seal", "unknown_version": "version"}.get(code, "interface")
    rejected = [
        {
            "uid": record.get("uid"),
            "revision": record.get("revision"),
            "code": code,
            "field": field,
            "message": message,
        }
        for record in group.records
    ]
    answer = {"applied": 0, "unchanged": 0, "rejected": rejected}
    answer |= {"code": code, "message": message}
    return answer | {"retry": True} if retry else answer


def _take(group: IncomingGroup) -> None:
    """Check and apply a group inside its transaction."""
    dataset = _dataset(group)
    sealed = seals.content(group.interface, group.version, group.origin, group.records)
    seals.check(group.seal, group.origin, sealed)
    _check_direction(group, dataset)
    _check_scope(group)
    # Whoever else brings records of this origin waits here.
    Sequence.take(f"exchange.inbox.{group.origin}", 0)
    _read_ledger(group)
    for record in group.records:
        _take_record(group, dataset, record)
    _write_ledger(group)
    if group.applied and dataset.relay:
        relaying.relay(
            peer=group.peer,
            interface=group.interface,
            version=group.version,
            origin=group.origin,
            route=group.route,
            records=group.records,
            seal=group.seal,
        )


def _dataset(group: IncomingGroup) -> Dataset:
    dataset = registry.find(group.interface, group.version)
    if dataset is not None:
        return dataset
    if registry.known(group.interface):
        raise GroupRefused(
            _("This version of the interface is not known here."),
            code="unknown_version",
        )
    raise GroupRefused(_("This interface is not known here."), code="unknown_interface")


def _check_direction(group: IncomingGroup, dataset: Dataset) -> None:
    fits = "up" if group.peer.relation == Relation.CHILD else "down"
    if dataset.direction != fits and not dataset.both_ways:
        raise GroupRefused(
            _("This interface does not go in this direction."), code="not_subscribed"
        )


def _check_scope(group: IncomingGroup) -> None:
    """Origin and route must be possible for this sender; no loops."""
    sender, origin, own = group.peer.code, group.origin, own_node()
    proper = (
        keys.split(f"{origin}#1") is not None
        and group.route[:1] == [origin]
        and group.route[-1:] == [sender]
        and own not in group.route
    )
    if proper and group.peer.relation == Relation.CHILD:
        proper = within(node_division(origin), node_division(sender))
    if not proper:
        raise GroupRefused(
            _("The sender cannot pass on records of this origin."),
            code="out_of_scope",
        )


def _read_ledger(group: IncomingGroup) -> None:
    uids = [uid for uid in (_uuid(record) for record in group.records) if uid]
    rows = LedgerRow.objects.filter(
        origin=group.origin, interface=group.interface, uid__in=uids
    )
    group.ledger = {row.uid: row for row in rows}


def _uuid(record: dict[str, Any]) -> UUID | None:
    try:
        return UUID(str(record["uid"]))
    except (KeyError, ValueError):
        return None


def _take_record(
    group: IncomingGroup, dataset: Dataset, record: dict[str, Any]
) -> None:
    try:
        incoming = _checked(group, dataset, record)
        known = group.ledger.get(incoming.uid)
        if known is not None and known.revision >= incoming.revision:
            group.unchanged += 1
            return
        with transaction.atomic():
            outcome = dataset.apply(incoming)
    except DomainError as error:
        _reject(group, record, error.code, next(iter(error.fields), ""), error.message)
        return
    except BAD_DATA as error:
        _reject(group, record, "internal", "", f"{type(error).__name__}: {error}")
        return
    _note(group, incoming, record)
    if outcome == Outcome.UNCHANGED:
        group.unchanged += 1
    else:
        group.applied += 1


def _checked(
    group: IncomingGroup, dataset: Dataset, record: dict[str, Any]
) -> IncomingRecord:
    """A record whose envelope, schema and division are right."""
    for name in ("uid", "revision", "op", "occurred_at", "data"):
        if name not in record:
            raise _wrong(name, "required", _("This field is required."))
    uid, revision = _uuid(record), record["revision"]
    if uid is None or not isinstance(record["uid"], str):
        raise _wrong("uid", "format", _("A UUID is expected."))
    if type(revision) is not int:
        raise _wrong("revision", "type", _("The type is wrong."))
    if not 1 <= revision <= 2_147_483_647:
        raise _wrong("revision", "range", _("The number is out of range."))
    if record["op"] not in {"upsert", "withdraw"}:
        raise _wrong("op", "code_list", _("The value is not in the code list."))
    moment = _moment(record["occurred_at"])
    problem = dataset.problem(record["data"])
    if problem is not None:
        raise _wrong(problem.field or "data", problem.code, problem.message)
    _check_division(group, record["data"])
    return IncomingRecord(
        group.interface,
        group.version,
        group.origin,
        uid,
        revision,
        record["op"],
        moment,
        record["data"],
        group.peer.code,
        tuple(group.route),
    )


def _moment(value: Any) -> Any:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        text = _("A time with its offset is expected.")
        raise _wrong("occurred_at", "format", text)
    return moment


def _check_division(group: IncomingGroup, data: dict[str, Any]) -> None:
    """What a child reports lies within its origin's division."""
    division = data.get("division")
    if group.peer.relation != Relation.CHILD or not isinstance(division, str):
        return
    if not within(division, node_division(group.origin)):
        raise _wrong(
            "division",
            "out_of_scope",
            _("The division lies outside the sender's."),
        )


def _note(
    group: IncomingGroup, incoming: IncomingRecord, record: dict[str, Any]
) -> None:
    row = group.ledger.get(incoming.uid) or LedgerRow(
        origin=group.origin, interface=group.interface, uid=incoming.uid
    )
    row.revision, row.op = incoming.revision, incoming.op
    row.hash = seals.record_hash(group.origin, record)
    row.sender, row.batch, row.received_at = group.peer.code, group.batch, now()
    group.ledger[incoming.uid] = group.touched[incoming.uid] = row


def _write_ledger(group: IncomingGroup) -> None:
    known = [row for row in group.touched.values() if row.pk is not None]
    new = [row for row in group.touched.values() if row.pk is None]
    LedgerRow.objects.bulk_create(new)
    LedgerRow.objects.bulk_update(
        known,
        ["revision", "op", "hash", "sender", "batch", "received_at"],
        batch_size=200,
    )
    RejectedRecord.objects.filter(
        origin=group.origin,
        interface=group.interface,
        uid__in=[str(uid) for uid in group.touched],
        resolved_at__isnull=True,
    ).update(resolved_at=now())


def _reject(
    group: IncomingGroup, record: dict[str, Any], code: str, name: str, message: object
) -> None:
    """Set one record aside with its reason; the others go on."""
    text = str(message)[:300]
    uid, revision = record.get("uid"), record.get("revision")
    number = revision if type(revision) is int else None
    RejectedRecord.objects.update_or_create(
        peer=group.peer,
        interface=group.interface,
        origin=group.origin,
        uid=str(uid)[:64],
        revision=number,
        resolved_at=None,
        defaults={
            "version": group.version,
            "batch": group.batch,
            "code": code[:30],
            "field": name[:120],
            "message": text,
            "record": dump(record),
        },
    )
    group.rejected.append(
        {
            "uid": uid,
            "revision": revision,
            "code": code,
            "field": name,
            "message": text,
        }
    )
