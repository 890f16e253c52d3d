"""Looking before taking: samples of a source, dry runs of a flow."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.connectors import probing
from exchange.connectors.enums import SourceKind
from exchange.connectors.models import Flow, Source
from platform_core.common.errors import DomainError
from platform_core.ui.views import DetailPage

from .flows import MANAGE, FlowList
from .parts import crumbs
from .sources import SourceList

PICKS = {SourceKind.DATABASE: "table", SourceKind.FILES: "pattern"}


class SamplePage(DetailPage):
    """The first rows of a table or file of a source."""

    model = Source
    scoped = False
    lookup = "uid"
    permission_required = "connectors.test_source"
    title = gettext_lazy("Sample")
    template_name = "connectors/sample.html"

    def get_breadcrumbs(self):
        return crumbs(
            SourceList.title, "connectors:source-list", self.object, self.title
        )

    def get_context_data(self, **kwargs):
        name = self.request.GET.get("name", "")
        found, problem = probing.Sample(), ""
        try:
            pick = {PICKS.get(SourceKind(self.object.kind), "path"): name}
            found = probing.sample(self.object, pick)
        except DomainError as error:
            problem = str(error.message)
        rows = [
            (item, [item.row.get(column) for column in found.columns])
            for item in found.items
        ]
        return super().get_context_data(
            name=name, columns=found.columns, rows=rows, problem=problem, **kwargs
        )


class TrialPage(DetailPage):
    """Twenty rows through the mapping, with their errors beside."""

    model = Flow
    scoped = False
    lookup = "uid"
    permission_required = MANAGE
    title = gettext_lazy("Dry run")
    template_name = "connectors/trial.html"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("source", "table__current", "current")

    def get_breadcrumbs(self):
        return crumbs(FlowList.title, "connectors:flow-list", self.object, self.title)

    def get_context_data(self, **kwargs):
        flow, problem = self.object, ""
        tried: list[probing.Trial] = []
        try:
            try_out = probing.trial_outward if flow.outgoing else probing.trial
            _columns, tried = try_out(flow.source, flow.definition, flow.table)
        except DomainError as error:
            problem = str(error.message)
        wrong = sum(bool(one.faults) for one in tried)
        text = _("%(count)d rows, %(wrong)d of them wrong. Nothing was taken.")
        if flow.outgoing:
            text = _("%(count)d records, %(wrong)d of them wrong. Nothing was sent.")
        fields = shown_fields(flow)
        return super().get_context_data(
            fields=fields,
            rows=[(one, cells(one, fields)) for one in tried],
            problem=problem,
            verdict=text % {"count": len(tried), "wrong": wrong},
            **kwargs,
        )


def shown_fields(flow):
    """The fields of the table, or the columns that would be written."""
    if not flow.outgoing:
        return flow.table.fields
    return [
        {"code": one["to"], "name": one["to"], "need": ""}
        for one in flow.definition.get("fields", [])
    ]


def cells(one, fields):
    """Value and fault of each field."""
    faults = {fault.field: fault.reason for fault in one.faults}
    codes = [f["code"] if isinstance(f, dict) else f.code for f in fields]
    return [(one.record.get(code), faults.get(code, "")) for code in codes]
