"""Taking a delivery in: one transaction for each group, durable before the answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange.delivery import hooks, keys, seals
from exchange.delivery.enums import MAX_INTEGER, Relation
from exchange.delivery.errors import GroupRefused, code_of
from exchange.delivery.models import (
    Peer,
    ReceivedBatch,
    RefusedGroup,
    RejectedRecord,
)
from exchange.delivery.texts import broken, clean, echo
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import DomainError
from platform_core.common.models import Sequence, own_node
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset, IncomingRecord, Outcome
from platform_core.regions.codes import node_division, within

from . import blobs, envelopes, policies, relaying, withdrawals
from .envelopes import IncomingGroup, wrong
from .ledger import Mark
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


def receive(
    peer: Peer, payload: dict[str, Any], *, by_hand: bool = False
) -> dict[str, Any]:
    """The answer to a delivery; the same batch gets the same answer.

    Hours and volumes were agreed for the line; what a person carries is not held.
    """
    batch = envelopes.envelope(payload)
    stored = ReceivedBatch.objects.filter(peer=peer, uid=batch).first()
    if stored is not None:
        answer: dict[str, Any] = stored.answer
        return answer
    groups = [envelopes.parse(peer, batch, given) for given in payload["groups"]]
    count = sum(len(group.records) for group in groups)
    if not by_hand:
        policies.admit_delivery(peer, count, len(groups))
    results = [_receive_group(group) for group in groups]
    made, _new = ReceivedBatch.objects.get_or_create(
        peer=peer,
        uid=batch,
        defaults={
            "answer": {"batch": payload["batch"], "results": results},
            "records": count,
        },
    )
    stored_answer: dict[str, Any] = made.answer
    return stored_answer


def take(peer: Peer, batch: UUID, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take in groups that were fetched from a peer; the result of each."""
    groups = [envelopes.parse(peer, batch, one) for one in given]
    return [_receive_group(group) for group in groups]


def _receive_group(group: IncomingGroup) -> dict[str, Any]:
    try:
        with transaction.atomic():
            _take(group)
            return group.answer()
    except GroupRefused as error:
        return _refuse(group, error.code, str(error.message), retry=error.retry)
    except DomainError as error:
        return _refuse(group, code_of(error), str(error.message))
    except IntegrityError:
        text = _("The same records arrived on two ways at once.")
        return _refuse(group, "busy", text, retry=True)


