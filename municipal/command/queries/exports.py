"""Files of any size, written in the background with the rights of who asked."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from municipal.command import policies, selectors
from municipal.command.models import Case
from municipal.command.views.lists import COLUMNS
from platform_core.audit import services as audit
from platform_core.common.clock import today
from platform_core.common.errors import Forbidden
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work
from platform_core.ui.columns import Column
from platform_core.ui.exports import harmless

from . import cross, services
from .filters import CaseSearch

CHUNK = 2000
MOST_ROWS = 1_000_000  # of a sheet
FURTHER = (
    Column("filed_at", gettext_lazy("Filed")),
    Column("dispatched_at", gettext_lazy("Dispatched")),
    Column("handled_at", gettext_lazy("Handled")),
    Column("closed_at", gettext_lazy("Closed")),
    Column("on_time", gettext_lazy("In time")),
    Column("component_code", gettext_lazy("Component")),
)


@job(services.EXPORT, gettext_lazy("Export of cases"))
def export_cases(work: Work) -> None:
    """All cases of a search, as the person may see them now."""
    person = _allowed(work)
    search = CaseSearch(
        QueryDict(work.params["query"]), queryset=Case.objects.visible_to(person)
    )
    rows = search.qs if search.form.is_valid() else search.queryset.none()
    rows = rows.select_related("handling_unit", "source").order_by(
        "-reported_at", "-pk"
    )
    columns = _columns(person)
    work.expect(rows.order_by().count())
    head = [str(column.label) for column in columns]
    lines = _lines(work, columns, rows.iterator(chunk_size=CHUNK))
    _write(work, _("Cases"), head, lines)
    audit.record(
        "case.exported", by=person, data={"query": work.params["query"], "job": True}
    )


@job(services.TABLE, gettext_lazy("Cross table"))
def export_table(work: Work) -> None:
    """A cross table that takes longer than a page may, or is wanted as a file."""
    asked = cross.read(work.params["query"], _allowed(work))
    found = cross.answer(asked)
    work.expect(len(found.rows))
    head, *body = cross.lines(asked, found)
    _write(work, _("Cross table"), [str(cell) for cell in head], iter(body))
    work.advance(len(body))


def _allowed(work: Work) -> Any:
    """Who asked, if the right is still there."""
    person = work.by
    if person is None or not person.is_active:
        raise Forbidden(_("You may not export cases."))
    if not person.has_perm("command.export_case"):
        raise Forbidden(_("You may not export cases."))
    return person


def _columns(person: Any) -> list[Column]:
    """All columns; who reported only as far as the person may know."""
    clear = policies.sees_reporter(person)
    return [
        *COLUMNS,
        *FURTHER,
        Column(
            "reporter",
            gettext_lazy("Reporter"),
            export=lambda case: selectors.reporter(case, unmasked=clear),
        ),
        Column(
            "contact",
            gettext_lazy("Contact"),
            export=lambda case: selectors.contact(case, unmasked=clear),
        ),
    ]


def _lines(
    work: Work, columns: list[Column], rows: Iterable[Case]
) -> Iterator[list[Any]]:
    for case in rows:
        yield [column.plain(case) for column in columns]
        work.advance(1)


def _write(work: Work, name: str, head: list[str], lines: Iterator[list[Any]]) -> None:
    form = "csv" if work.params.get("form") == "csv" else "xlsx"
    path = work.output(f"{name}-{today()}.{form}")
    (_as_csv if form == "csv" else _as_xlsx)(path, head, lines)


def _as_csv(path: Path, head: list[str], lines: Iterator[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(head)
        writer.writerows([harmless(cell) for cell in line] for line in lines)


def _as_xlsx(path: Path, head: list[str], lines: Iterator[list[Any]]) -> None:
    """Further sheets where one is full."""
    book = Workbook(write_only=True)
    sheet, room = None, 0
    for line in lines:
        if room == 0:
            sheet, room = book.create_sheet(), MOST_ROWS
            sheet.append(head)
        assert sheet is not None
        sheet.append([harmless(cell) for cell in line])
        room -= 1
    if sheet is None:
        book.create_sheet().append(head)
    book.save(path)
