"""Every write to the base of addresses: proposed by one, reviewed by another."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import places
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.common.models import Sequence
from platform_core.geo.shapes import InvalidGeometry

from . import areas, indexing, lines
from .enums import NAMED, AddressState, PlaceKind, Verdict, Work
from .models import Address, AddressChange, Lookup, LookupRow

FIELDS = (
    "kind",
    "road",
    "compound",
    "number",
    "name",
    "category",
    "aliases",
    "lon",
    "lat",
    "line",
    "note",
)
MOST_SERIALS = 99_999
Values = Mapping[str, Any]


def values_of(address: Address) -> dict[str, Any]:
    """What a change may change."""
    return {name: getattr(address, name) for name in FIELDS}


@transaction.atomic
def propose_address(
    *, by: Any, values: Values, note: str = "", batch: UUID | None = None
) -> Address:
    """Enter a new address as a draft that waits for another person's review."""
    address = Address(collected_on=clock.today())
    _fill(address, values)
    if (
        Address.objects.filter(standard=address.standard, kind=address.kind)
        .exclude(state=AddressState.RETIRED)
        .exists()
    ):
        text = _("There is already an address “%(address)s”.")
        raise Conflict(text % {"address": address.standard}, fields={"number": text})
    address.code = _next_code(address.grid_code, address.kind)
    address.save(force_insert=True)
    _change(address, Work.ADD, {}, values_of(address), by=by, note=note, batch=batch)
    return address


@transaction.atomic
def propose_edit(*, address: Address, by: Any, values: Values, note: str = "") -> Any:
    """Ask for a change of a published address."""
    address = _locked(address)
    if address.state == AddressState.RETIRED:
        raise Conflict(_("The address is retired."))
    before, trial = values_of(address), Address()
    _fill(trial, before | dict(values))
    after = values_of(trial)
    if after == before:
        raise DomainError(_("Nothing was changed."))
    return _change(address, Work.EDIT, before, after, by=by, note=note)


@transaction.atomic
def propose_retirement(*, address: Address, by: Any, note: str) -> Any:
    """Ask to take an address out of use; its code is not given again."""
    address = _locked(address)
    if address.state != AddressState.PUBLISHED:
        raise Conflict(_("Only a published address can be retired."))
    return _change(address, Work.RETIRE, values_of(address), {}, by=by, note=note)


@transaction.atomic
def review(
    *, change: AddressChange, by: Any, approve: bool, opinion: str = ""
) -> AddressChange:
    """Decide on a change; whoever made it may not."""
    locked = AddressChange.objects.select_for_update(of=("self",))
    change = locked.select_related("address").get(pk=change.pk)
    if change.verdict != Verdict.PENDING:
        raise Conflict(_("This change has been reviewed already."))
    if change.by_id == by.pk:
        raise Forbidden(_("Another person has to review what you changed."))
    if not approve and not opinion.strip():
        text = _("Please give the reason.")
        raise DomainError(text, fields={"opinion": text})
    change.verdict = Verdict.APPROVED if approve else Verdict.REFUSED
    change.reviewed_by, change.reviewed_at = by, clock.now()
    change.opinion = opinion
    change.save()
    _decide(change.address, change, approve)
    data = {"work": change.work, "approved": approve, "opinion": opinion}
    audit.record("address.reviewed", change.address, by=by, data=data)
    return change


def _decide(address: Address, change: AddressChange, approve: bool) -> None:
    """Let the decision take effect."""
    if approve and change.work == Work.EDIT:
        _fill(address, change.values)
    if approve and change.work != Work.RETIRE:
        address.state = AddressState.PUBLISHED
    if change.work == (Work.RETIRE if approve else Work.ADD):
        address.state = AddressState.RETIRED
        address.retired_on = clock.today()
    address.touch()
    address.save()
    indexing.refresh([address])


def _change(
    address: Address, work: Work, before: Values, values: Values, **rest: Any
) -> AddressChange:
    if address.changes.filter(verdict=Verdict.PENDING).exists():
        raise Conflict(_("A change of this address waits for review already."))
    made = AddressChange.objects.create(
        address=address,
        work=work,
        before=dict(before),
        values=dict(values),
        at=clock.now(),
        **rest,
    )
    audit.record(f"address.{work}", address, by=rest["by"], data={"note": rest["note"]})
    return made


def _locked(address: Address) -> Address:
    return Address.objects.select_for_update().get(pk=address.pk)


def _fill(address: Address, values: Values) -> None:
    """Set the values, then what follows from them: areas and standard address."""
    for name in FIELDS:
        if name in values:
            setattr(address, name, values[name])
    _check_parts(address)
    if address.line:
        _place_on_line(address)
    place = places.locate(address.lon, address.lat)
    if not place.grid_code:
        text = _("The position lies in no unit grid.")
        raise DomainError(text, code="outside", fields={"lon": text})
    address.lon, address.lat, address.cell = place.lon, place.lat, place.cell
    address.grid_code = place.grid_code
    address.area_code = place.community_code
    address.standard = f"{areas.names(place.grid_code)}{address.local}"[:200]


def _place_on_line(address: Address) -> None:
    try:
        lon, lat = lines.middle(address.line)
    except InvalidGeometry as error:
        text = _("This is not a line: %(why)s") % {"why": error}
        raise DomainError(text, fields={"line": text}) from error
    address.lon, address.lat = lon, lat


def _check_parts(address: Address) -> None:
    """The parts that the three forms of a standard address ask for.  [GB/T 30428.3]"""
    missing = ""
    if address.kind in NAMED and not address.name:
        missing = "name"
    elif address.kind == PlaceKind.ROAD and not address.road:
        missing = "road"
    elif address.kind == PlaceKind.COMPOUND and not address.compound:
        missing = "compound"
    elif address.kind == PlaceKind.NUMBER and not (address.base and address.number):
        missing = "number" if address.base else "road"
    if missing:
        text = _("This kind of place needs this part.")
        raise DomainError(text, fields={missing: text})


def _next_code(grid_code: str, kind: str) -> str:
    serial = Sequence.take(f"address/{grid_code}{kind}")
    if serial > MOST_SERIALS:
        raise Conflict(_("The unit grid has no free address code of this kind."))
    return f"{grid_code}{kind}{serial:05d}"


@transaction.atomic
def start_lookup(*, by: Any, title: str, rows: Iterable[str]) -> Lookup:
    """Keep a list of addresses that a job will look up."""
    lookup = Lookup.objects.create(title=title[:200], by=by)
    made = [
        LookupRow(lookup=lookup, row=number, text=text[:200])
        for number, text in enumerate(rows, 1)
    ]
    LookupRow.objects.bulk_create(made, batch_size=1000)
    audit.record("address.lookup_started", lookup, by=by, data={"rows": len(made)})
    return lookup


@transaction.atomic
def fix_row(*, row: LookupRow, by: Any, found: str, lon: float, lat: float) -> Any:
    """Say by hand where the address of a row lies."""
    place = places.locate(lon, lat)
    row = LookupRow.objects.select_for_update().get(pk=row.pk)
    row.match, row.found, row.score = "fixed", found[:200] or row.text, None
    row.lon, row.lat, row.grid_code = place.lon, place.lat, place.grid_code
    row.save()
    data = {"row": row.row, "found": row.found}
    audit.record("address.lookup_fixed", row.lookup, by=by, data=data)
    return row
