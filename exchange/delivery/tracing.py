"""The way of one record, told as steps."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from platform_core.datasets.models import OutboxEntry

from . import selectors
from .enums import ParcelState
from .models import Parcel
from .selectors import TraceStep


def steps(uid: UUID) -> list[TraceStep]:
    """Every station of a record's revisions that this platform knows, in time."""
    entries = selectors.announced(uid)
    carriers = [entry.carrier for entry in entries if entry.carrier]
    for row in selectors.taken(uid):
        carriers += selectors.relayed(row)
    found = [step for entry in entries for step in _announced(entry)]
    for parcel in selectors.parcels_of(carriers):
        found += _parcel(parcel)
    found += _received(uid)
    return sorted(found, key=lambda step: step.at)


def _announced(entry: OutboxEntry) -> Iterator[TraceStep]:
    note = _("Revision %(revision)s of %(interface)s") % {
        "revision": entry.revision,
        "interface": entry.interface,
    }
    if entry.position is None:
        note += " · " + _("no position yet")
    else:
        note += " · " + _("position %(position)s") % {"position": entry.position}
    yield TraceStep(_("Announced"), entry.created_at, note)


def _parcel(parcel: Parcel) -> Iterator[TraceStep]:
    peer = str(parcel.peer)
    sealed = _("Group %(number)s, seal %(keyid)s") % {
        "number": parcel.group_id,
        "keyid": parcel.group.seal.get("keyid", ""),
    }
    yield TraceStep(_("Queued"), parcel.created_at, sealed, by_name=peer)
    if parcel.batch is not None:
        note = _("Batch %(uid)s, attempt %(number)s") % {
            "uid": parcel.batch.uid,
            "number": parcel.batch.attempts,
        }
        yield TraceStep(_("Sent off"), parcel.batch.created_at, note, by_name=peer)
    if parcel.finished_at is not None:
        yield TraceStep(
            parcel.get_state_display(),
            parcel.finished_at,
            _answer(parcel),
            overdue=parcel.state == ParcelState.SET_ASIDE,
            by_name=peer,
        )


def _answer(parcel: Parcel) -> str:
    text = _("%(applied)s applied, %(unchanged)s unchanged, %(rejected)s refused") % {
        "applied": parcel.applied,
        "unchanged": parcel.unchanged,
        "rejected": parcel.rejected,
    }
    return f"{text} · {parcel.code} {parcel.message}" if parcel.code else text


def _received(uid: UUID) -> Iterator[TraceStep]:
    for row in selectors.taken(uid):
        note = _("Revision %(revision)s of %(interface)s, batch %(batch)s") % {
            "revision": row.revision,
            "interface": row.interface,
            "batch": row.batch,
        }
        yield TraceStep(
            _("Applied here"), row.received_at, note, by_name=f"{row.sender}"
        )
    there, here = selectors.refusals(uid)
    for problem in there:
        note = f"{problem.code} {problem.field} {problem.message}"
        title = _("Refused by the other platform")
        peer = str(problem.peer)
        yield TraceStep(title, problem.created_at, note, overdue=True, by_name=peer)
    for rejected in here:
        note = f"{rejected.code} {rejected.field} {rejected.message}"
        peer = str(rejected.peer)
        yield TraceStep(
            _("Refused here"), rejected.received_at, note, overdue=True, by_name=peer
        )
