"""Pages of query and statistics."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from municipal.command import policies, selectors
from municipal.command.models import Case
from municipal.command.requests import user_of
from municipal.command.views.lists import COLUMNS, CaseList
from municipal.command.views.report import map_settings
from platform_core.common.errors import DomainError
from platform_core.geo.tiles import MEDIA_TYPE, Tile
from platform_core.ui import charts
from platform_core.ui.columns import Column
from platform_core.ui.permissions import page
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

from . import cross, services, tables, tiling
from .enums import Page
from .filters import CaseSearch, day_start, first_day
from .models import SavedQuery, address

VIEW = "command.view_case"
EXPORT = "command.export_case"
TEXT_DAYS = 92
NOBODY = UUID(int=0)
GROUP = Crumb(gettext_lazy("Query and statistics"))


FURTHER = (
    Column("filed_at", gettext_lazy("Filed"), default=False),
    Column("dispatched_at", gettext_lazy("Dispatched"), default=False),
    Column("handled_at", gettext_lazy("Handled"), default=False),
    Column("closed_at", gettext_lazy("Closed"), default=False),
    Column("on_time", gettext_lazy("In time"), default=False),
    Column("component_code", gettext_lazy("Component"), default=False),
)


class SearchPage(CaseList):
    """Cases by everything that is known of them."""

    title = gettext_lazy("Case search")
    template_name = "queries/cases.html"
    filterset_class = CaseSearch
    columns: Any = (*COLUMNS, *FURTHER)
    live = 0
    empty_text = gettext_lazy("No case fits. Widen the time span or drop a condition.")

    def get_columns(self) -> list[Column]:
        clear = policies.sees_reporter(user_of(self.request))

        def reporter(case: Case) -> str:
            return selectors.reporter(case, unmasked=clear)

        label = gettext_lazy("Reporter")
        shown = Column(
            "reporter", label, render=reporter, export=reporter, default=False
        )
        return [*self.columns, shown]

    def get_bulk_actions(self) -> list[Any]:
        return []

    def rows(self) -> Any:
        """Texts are looked for in the last quarter unless a time span is given."""
        rows = super().rows()
        return rows.filter(reported_at__gte=first_moment()) if self.is_cut else rows

    @property
    def is_cut(self) -> bool:
        """Whether a text is looked for without a time span."""
        given = self.request.GET
        text = given.get("q", "").strip()
        spans = ("reported_from", "closed_from", "open", "bbox", "component")
        return bool(text) and not text.isdigit() and not any(map(given.get, spans))

    def get_breadcrumbs(self) -> list[Crumb]:
        return [GROUP, Crumb(self.get_title())]

    def get_page_actions(self) -> list[PageAction]:
        query = self.request.GET.urlencode()
        return [
            PageAction(
                _("Keep this query"),
                f"{reverse('queries:keep', args=[Page.CASES])}?{query}",
                icon="star",
                dialog=True,
            ),
            PageAction(_("Map"), f"{reverse('queries:map')}?{query}", icon="map"),
            PageAction(
                _("Export all in the background"),
                f"{reverse('queries:export', args=[Page.CASES])}?{query}",
                icon="download",
                permission=EXPORT,
                dialog=True,
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        shown = list(found["page_obj"].object_list)
        further = ""
        if shown and found["page_obj"].has_next() and not self.sort:
            last, query = shown[-1], self.request.GET.copy()
            query.pop("page", None)
            query["before"] = f"{last.reported_at.isoformat()}_{last.pk}"
            further = f"?{query.urlencode()}"
        return {
            **found,
            "further": further,
            "is_cut": self.is_cut,
            "cut_days": TEXT_DAYS,
            "kept": kept(self.request, Page.CASES),
            **map_settings(),
        }


def first_moment() -> Any:
    """Since when texts are looked for."""
    return day_start(first_day(TEXT_DAYS))


def kept(request: HttpRequest, kind: str) -> list[SavedQuery]:
    """The queries of a page that somebody may use."""
    return list(SavedQuery.objects.visible_to(user_of(request)).filter(page=kind)[:30])


class MapPage(PlainPage):
    """The cases of a search on the map."""

    permission_required = VIEW
    title = gettext_lazy("Map of cases")
    template_name = "queries/map.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        query = self.request.GET.urlencode()
        url = f"{reverse('queries:cases')}?{query}"
        return [GROUP, Crumb(_("Case search"), url), Crumb(self.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.urlencode()
        url = reverse("queries:case-tile", args=[0, 0, 0])
        pattern = url.replace("/0/0/0.", "/{z}/{x}/{y}.")
        link = reverse("command:case-detail", args=[NOBODY])
        return super().get_context_data(
            tiles_url=f"{pattern}?{query}" if query else pattern,
            tiles_link=link.replace(str(NOBODY), "{code}"),
            **map_settings(),
            **kwargs,
        )


@require_GET
@page(permission=VIEW)
def case_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A vector tile of the cases that the user may see, by the search's filters."""
    try:
        asked = Tile(z, x, y)
    except ValueError as error:
        raise Http404 from error
    user = user_of(request)
    content = tiling.tile(asked, user, request.GET)
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Cache-Control"] = f"private, max-age={tiling.SHOWN_SECONDS}"
    return answer


