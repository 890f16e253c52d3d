"""Sending and taking the records of a drill, and noting that one is played."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery.models import Peer
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.registry import IncomingRecord, Outcome
from platform_core.datasets.services import publish

from .enums import INTERFACE, TWICE
from .models import DrillRecord


def begin(*, run: UUID, scenario: str, peer: Peer, user: str, by: Actor = None) -> None:
    """Note that a drill begins, and who began it at the command line."""
    data = {"run": run, "scenario": scenario, "user": user}
    audit.record("exchange.drill_begun", peer, by=by, data=data)


def end(*, run: UUID, scenario: str, peer: Peer, result: str, by: Actor = None) -> None:
    """Note how a drill ended: passed, failed or stopped."""
    data = {"run": run, "scenario": scenario, "result": result}
    audit.record("exchange.drill_ended", peer, by=by, data=data)


@transaction.atomic
def send(*, run: UUID, number: int, receivers: Iterable[str], many: int) -> None:
    """Publish so many records for each receiver, numbered from `number` on."""
    for receiver in receivers:
        for offset in range(many):
            record = DrillRecord.objects.create(
                run=run, number=number + offset, receiver=receiver
            )
            publish(INTERFACE, record)


@transaction.atomic
def send_poison(*, run: UUID, number: int, receiver: str) -> DrillRecord:
    """Publish a record that the receiver refuses."""
    record = DrillRecord.objects.create(
        run=run, number=number, receiver=receiver, refuse=True
    )
    publish(INTERFACE, record)
    return record


@transaction.atomic
def correct(*, record: DrillRecord) -> DrillRecord:
    """Publish the corrected revision of a record made to be refused."""
    record.refuse = False
    record.revise()
    record.save()
    publish(INTERFACE, record)
    return record


def take(incoming: IncomingRecord) -> Outcome:
    """Keep a drill record of another platform; a second time is an error."""
    if incoming.data["refuse"]:
        text = _("This record of a drill was made to be refused.")
        raise DomainError(text, code="range", fields={"refuse": text})
    held = DrillRecord.objects.filter(uid=incoming.uid).first()
    if held is not None and held.revision >= incoming.revision:
        raise DomainError(_("The record was applied before."), code=TWICE)
    DrillRecord.objects.update_or_create(
        uid=incoming.uid,
        defaults={
            "origin": incoming.origin,
            "revision": incoming.revision,
            "run": incoming.data["run"],
            "number": incoming.data["number"],
            "receiver": own_node(),
        },
    )
    return Outcome.APPLIED
