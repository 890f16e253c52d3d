"""The list page: filters, search, order, columns, pages, export, bulk actions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from platform_core.common.clock import today
from platform_core.common.errors import DomainError
from platform_core.ui import exports, live
from platform_core.ui.columns import Column
from platform_core.ui.models import SavedView
from platform_core.ui.permissions import permits

from .base import PageMixin, ScopedMixin

Label = str | Promise
COUNT_LIMIT = 10_000
OWN_PARAMETERS = ("q", "sort", "page", "size", "columns", "export")


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to many rows after a preview: `run(row, user)` for each."""

    name: str
    label: Label
    run: Callable[[Any, Any], object]
    permission: str | None = None
    confirm: Label = ""


class CappedPaginator(Paginator):
    """Counts no further than anybody reads, so cost does not grow with the data."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: COUNT_LIMIT + 1].count()
        return len(rows)

    @property
    def capped(self) -> bool:
        return self.count > COUNT_LIMIT


class ListPage(PageMixin, ScopedMixin):
    """A list of rows the user may see.

    Declare `model`, `permission_required`, `columns`; optionally
    `filterset_class`, `search_fields`, `ordering`, `bulk_actions`, `live`
    (seconds between refreshes), `export_permission`.
    """

    columns: Sequence[Column] = ()
    filterset_class: Any = None
    search_fields: Sequence[str] = ()
    search_hint: Label = ""
    ordering: Sequence[str] = ("-pk",)
    page_size = 25
    page_sizes = (25, 50, 100)
    template_name = "ui/list.html"
    partial_name = "ui/partials/_list.html"
    empty_text: Label = ""
    bulk_actions: Sequence[BulkAction] = ()
    export_permission: str | None = None
    export_limit = 10_000
    live: int = 0

    # What the address asks for ------------------------------------------------
    def get_columns(self) -> list[Column]:
        """All columns; override to hide one from a user without the right."""
        return list(self.columns)

    @cached_property
    def shown_columns(self) -> list[Column]:
        wanted = [name for name in self.request.GET.get("columns", "").split(",")]
        every = self.get_columns()
        chosen = [column for column in every if column.name in wanted]
        return chosen or [column for column in every if column.default]

    @cached_property
    def filterset(self) -> Any:
        if self.filterset_class is None:
            return None
        return self.filterset_class(
            self.request.GET, queryset=self.get_queryset(), request=self.request
        )

    @cached_property
    def sort(self) -> str:
        return self.request.GET.get("sort", "")

    def rows(self) -> QuerySet[Any]:
        """Scoped, filtered, searched and ordered rows."""
        rows = self.get_queryset() if self.filterset is None else self.filterset.qs
        text = self.request.GET.get("q", "").strip()
        if text and self.search_fields:
            found = Q()
            for name in self.search_fields:
                found |= Q(
                    **{name if _has_lookup(name) else f"{name}__icontains": text}
                )
            rows = rows.filter(found)
        return self.ordered(rows)

    def ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        name = self.sort.removeprefix("-")
        fields = {c.name: c.order_field for c in self.get_columns() if c.order_field}
        if name not in fields:
            return rows.order_by(*self.ordering)
        sign = "-" if self.sort.startswith("-") else ""
        return rows.order_by(f"{sign}{fields[name]}", f"{sign}pk")

    def get_page(self) -> Page:
        asked = self.request.GET.get("size", "")
        sizes = {str(size): size for size in self.page_sizes}
        paginator = CappedPaginator(self.rows(), sizes.get(asked, self.page_size))
        return paginator.get_page(self.request.GET.get("page", 1))

    # Answers --------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = request.GET.get("export")
        if form:
            return self.export(form)
        partial = bool(request.headers.get("X-Poll")) or (
            bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
        )
        name = self.partial_name if partial else self.template_name
        response = render(request, name, self.get_context_data())
        return live.answer(request, response) if partial else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.get_page()
        return {
            **self.page_context(),
            "page_obj": page,
            "table": self.table(page),
            "columns": self.shown_columns,
            "all_columns": self.get_columns(),
            "heads": [self.head(column) for column in self.shown_columns],
            "filter": self.filterset,
            "filters_active": self.filters_active(),
            "query": self.request.GET.get("q", ""),
            "sort": self.sort,
            "searchable": bool(self.search_fields),
            "search_hint": self.search_hint,
            "page_sizes": self.page_sizes,
            "export_allowed": self.may_export(),
            "bulk_actions": self.get_bulk_actions(),
            "saved_views": self.saved_views(),
            "empty_text": self.empty_text,
            "live": self.live,
            **kwargs,
        }

    def table(self, page: Page) -> list[dict[str, Any]]:
        return [
            {
                "pk": row.pk,
                "object": row,
                "css": self.row_class(row),
                "cells": [
                    (column.classes, column.cell(row)) for column in self.shown_columns
                ],
            }
            for row in page.object_list
        ]

    def row_class(self, row: Any) -> str:
        """A CSS class of a row, such as "row-overdue"."""
        return ""

    def head(self, column: Column) -> dict[str, Any]:
        """A column's head and the address that sorts by it."""
        current = self.sort.removeprefix("-") == column.name
        descending = current and self.sort.startswith("-")
        query = self.request.GET.copy()
        query.pop("page", None)
        query["sort"] = column.name if not current or descending else f"-{column.name}"
        state = ("descending" if descending else "ascending") if current else ""
        url = f"?{query.urlencode()}" if column.order_field else ""
        return {"column": column, "url": url, "state": state}

    def filters_active(self) -> int:
        """How many filters are set."""
        if self.filterset is None or not self.filterset.form.is_valid():
            return 0
        given = {name for name, value in self.request.GET.items() if value}
        return sum(
            1
            for name, value in self.filterset.form.cleaned_data.items()
            if value not in (None, "") and any(key.startswith(name) for key in given)
        )

    def saved_views(self) -> list[SavedView]:
        if not self.request.user.is_authenticated:
            return []
        own = SavedView.objects.filter(user=self.request.user, page=self.request.path)
        return list(own)

    # Export -----------------------------------------------------------------------
    def may_export(self) -> bool:
        return permits(
            self.request.user, self.export_permission or self.permission_required
        )

    def export(self, form: str) -> HttpResponseBase:
        """The same rows as a file; too many are refused, never cut off."""
        write = exports.FORMATS.get(form)
        if write is None:
            raise Http404(form)
        if not self.may_export():
            raise PermissionDenied(self.export_permission)
        rows = self.rows()
        if rows[: self.export_limit + 1].count() > self.export_limit:
            raise DomainError(
                _(
                    "The list has more than %(limit)s rows. Narrow the filters, "
                    "then export again."
                )
                % {"limit": self.export_limit},
                code="export_limit",
            )
        self.on_export(form)
        name = f"{slugify(str(self.get_title()), allow_unicode=True)}-{today()}"
        stream = rows.iterator(chunk_size=1000)
        return write(self.shown_columns, stream, name)

    def on_export(self, form: str) -> None:
        """Called before a file is written; record it here where rules ask so."""

    # Bulk actions -------------------------------------------------------------------
    def get_bulk_actions(self) -> list[BulkAction]:
        user = self.request.user
        return [
            action
            for action in self.bulk_actions
            if permits(user, action.permission or self.permission_required)
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """First a preview of what would be done, then the doing."""
        actions = {action.name: action for action in self.get_bulk_actions()}
        action = actions.get(request.POST.get("bulk", ""))
        if action is None:
            raise PermissionDenied("bulk")
        keys = request.POST.getlist("selected")
        rows = list(self.rows().filter(pk__in=keys)) if keys else []
        if not rows:
            messages.warning(request, _("Select at least one row first."))
            return HttpResponseRedirect(request.get_full_path())
        if "confirmed" not in request.POST:
            context = {
                **self.page_context(),
                "action": action,
                "rows": rows,
                "columns": self.shown_columns,
                "table": self.table(Paginator(rows, len(rows)).page(1)),
            }
            return render(request, "ui/bulk.html", context)
        report = self.run_bulk(action, rows)
        return render(request, "ui/bulk_report.html", {**self.page_context(), **report})

    def run_bulk(self, action: BulkAction, rows: list[Any]) -> dict[str, Any]:
        """Do it to each row; a refused one does not stop the others."""
        done, failed = [], []
        for row in rows:
            try:
                action.run(row, self.request.user)
            except DomainError as error:
                failed.append((row, error.message))
            else:
                done.append(row)
        return {"action": action, "done": done, "failed": failed}


def _has_lookup(name: str) -> bool:
    known = {"exact", "iexact", "startswith", "istartswith", "icontains", "contains"}
    return name.rsplit("__", 1)[-1] in known
