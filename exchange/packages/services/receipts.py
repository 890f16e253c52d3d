"""Receipts: the answers to a package, brought back to who made it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery import texts
from exchange.delivery.models import Batch, Parcel, Peer
from exchange.delivery.services import answers, reporting
from exchange.delivery.services.pump import dump
from exchange.packages import layout, sealing
from exchange.packages.enums import Direction, Kind, State
from exchange.packages.models import Package, Part
from exchange.packages.reading import Reader
from exchange.packages.writing import Writer
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.jobs.work import Work

from . import keeping, making, noting


def answered(given: Reader, peer: Peer) -> Package | None:
    """The own package that a receipt answers; None for a package of records."""
    if given.manifest["kind"] != Kind.RECEIPT:
        return None
    found = Package.objects.filter(
        number=given.manifest["answers"],
        direction=Direction.OUT,
        kind=Kind.RECORDS,
        peer=peer,
    ).first()
    if found is None:
        text = _("The receipt answers a package that was not made here.")
        fields = {"file": text}
        raise DomainError(text, code="reference_missing", fields=fields)
    return found


# Where the records were taken ---------------------------------------------------


def write(package: Package) -> Package:
    """The receipt of a package that was taken, ready to be carried back; once."""
    known = package.receipts.first()
    if known is not None:
        return known
    receipt = Package.objects.create(
        direction=Direction.OUT,
        kind=Kind.RECEIPT,
        state=State.MAKING,
        peer=package.peer,
        answers=package,
        interfaces=package.interfaces,
        groups=package.groups,
        records=package.records,
        made_at=now(),
        by=package.by,
        **noting.counts(package),
    )
    with Writer(keeping.draft(receipt)) as writer:
        for part in package.parts.order_by("number").iterator(chunk_size=20):
            name = f"answers/{part.number:05d}.json"
            counts = {"groups": part.groups, "records": part.records}
            text = dump(part.answer).encode()
            writer.add(name, text, batch=str(part.batch), **counts)
        writer.finish(making.facts(receipt), sealing.sign)
    keeping.publish(receipt)
    audit.record("package.receipt_made", receipt, by=package.by)
    return receipt


# Where the records came from ----------------------------------------------------


def settle(receipt: Package, work: Work) -> None:
    """Take over the answers, by the way that those over the line go."""
    if receipt.state not in {State.TAKING, State.FAILED}:
        return
    work.expect(receipt.records)
    with keeping.reopened(receipt) as source:
        for part in receipt.parts.filter(answered_at=None).order_by("number"):
            told = texts.parse_object(source.content(part.name))
            _settle(receipt, part, told)
            work.advance(part.records, checkpoint={})
    _finish(receipt)


def _own(receipt: Package) -> Package:
    """The package that is answered, held until the answer is written down."""
    rows = Package.objects.select_for_update(of=("self",))
    return rows.get(receipts=receipt)


@transaction.atomic
def _settle(receipt: Package, part: Part, told: dict[str, Any]) -> None:
    """The answer to one delivery; one that was answered before stays as it is."""
    package = _own(receipt)
    mine = package.parts.filter(batch=part.batch).first()
    if mine is None:
        raise layout.broken(_("The receipt answers a delivery that was not made here."))
    part.answer, part.answered_at = told, now()
    part.save(update_fields=["answer", "answered_at"])
    if mine.answered_at is not None:
        return
    batch = Batch.objects.select_for_update().get(uid=mine.batch)
    rows = Parcel.objects.select_for_update(of=("self",)).select_related("group")
    parcels = {row.pk: row for row in rows.filter(pk__in=mine.parcels).order_by("pk")}
    _apply(package, mine, batch, parcels, told)
    mine.answer, mine.answered_at = told, now()
    mine.save(update_fields=["answer", "answered_at"])
    heads = [_head(parcels.get(key)) for key in mine.parcels]
    noting.note(package, mine, heads, told)
    package.save(update_fields=noting.COUNTS)


def _head(parcel: Parcel | None) -> dict[str, Any]:
    if parcel is None:
        return {}
    return {"interface": parcel.group.interface, "origin": parcel.group.origin}


def _apply(
    package: Package,
    part: Part,
    batch: Batch,
    parcels: dict[int, Parcel],
    told: dict[str, Any],
) -> None:
    """Settle the parcels that nobody has answered since the package was made."""
    error = told.get("error")
    waiting = [
        (parcels[key], index)
        for index, key in enumerate(part.parcels)
        if key in parcels and not _answered_since(parcels[key], package)
    ]
    if isinstance(error, dict):
        code, text = str(error.get("code") or "internal"), str(error.get("message"))
        left = [parcel for parcel, _index in waiting]
        answers.refuse(package.peer, batch, left, code[:30], text)
        return
    results = noting.results(told)
    if len(results) != len(part.parcels) or not all(
        isinstance(r, dict) for r in results
    ):
        raise layout.broken(_("The receipt does not fit the package that it answers."))
    left = [parcel for parcel, _index in waiting]
    chosen = [results[index] for _parcel, index in waiting]
    answers.settle(package.peer, batch, left, chosen)
    reporting.sent(package.peer, left, ok=True, milliseconds=None)


def _answered_since(parcel: Parcel, package: Package) -> bool:
    """Did the line bring an answer while the package was carried?"""
    ended, made = parcel.finished_at, package.made_at
    return ended is not None and made is not None and ended > made


@transaction.atomic
def _finish(receipt: Package) -> None:
    package = _own(receipt)
    if not package.parts.filter(answered_at=None).exists():
        package.state = State.ANSWERED
        package.save(update_fields=["state"])
    for name, count in noting.counts(package).items():
        setattr(receipt, name, count)
    keeping.ended(receipt, State.DONE)
    audit.record("package.settled", package, by=receipt.by, data=noting.counts(package))
