"""Long work on addresses."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import places
from platform_core.common.errors import DomainError
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from . import search, services
from .enums import Match, PlaceKind, Verdict
from .models import AddressChange, Lookup, LookupRow
from .tables import read_rows

CHUNK = 100
HEADS = {
    "kind": ("kind", "地点类型"),
    "road": ("road", "街巷名"),
    "compound": ("compound", "小区名"),
    "number": ("number", "门楼址"),
    "name": ("name", "地名"),
    "category": ("category", "类别"),
    "aliases": ("aliases", "别名"),
    "lon": ("lon", "经度"),
    "lat": ("lat", "纬度"),
    "note": ("note", "备注"),
}
ADDRESS_HEADS = ("address", "地址")


@job("geocoding.lookup", gettext_lazy("Look up a list of addresses"))
def look_up(work: Work) -> None:
    """Find the position of each row that has none yet."""
    lookup = Lookup.objects.get(pk=work.params["lookup"])
    work.expect(lookup.rows.count())
    while rows := list(lookup.rows.filter(match=Match.WAITING)[:CHUNK]):
        for row in rows:
            _look_up(row)
        fields = ["match", "score", "found", "lon", "lat", "grid_code"]
        with transaction.atomic():
            LookupRow.objects.bulk_update(rows, fields)
            found = sum(row.match == Match.MATCHED for row in rows)
            work.advance(
                found, skipped=len(rows) - found, checkpoint={"at": rows[-1].row}
            )
    counts = {
        label: lookup.rows.filter(match=code).count() for code, label in Match.choices
    }
    work.note = "，".join(
        f"{label} {count}" for label, count in counts.items() if count
    )


def _look_up(row: LookupRow) -> None:
    found = search.geocode(row.text, limit=3)
    row.match = Match.MISSING
    if not found:
        return
    best = found[0]
    row.match = Match.MATCHED if search.is_sure(found) else Match.AMBIGUOUS
    row.score, row.found = best.score, best.text[:200]
    row.lon, row.lat, row.grid_code = best.lon, best.lat, best.grid_code
    try:
        row.grid_code = places.locate(best.lon, best.lat).grid_code
    except DomainError:
        row.match = Match.AMBIGUOUS


@job("geocoding.import", gettext_lazy("Import addresses"))
def take_in(work: Work) -> None:
    """Enter the rows of a file as drafts; each is reviewed by another person."""
    assert work.input is not None
    rows = list(read_rows(work.input))
    work.expect(len(rows))
    done = int(work.checkpoint.get("row", 0))
    for number, row in rows:
        if number <= done:
            continue
        with transaction.atomic():
            failed = _take_in(work, number, row)
            work.advance(
                0 if failed else 1, failed=int(failed), checkpoint={"row": number}
            )


def _take_in(work: Work, number: int, row: dict[str, str]) -> bool:
    try:
        with transaction.atomic():
            services.propose_address(
                by=work.by, values=read_values(row), batch=work.job.uid
            )
    except DomainError as error:
        field = next(iter(error.fields), "")
        work.problem(number, str(error.message), field=field, value=row.get(field, ""))
        return True
    return False


def read_values(row: dict[str, str]) -> dict[str, Any]:
    """The values of an address from a row; DomainError names the cell."""
    given = {
        name: next((row[head] for head in heads if row.get(head)), "")
        for name, heads in HEADS.items()
    }
    kinds = {str(label): code for code, label in PlaceKind.choices}
    values: dict[str, Any] = dict(given)
    values["kind"] = kinds.get(given["kind"], given["kind"])
    if values["kind"] not in PlaceKind.values:
        text = _("There is no such kind of place.")
        raise DomainError(text, fields={"kind": text})
    values["aliases"] = [part for part in given["aliases"].split("|") if part]
    for name in ("lon", "lat"):
        try:
            values[name] = float(given[name])
        except ValueError as error:
            text = _("This is not a number.")
            raise DomainError(text, fields={name: text}) from error
    return values


@job("geocoding.approve", gettext_lazy("Publish imported addresses"))
def approve(work: Work) -> None:
    """Approve all changes of an import that still wait."""
    waiting = AddressChange.objects.filter(
        batch=UUID(work.params["batch"]), verdict=Verdict.PENDING
    )
    work.expect(waiting.count())
    last = int(work.checkpoint.get("last", 0))
    while rows := list(waiting.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for change in rows:
            try:
                with transaction.atomic():
                    services.review(change=change, by=work.by, approve=True)
                    work.advance(1)
            except DomainError as error:
                work.problem(None, str(error.message), value=change.address.standard)
                work.advance(failed=1)
        last = rows[-1].pk
        work.advance(checkpoint={"last": last})
