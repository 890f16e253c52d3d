"""Take what phones send, once, and apply it in the order in which it was done.

A phone numbers its entries from 1. Whatever arrives is stored; then entries are
applied one by one from the first that is still open, each together with its state
in one transaction. A gap, or a photo still on its way, makes the rest wait. So
sending again, in any order, in any pieces, after any crash, comes to the same.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.patrol.enums import EntryState
from municipal.command.patrol.models import Device, SyncEntry
from platform_core.accounts.models import User
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import kinds

log = logging.getLogger(__name__)
WRONG_CLOCK = timedelta(minutes=5)


@dataclass(frozen=True)
class Sent:
    """An entry as the phone sends it."""

    id: UUID
    seq: int
    kind: str
    made_at: datetime
    payload: Mapping[str, Any]
    depends_on: UUID | None = None
    dropped: bool = False


@transaction.atomic
def contact(
    *, uid: UUID, by: User, clock: datetime, name: str = "", version: str = ""
) -> Device:
    """Note that a phone is there and how far its clock is off."""
    device, _made = Device.objects.get_or_create(uid=uid, defaults={"user": by})
    if device.user_id != by.pk:
        raise Conflict(_("This queue belongs to another person."), code="other_person")
    device.clock_offset = (clock - now()).total_seconds()
    device.name, device.version = name[:120], version[:40]
    device.last_seen = now()
    fields = ["clock_offset", "name", "version", "last_seen"]
    device.save(update_fields=fields)
    return device


@transaction.atomic
def take(*, device: Device, sent: Sequence[Sent]) -> None:
    """Store what is new; what is known stays as it is."""
    Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    off = timedelta(seconds=device.clock_offset)
    made = [
        SyncEntry(
            device=device,
            entry_id=each.id,
            seq=each.seq,
            kind=each.kind,
            payload=dict(each.payload),
            depends_on=each.depends_on,
            claimed_at=each.made_at,
            happened_at=min(each.made_at - off, now()),
            clock_wrong=abs(off) > WRONG_CLOCK,
            state=EntryState.DROPPED if each.dropped else EntryState.WAITING,
        )
        for each in sent
    ]
    SyncEntry.objects.bulk_create(made, ignore_conflicts=True)
    _check_places(device, sent)


def _check_places(device: Device, sent: Sequence[Sent]) -> None:
    """Two different things in one place mean a broken queue; nothing is lost of it."""
    known = device.entries.filter(seq__in=[each.seq for each in sent])
    ids = dict(known.values_list("seq", "entry_id"))
    if any(ids.get(each.seq) != each.id for each in sent):
        text = _("Two entries of this phone have the same place in its order.")
        raise Conflict(text, code="same_place")


def apply_open(device: Device) -> int:
    """Apply what can be applied; how many."""
    count = 0
    while _apply_next(device.pk):
        count += 1
    return count


@transaction.atomic
def _apply_next(pk: int) -> bool:
    """Apply the next entry of a phone; False if it waits or there is none."""
    device = Device.objects.select_for_update(of=("self",)).get(pk=pk)
    entry = device.entries.filter(seq=device.next_seq).first()
    if entry is None:
        return False
    if entry.state == EntryState.WAITING:
        try:
            with transaction.atomic():
                entry.result = dict(_apply(device, entry))
            entry.state = EntryState.APPLIED
        except kinds.NotYet:
            return False
        except DomainError as error:
            entry.state, entry.reason = EntryState.REFUSED, _words(error)
        entry.decided_at = now()
        entry.save()
    device.next_seq += 1
    device.save(update_fields=["next_seq"])
    return True


def _apply(device: Device, entry: SyncEntry) -> Mapping[str, Any]:
    apply = kinds.find(entry.kind)
    if apply is None:
        text = _("This platform does not know %(kind)s.") % {"kind": entry.kind}
        raise DomainError(text)

    def results(uid: UUID) -> Mapping[str, Any] | None:
        done = device.entries.filter(entry_id=uid, state=EntryState.APPLIED)
        return done.values_list("result", flat=True).first()

    if entry.depends_on and results(entry.depends_on) is None:
        raise DomainError(_("What this refers to was not accepted."))
    given = kinds.Entry(
        device.user, entry.payload, entry.happened_at, results, entry.clock_wrong
    )
    try:
        return apply(given)
    except (KeyError, ValueError, TypeError) as error:
        log.warning("entry refused", exc_info=error, extra={"entry": str(entry)})
        raise DomainError(_("The phone sent something incomplete.")) from error


def _words(error: DomainError) -> str:
    """The error with what it says about single fields, in one line."""
    fields = [str(text) for text in error.as_dict()["fields"].values()]
    return " ".join(dict.fromkeys([str(error.message), *fields]))[:300]


@transaction.atomic
def drop(*, device: Device, entry_id: UUID, by: User) -> SyncEntry:
    """Give up a waiting entry, so that the rest can go on."""
    device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    entry = device.entries.get(entry_id=entry_id)
    if entry.state == EntryState.WAITING:
        entry.state, entry.decided_at = EntryState.DROPPED, now()
        entry.save()
    return entry
