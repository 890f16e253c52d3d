"""What landed: batches and rows, personal data masked."""

import json

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.interfaces import words
from exchange.interfaces.filters import BatchFilter, RowFilter
from exchange.interfaces.models import Batch, Row
from platform_core.ui.columns import Column
from platform_core.ui.views import DetailPage, ListPage, PageAction

from .tables import under

VIEW = "interfaces.view_landed"


class BatchList(ListPage):
    """What arrived, from where and when."""

    model = Batch
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Landed batches")
    empty_text = gettext_lazy("What arrives from sources and platforms appears here.")
    filterset_class = BatchFilter
    search_fields = ("source", "key", "table__code", "table__name")
    columns = (
        Column("table", gettext_lazy("Table"), sort="table__code", link=True),
        Column("source_name", gettext_lazy("Source"), sort="source"),
        Column("kind", gettext_lazy("Kind of source")),
        Column("key", gettext_lazy("Batch number")),
        Column("origin", gettext_lazy("Origin"), sort=True),
        Column("count", gettext_lazy("Rows"), sort=True, number=True),
        Column("arrived_at", gettext_lazy("Arrived"), sort=True),
        Column("finished_at", gettext_lazy("Finished"), sort=True),
        Column("sha256", gettext_lazy("SHA-256 of the file"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("table")


class BatchPage(DetailPage):
    """One batch."""

    model = Batch
    scoped = False
    lookup = "uid"
    permission_required = VIEW

    def get_queryset(self):
        return super().get_queryset().select_related("table", "by")

    def get_breadcrumbs(self):
        return under(str(self.object.table), self.object.key)

    def get_summary(self):
        row = self.object
        return [
            (_("Table"), row.table),
            (_("Version"), row.version),
            (_("Source"), row.source_name),
            (_("Kind of source"), row.get_kind_display()),
            (_("Batch number"), row.key),
            (_("Origin"), row.origin),
            (_("Rows"), row.count),
            (_("Arrived"), row.arrived_at),
            (_("Finished"), row.finished_at),
            (_("SHA-256 of the file"), row.sha256),
            (_("By"), row.by),
        ]

    def get_page_actions(self):
        url = f"{reverse('interfaces:row-list')}?batch={self.object.uid}"
        return [PageAction(_("Landed rows"), url, icon="list")]


class RowList(ListPage):
    """Rows exactly as they came."""

    model = Row
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Landed rows")
    empty_text = gettext_lazy("What arrives from sources and platforms appears here.")
    filterset_class = RowFilter
    search_fields = ("key__startswith",)
    search_hint = gettext_lazy("Beginning of the key")
    columns = (
        Column("key", gettext_lazy("Record"), link=True),
        Column("table", gettext_lazy("Table")),
        Column("revision", gettext_lazy("Revision"), number=True),
        Column("origin", gettext_lazy("Origin")),
        Column("batch.source_name", gettext_lazy("Source")),
        Column("line", pgettext_lazy("row", "Line"), number=True),
        Column("landed_at", gettext_lazy("Landed at")),
        Column("current", gettext_lazy("Newest")),
        Column("state", gettext_lazy("State"), render=words.row_badge),
    )
    export_permission = VIEW

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        rows = super().get_queryset().select_related("table", "batch")
        return rows.defer("content")


class RowPage(DetailPage):
    """One row with its content and its earlier revisions."""

    model = Row
    scoped = False
    permission_required = VIEW
    template_name = "interfaces/row.html"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("table__current", "batch")

    def get_breadcrumbs(self):
        return under(str(self.object.table), str(self.object))

    def get_summary(self):
        row = self.object
        return [
            (_("Table"), row.table),
            (_("Record"), row.key),
            (_("Revision"), row.revision),
            (_("Origin"), row.origin),
            (_("Source"), row.batch.source_name),
            (pgettext_lazy("row", "Line"), row.line),
            (_("Landed at"), row.landed_at),
            (_("Newest"), words.yes(row.current)),
            (_("State"), words.row_badge(row)),
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        personal = {one.code for one in row.table.fields if one.personal}
        shown = words.masked(row.content, personal)
        others = Row.objects.filter(table=row.table, uid=row.uid).exclude(pk=row.pk)
        return super().get_context_data(
            content=json.dumps(shown, ensure_ascii=False, indent=2),
            revisions=others.defer("content").order_by("-pk")[:50],
            **kwargs,
        )