# Cross tables -----------------------------------------------------------------
class TablePage(PlainPage):
    """A measure of the cases by two dimensions."""

    permission_required = VIEW
    title = gettext_lazy("Cross tables")
    template_name = "queries/tables.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [GROUP, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        query = self.request.GET.urlencode()
        return [
            PageAction(
                _("Keep this query"),
                f"{reverse('queries:keep', args=[Page.TABLES])}?{query}",
                icon="star",
                dialog=True,
            ),
            PageAction(
                _("Export"),
                f"{reverse('queries:export', args=[Page.TABLES])}?{query}",
                icon="download",
                permission=EXPORT,
                dialog=True,
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        found |= {
            "form": cross.TableForm(self.request.GET),
            "kept": kept(self.request, Page.TABLES),
            "from_day": self.request.GET.get("reported_from")
            or first_day(cross.USUAL_DAYS),
            "to_day": self.request.GET.get("reported_to", ""),
            "query": self.request.GET.urlencode(),
            "lines": None,
            "problem": "",
            "too_long": False,
        }
        try:
            asked = cross.read(self.request.GET.urlencode(), user_of(self.request))
            return found | shown(asked, cross.quick_answer(asked))
        except DomainError as error:
            late = isinstance(error, cross.TooLong)
            return found | {"problem": error.message, "too_long": late}


def shown(asked: cross.Asked, table: tables.Table) -> dict[str, Any]:
    """A table as its page shows it: coloured, each cell leading to its cases."""
    rows, heads = table.rows[: tables.MOST], table.columns[: tables.MOST]
    names = [table.column_name(head) for head in heads]
    series = {
        name: [table.values.get((row, head)) for row in rows]
        for name, head in zip(names, heads, strict=True)
    }
    labels = [table.row_name(row) for row in rows]
    return {
        "heads": names,
        "lines": [_line(asked, table, row, heads) for row in rows],
        "cut": len(table.rows) > len(rows) or len(table.columns) > len(heads),
        "unit": asked.measure.unit,
        "asked": asked,
        "totals": bool(table.row_totals),
        "option": charts.bar(labels, series, stack=asked.measure.additive),
    }


def _line(
    asked: cross.Asked, table: tables.Table, row: Any, heads: list[Any]
) -> dict[str, Any]:
    side = asked.rows.search(row) if row is not None else None
    highest = table.highest or 1
    cells = []
    for head in heads:
        value = table.values.get((row, head))
        heat = round(value / highest * 60) if value else 0
        cells.append(
            {"value": value, "heat": heat, "url": _cases(asked, side, head, value)}
        )
    return {
        "name": table.row_name(row),
        "cells": cells,
        "total": table.row_totals.get(row),
    }


def _cases(
    asked: cross.Asked, side: dict[str, object] | None, head: Any, value: Any
) -> str:
    """The search that shows the cases of a cell; none where a side is empty."""
    if side is None or head is None or not value:
        return ""
    given: dict[str, object] = {
        name: asked.search.data.getlist(name)
        for name in asked.search.data
        if name in asked.search.filters and asked.search.data.get(name)
    }
    return address("cases", {**given, **asked.columns.search(head), **side})


# Kept queries and files ---------------------------------------------------------
class KeepForm(forms.Form):
    """The name of a query."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=gettext_lazy("Share within my organisation"), required=False
    )


class WithPage(FormPage):
    """A form about the query in the address."""

    def prepare(self) -> None:
        if self.kwargs["kind"] not in Page.values:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        return {}

    @property
    def query(self) -> str:
        """The conditions without the place in the list."""
        query = QueryDict(self.request.GET.urlencode(), mutable=True)
        for name in ("page", "before", "export"):
            query.pop(name, None)
        return query.urlencode()


class KeepPage(WithPage):
    """Keep a query under a name."""

    permission_required = VIEW
    title = gettext_lazy("Keep this query")
    form_class = KeepForm
    success_message = gettext_lazy("The query is kept.")

    def perform(self, form: Any) -> SavedQuery:
        return services.keep(
            page=self.kwargs["kind"],
            query=self.query,
            by=user_of(self.request),
            **form.cleaned_data,
        )


class FileForm(forms.Form):
    """Which kind of file."""

    form = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=(("xlsx", "Excel (.xlsx)"), ("csv", "CSV (.csv)")),
    )


class ExportPage(WithPage):
    """Start an export of any size."""

    permission_required = EXPORT
    title = gettext_lazy("Export in the background")
    form_class = FileForm
    submit_label = gettext_lazy("Start")
    lead = gettext_lazy(
        "The file is written with what you may see when the job runs; "
        "you are told when it is ready."
    )

    def perform(self, form: Any) -> Any:
        return services.export(
            page=self.kwargs["kind"],
            query=self.query,
            form=form.cleaned_data["form"],
            by=user_of(self.request),
        )


class KeptList(ListPage):
    """The queries that one keeps or that are shared with one."""

    model = SavedQuery
    permission_required = VIEW
    title = gettext_lazy("Kept queries")
    search_fields = ("name",)
    ordering = ("name", "pk")
    empty_text = gettext_lazy(
        "Searches and tables can be kept under a name and shared with colleagues."
    )
    columns = (
        Column("name", gettext_lazy("Name"), sort=True, link=True),
        Column("page", gettext_lazy("Kind"), sort=True),
        Column("owner", gettext_lazy("Kept by")),
        Column("is_shared", gettext_lazy("Shared")),
        Column("created_at", gettext_lazy("Created"), sort=True),
        Column(
            "drop",
            "",
            render=lambda row: gettext_lazy("Delete"),
            link=lambda row: reverse("queries:drop", args=[row.pk]),
            export=lambda row: "",
        ),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("owner")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [GROUP, Crumb(self.title)]


class DropPage(ActionPage):
    """Drop a query of one's own."""

    model = SavedQuery
    lookup = "pk"
    permission_required = VIEW
    title = gettext_lazy("Delete the kept query")
    success_url = "queries:kept"
    submit_label = gettext_lazy("Delete")

    def perform(self, form: Any) -> None:
        services.drop(self.object, by=user_of(self.request))
