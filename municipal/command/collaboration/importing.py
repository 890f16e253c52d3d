"""Rules of duty from a table, as background work."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from platform_core.accounts.models import OrgUnit
from platform_core.classification.enums import Kind
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from .enums import PlaceKind
from .services import duty

# Column of the export, in its order
HEADS = (
    "class_kind",
    "class_prefix",
    "place_kind",
    "place_code",
    "owner_code",
    "unit_code",
    "priority",
    "valid_from",
    "valid_to",
    "note",
)
ZIP = b"PK"


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of an xlsx or csv table by their heads."""
    with path.open("rb") as stream:
        is_book = stream.read(2) == ZIP
    lines = _book(path) if is_book else _csv(path)
    heads = [str(head or "").strip().lstrip("\ufeff") for head in next(lines, [])]
    missing = {"class_prefix", "unit_code"} - set(heads)
    if missing:
        raise DomainError(
            _("The table lacks the columns: %(names)s")
            % {"names": ", ".join(sorted(missing))}
        )
    for line in lines:
        if any(value not in (None, "") for value in line):
            yield dict(zip(heads, line, strict=False))


def _book(path: Path) -> Iterator[list[Any]]:
    book = load_workbook(path, read_only=True, data_only=True)
    for line in book.worksheets[0].iter_rows(values_only=True):
        yield list(line)


def _csv(path: Path) -> Iterator[list[Any]]:
    raw = path.read_bytes()
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = raw.decode("gb18030", errors="replace")
    yield from csv.reader(content.splitlines())


def values_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the values of a rule; DomainError names the column."""
    units = {
        name: _unit(row, f"{name}_code", required=name == "unit")
        for name in ("owner", "unit")
    }
    return {
        "class_kind": _choice(row, "class_kind", ["", *Kind.values], ""),
        "class_prefix": _digits(row, "class_prefix"),
        "place_kind": _choice(row, "place_kind", PlaceKind.values, PlaceKind.CITY),
        "place_code": _digits(row, "place_code"),
        "priority": _number(row),
        "valid_from": _day(row, "valid_from") or clock.today(),
        "valid_to": _day(row, "valid_to"),
        "note": _text(row, "note")[:200],
        **units,
    }


def _wrong(name: str, value: object) -> DomainError:
    return DomainError(
        _("“%(value)s” is not known here.") % {"value": value}, fields={name: value}
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _digits(row: dict[str, Any], name: str) -> str:
    found = _text(row, name).removesuffix(".0")
    if found and not found.isdigit():
        raise _wrong(name, found)
    return found


def _choice(row: dict[str, Any], name: str, known: Any, default: str) -> str:
    found = _text(row, name) or default
    if found not in known:
        raise _wrong(name, found)
    return found


def _number(row: dict[str, Any]) -> int:
    found = _digits(row, "priority") or "50"
    if int(found) > 1000:
        raise _wrong("priority", found)
    return int(found)


def _day(row: dict[str, Any], name: str) -> date | None:
    value = row.get(name)
    if isinstance(value, datetime):
        return value.date()
    found = _text(row, name)
    try:
        day = parse_date(found) if found else None
    except ValueError:
        day = None
    if found and day is None:
        raise _wrong(name, found)
    return day


def _unit(row: dict[str, Any], name: str, *, required: bool) -> OrgUnit | None:
    code = _text(row, name)
    found = OrgUnit.objects.filter(code=code).first() if code else None
    if found is None and (code or required):
        raise _wrong(name, code)
    return found


@job("collaboration.import_rules", gettext_lazy("Import rules of duty"))
def import_rules(work: Work) -> None:
    """Take the rows in; one that says the same as a rule changes nothing."""
    assert work.input is not None
    for number, row in enumerate(rows_of(work.input), 2):
        if number <= work.checkpoint.get("row", 1):
            continue
        try:
            with transaction.atomic():
                duty.save_rule(rule=duty.rule_from(values_of(row)), by=work.by)
        except DomainError as error:
            field, value = next(iter(error.fields.items()), ("", ""))
            work.problem(number, str(error.message), field=field, value=value)
            work.advance(failed=1, checkpoint={"row": number})
        else:
            work.advance(1, checkpoint={"row": number})
