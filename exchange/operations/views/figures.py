"""Volume, latency and success over time, and the figures of leaders."""

from datetime import timedelta

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.models import Peer
from exchange.delivery.views.peers import crumbs
from exchange.operations.filters import TrafficFilter
from exchange.operations.models import Traffic
from exchange.operations.selectors import errors, figures
from platform_core.common.clock import today
from platform_core.ui import charts, exports
from platform_core.ui.columns import Column
from platform_core.ui.views import ListPage, PlainPage, SheetPage

from .board import VIEW, volume_chart


def interface(row):
    return row.interface or _("All together")


class FigureList(ListPage):
    """Hour by hour; the charts above show the same rows summed up."""

    model = Traffic
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    template_name = "operations/figures.html"
    title = gettext_lazy("Volume and latency")
    empty_text = gettext_lazy("Calls are counted here as they happen.")
    filterset_class = TrafficFilter
    ordering = ("-hour", "peer__code", "interface", "direction")
    columns = (
        Column("hour", gettext_lazy("Hour"), sort=True),
        Column("peer.code", gettext_lazy("Platform"), sort=True),
        Column(
            "interface",
            gettext_lazy("Interface"),
            sort=True,
            render=interface,
            export=interface,
        ),
        Column("direction", gettext_lazy("Direction of transfer")),
        Column("calls", gettext_lazy("Calls made"), sort=True, number=True),
        Column("success_rate", gettext_lazy("Successful (%)"), number=True),
        Column("records", gettext_lazy("Records"), sort=True, number=True),
        Column("rejected", gettext_lazy("Refused records"), sort=True, number=True),
        Column("size", gettext_lazy("Bytes"), sort=True, number=True),
        Column("p50", gettext_lazy("p50 (ms)"), number=True),
        Column("p95", gettext_lazy("p95 (ms)"), number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    def get_context_data(self, **kwargs):
        course = figures.over_time(self.rows())
        return super().get_context_data(**course_charts(course), **kwargs)


def course_charts(course):
    """Volume, latency and success as charts."""
    labels = [one.label for one in course]
    latency = {
        "p50": [one.p50 for one in course],
        "p95": [one.p95 for one in course],
    }
    success = {str(_("Successful (%)")): [one.success_rate for one in course]}
    return {
        "volume": volume_chart(course),
        "latency": charts.line(labels, latency),
        "success": charts.line(labels, success),
    }


class SpanForm(forms.Form):
    """Which days, and with whom."""

    peer = forms.ModelChoiceField(
        label=gettext_lazy("Platform"),
        queryset=Peer.objects.all(),
        to_field_name="code",
        required=False,
    )
    start = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput
    )
    end = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput
    )

    def clean(self):
        given = super().clean() or {}
        start, end = given.get("start"), given.get("end")
        if start and end and end < start:
            self.add_error("end", _("The end lies before the start."))
        elif start and end and (end - start).days > 366:
            self.add_error("end", _("At most a year at once."))
        return given

    def span(self, days):
        """Beginning and end of what is asked, of the last days at first; the peer."""
        given = self.cleaned_data
        end = given["end"] or today()
        start = given["start"] or end - timedelta(days=days - 1)
        peer = given["peer"].code if given["peer"] else ""
        return (*figures.days(start, end), peer)


class PeriodForm(SpanForm):
    """The same, and by what it is summed up."""

    field_order = ("by",)
    by = forms.ChoiceField(
        label=gettext_lazy("Summed up by"),
        choices=(
            ("peer", gettext_lazy("Platform")),
            ("subset", gettext_lazy("Subset")),
            ("interface", gettext_lazy("Interface")),
            ("day", gettext_lazy("Day")),
        ),
        required=False,
    )


WAYS = {
    "peer": figures.by_peer,
    "subset": figures.by_subset,
    "interface": figures.by_interface,
    "day": figures.by_day,
}
COLUMNS = (
    Column("label", gettext_lazy("Summed up by")),
    Column("calls", gettext_lazy("Calls made"), number=True),
    Column("success_rate", gettext_lazy("Successful (%)"), number=True),
    Column("out", gettext_lazy("Records sent"), number=True),
    Column("come", gettext_lazy("Records received"), number=True),
    Column("rejected", gettext_lazy("Refused records"), number=True),
    Column("size", gettext_lazy("Bytes"), number=True),
    Column("p95", gettext_lazy("p95 (ms)"), number=True),
    Column("timeliness", gettext_lazy("In time (%)"), number=True),
    Column("validity", gettext_lazy("Valid (%)"), number=True),
    Column("completeness", gettext_lazy("Complete (%)"), number=True),
    Column("consistency", gettext_lazy("Equal at both ends (%)"), number=True),
    Column("score", gettext_lazy("Quality score"), number=True),
)


class ErrorsPage(SheetPage):
    """What was refused or failed, by platform, interface and code."""

    permission_required = VIEW
    title = gettext_lazy("Errors by code")
    template_name = "operations/errors.html"
    empty_text = gettext_lazy("Nothing was refused and no call failed in this time.")
    columns = (
        Column("where", gettext_lazy("Kind")),
        Column("platform", gettext_lazy("Platform")),
        Column("interface", gettext_lazy("Interface")),
        Column("code", gettext_lazy("Code")),
        Column("field", gettext_lazy("Field")),
        Column("count", gettext_lazy("Count"), number=True),
        Column("last", gettext_lazy("Last time")),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def rows(self):
        form = SpanForm(self.request.GET)
        return errors.by_code(*form.span(7)) if form.is_valid() else []

    def beside(self, rows):
        return {"form": SpanForm(self.request.GET)}


class StatisticsPage(PlainPage):
    """Volume, timeliness and quality by platform, subset, interface or day."""

    permission_required = VIEW
    title = gettext_lazy("Exchange statistics")
    template_name = "operations/statistics.html"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get(self, request, *args, **kwargs):
        wanted = request.GET.get("export")
        if not wanted:
            return super().get(request, *args, **kwargs)
        if wanted not in exports.FORMATS:
            raise Http404(wanted)
        form = PeriodForm(request.GET)
        name = f"{self.title}-{today()}"
        return exports.FORMATS[wanted](COLUMNS, self.sums(form), name)

    def sums(self, form):
        """Rows for what the form asks, of the last thirty days at first."""
        if not form.is_valid():
            return []
        return WAYS[form.cleaned_data["by"] or "peer"](*form.span(30))

    def get_context_data(self, **kwargs):
        form = PeriodForm(self.request.GET)
        rows = self.sums(form)
        ranked = sorted(rows, key=lambda row: -(row.score or 0))[:20]
        scores = {str(_("Quality score")): [row.score for row in ranked]}
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "heads": [(column.label, column.classes) for column in COLUMNS],
            "rows": [
                [(column.classes, column.cell(row)) for column in COLUMNS]
                for row in rows
            ],
            "ranking": charts.bar([r.label for r in ranked], scores, flat=True),
        }