def _refuse(
    group: IncomingGroup, code: str, message: str, *, retry: bool = False
) -> dict[str, Any]:
    """Keep a refused group for the operator, and say so for each record."""
    code, message = code[:30], clean(message)[:300]
    body = {"route": group.route, "seal": group.seal, "records": group.records}
    RefusedGroup.objects.create(
        peer=group.peer,
        batch=group.batch,
        interface=clean(group.interface)[:80],
        version=max(min(group.version, MAX_INTEGER), -MAX_INTEGER),
        origin=clean(group.origin)[:20],
        count=len(group.records),
        code=code,
        message=message,
        body=clean(dump(body)),
    )
    field = {"bad_seal": "seal", "unknown_version": "version"}.get(code, "interface")
    rejected = [
        {
            "uid": echo(record.get("uid")),
            "revision": echo(record.get("revision")),
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
    group.forms = [seals.Form.of(record) for record in group.records]
    texts = [form.text for form in group.forms]
    sealed = seals.content_of(group.interface, group.version, group.origin, texts)
    seals.check(group.seal, group.origin, sealed, moment=_sealed_at(group))
    _check_direction(group, dataset)
    _check_scope(group)
    policies.admit_group(group.peer, group.interface)
    # Whoever else brings records of this origin waits here.
    Sequence.take(f"exchange.inbox.{group.origin}", 0)
    _read_ledger(group)
    _apply(group, dataset, list(_fitting(group, dataset)))
    _write_ledger(group)
    if group.applied and dataset.relay and group.passes_on:
        relaying.relay(
            peer=group.peer,
            interface=group.interface,
            version=group.version,
            origin=group.origin,
            route=group.route,
            records=group.records,
            seal=group.seal,
        )


def _sealed_at(group: IncomingGroup) -> datetime | None:
    """When the seal of a relayed group was made, at the earliest.

    The relay checked the seal when the group came; the key may have ended since. The
    origin itself seals with a key that is valid now: None.
    """
    if group.origin == group.peer.code:
        return None
    found = (read_moment(one.get("occurred_at")) for one in group.records)
    return max((moment for moment in found if moment), default=None)


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
    proper = dataset.direction == fits or dataset.both_ways
    way = hooks.way(group.peer, group.interface, group.version)
    # What only came because it was asked for is not passed on to others.
    group.passes_on = proper and way != hooks.Way.REDUCED
    if not proper and way == hooks.Way.NONE:
        raise GroupRefused(
            _("This interface does not go in this direction."), code="not_subscribed"
        )


def _check_scope(group: IncomingGroup) -> None:
    """Origin and route must be possible for this sender; no loops."""
    sender, origin, own = group.peer.code, group.origin, own_node()
    proper = (
        all(keys.split(f"{code}#1") for code in group.route)
        and len(set(group.route)) == len(group.route)
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
    group.uids = [_uuid(record) for record in group.records]
    uids = [uid for uid in group.uids if uid]
    group.ledger.read(group.origin, group.interface, uids)


def _uuid(record: dict[str, Any]) -> UUID | None:
    """Its identifier, if it is one as it is hashed: in lower case."""
    text = record.get("uid")
    try:
        found = UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if str(found) == text else None


Fitting = tuple[IncomingRecord, dict[str, Any], seals.Form]


def _fitting(group: IncomingGroup, dataset: Dataset) -> Iterator[Fitting]:
    """The records that keep the contract; the others are rejected.

    A revision that was taken in before is not looked at again.
    """
    found = zip(group.records, group.uids, group.forms, strict=True)
    for record, uid, form in found:
        if group.ledger.before and _repeated(group, record, uid):
            group.unchanged += 1
            continue
        try:
            yield _checked(group, dataset, record, uid, form), record, form
        except DomainError as error:
            _reject_for(group, record, error)


def _repeated(group: IncomingGroup, record: dict[str, Any], uid: UUID | None) -> bool:
    revision = record.get("revision")
    if uid is None or type(revision) is not int:
        return False
    return group.ledger.has(uid, revision)


def _apply(group: IncomingGroup, dataset: Dataset, found: list[Fitting]) -> None:
    """Apply what is new: all at once where the dataset can, else one by one."""
    uids = {incoming.uid for incoming, _record, _form in found if incoming.data}
    once = dataset.apply_many is not None and len(uids) == len(found) > 1
    if not (once and _apply_together(group, dataset, found)):
        for one in found:
            _apply_one(group, dataset, *one)


def _apply_together(
    group: IncomingGroup, dataset: Dataset, found: list[Fitting]
) -> bool:
    """False, and nothing applied, where one of them is refused."""
    assert dataset.apply_many is not None  # the caller asked
    fresh = [one for one in found if not _known(group, one[0])]
    try:
        with transaction.atomic():
            outcomes = dataset.apply_many([incoming for incoming, *_rest in fresh])
    except (DomainError, *BAD_DATA):
        return False
    group.unchanged += len(found) - len(fresh)
    for one, outcome in zip(fresh, outcomes, strict=True):
        _note(group, *one, outcome)
    return True


def _apply_one(
    group: IncomingGroup,
    dataset: Dataset,
    incoming: IncomingRecord,
    record: dict[str, Any],
    form: seals.Form,
) -> None:
    if _known(group, incoming):
        group.unchanged += 1
        return
    try:
        with transaction.atomic():
            outcome = withdrawals.apply(dataset, incoming)
    except DomainError as error:
        _reject_for(group, record, error)
    except BAD_DATA as error:
        _reject(group, record, "internal", "", f"{type(error).__name__}: {error}")
    else:
        _note(group, incoming, record, form, outcome)


def _known(group: IncomingGroup, incoming: IncomingRecord) -> bool:
    """Was this revision, or a newer one, taken in before?"""
    return group.ledger.has(incoming.uid, incoming.revision)


def _reject_for(
    group: IncomingGroup, record: dict[str, Any], error: DomainError
) -> None:
    field = str(next(iter(error.fields), ""))
    _reject(group, record, code_of(error), field, error.message)


def _checked(
    group: IncomingGroup,
    dataset: Dataset,
    record: dict[str, Any],
    uid: UUID | None,
    form: seals.Form,
) -> IncomingRecord:
    """A record whose envelope, schema and division are right."""
    for name in ("uid", "revision", "op", "occurred_at", "data"):
        if name not in record:
            raise wrong(name, "required", _("This field is required."))
    revision = record["revision"]
    if uid is None:
        raise wrong("uid", "format", _("A UUID is expected."))
    if type(revision) is not int:
        raise wrong("revision", "type", _("The type is wrong."))
    if not 1 <= revision <= MAX_INTEGER:
        raise wrong("revision", "range", _("The number is out of range."))
    if record["op"] not in ("upsert", "withdraw"):
        raise wrong("op", "code_list", _("The value is not in the code list."))
    moment = _moment(record["occurred_at"])
    if not withdrawals.is_bare(record):
        _check_data(group, dataset, record["data"], form)
    return IncomingRecord(
        group.interface,
        group.version,
        group.origin,
        uid,
        revision,
        record["op"],
        moment,
        record["data"] or {},
        group.peer.code,
        tuple(group.route),
        form.data,
    )


def _check_data(
    group: IncomingGroup, dataset: Dataset, data: Any, form: seals.Form
) -> None:
    """The data keeps the schema and stays inside the division."""
    if b"\\u0000" in form.data and broken(data):
        raise wrong("data", "format", _("A text contains a null character."))
    problem = dataset.problem(data)
    if problem is not None:
        raise wrong(problem.field or "data", problem.code, problem.message)
    _check_division(group, data)


def _moment(value: Any) -> datetime:
    moment = read_moment(value)
    if moment is None:
        text = _("A time with its offset is expected.")
        raise wrong("occurred_at", "format", text)
    return moment


def _check_division(group: IncomingGroup, data: dict[str, Any]) -> None:
    """What a child reports lies within its origin's division."""
    division = data.get("division")
    if group.peer.relation != Relation.CHILD or not isinstance(division, str):
        return
    if not within(division, node_division(group.origin)):
        raise wrong(
            "division",
            "out_of_scope",
            _("The division lies outside the sender's."),
        )


def _note(
    group: IncomingGroup,
    incoming: IncomingRecord,
    record: dict[str, Any],
    form: seals.Form,
    outcome: Outcome | None,
) -> None:
    """Count an applied record and keep its mark for the ledger."""
    if outcome == Outcome.UNCHANGED:
        group.unchanged += 1
    else:
        group.applied += 1
    if b'"sha256"' in form.data:
        group.files += blobs.named(record["data"])
    mark = Mark(incoming.revision, form.hash(group.origin, record), incoming.op)
    group.ledger.note(incoming.uid, mark)


def _write_ledger(group: IncomingGroup) -> None:
    group.ledger.write(group.origin, group.interface, group.peer.code, group.batch)
    blobs.expect(group.peer, group.files)
    changes = group.ledger.changes()
    for hook in hooks.taken:
        hook(hooks.Taken(group.interface, group.origin, changes))
    rejected = RejectedRecord.objects.filter(
        origin=group.origin, interface=group.interface, resolved_at__isnull=True
    )
    if rejected.exists():
        taken = [str(uid) for uid in group.ledger.after]
        rejected.filter(uid__in=taken).update(resolved_at=now())


def _reject(
    group: IncomingGroup, record: dict[str, Any], code: str, name: str, message: object
) -> None:
    """Set one record aside with its reason; the others go on."""
    text, name = clean(str(message))[:300], clean(name)[:120]
    uid, revision = echo(record.get("uid")), echo(record.get("revision"))
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
            "field": name,
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
