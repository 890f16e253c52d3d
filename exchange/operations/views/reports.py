"""Reports of months and days: list, page, files, writing one again."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations import documents
from exchange.operations.enums import ReportSpan
from exchange.operations.filters import ReportFilter
from exchange.operations.forms import ReportForm
from exchange.operations.models import ExchangeReport
from exchange.operations.services import reports as service
from platform_core.audit import services as audit
from platform_core.common.access import page
from platform_core.common.clock import today
from platform_core.ui import charts
from platform_core.ui.columns import Column, show
from platform_core.ui.exports import disposition
from platform_core.ui.views import DetailPage, FormPage, ListPage, PageAction

from .board import VIEW

WRITE = "operations.write_report"


def total(name):
    return lambda row: row.data["totals"][name]


def counted(name, label):
    return Column(name, label, render=total(name), export=total(name), number=True)


def period(row):
    return row.period


class ReportList(ListPage):
    """The months and days that were reported."""

    model = ExchangeReport
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Exchange reports")
    empty_text = gettext_lazy(
        "Yesterday's report is written each night, last month's on the first."
    )
    filterset_class = ReportFilter
    ordering = ("-first", "-span")
    columns = (
        Column(
            "first",
            gettext_lazy("Period"),
            sort=True,
            link=True,
            render=period,
            export=period,
        ),
        Column("span", gettext_lazy("Kind"), sort=True),
        counted("out", gettext_lazy("Records sent")),
        counted("come", gettext_lazy("Records received")),
        counted("rejected", gettext_lazy("Refused records")),
        counted("outages", gettext_lazy("Outages")),
        counted("alarms", gettext_lazy("Alarms")),
        Column("written_at", gettext_lazy("Written"), sort=True),
        Column("by", gettext_lazy("Report by")),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("by")

    def get_page_actions(self):
        url = reverse("operations:report-write")
        label = _("Write a report")
        return [PageAction(label, url, "edit", permission=WRITE, dialog=True)]


class ReportPage(DetailPage):
    """Figures by platform and interface, outages, alarms, certificates of one span."""

    model = ExchangeReport
    scoped = False
    permission_required = VIEW
    template_name = "operations/report.html"

    def get_breadcrumbs(self):
        return crumbs(ReportList.title, str(self.object))

    def get_page_actions(self):
        return [
            PageAction(label, self._file(form), "download")
            for form, label in (("docx", "Word"), ("xlsx", "Excel"))
        ]

    def _file(self, form):
        return reverse("operations:report-file", args=[self.object.pk, form])

    def get_context_data(self, **kwargs):
        tables = [
            (title, heads, [map(show, documents.cells(heads, row)) for row in rows])
            for title, heads, rows in documents.sections(self.object)
        ]
        return super().get_context_data(
            sentences=documents.sentences(self.object),
            volume=self.volume(),
            tables=tables,
            **kwargs,
        )

    def volume(self):
        """Records by hour of a day, by day of a month."""
        course = self.object.course
        series = {
            str(_("Records sent")): [one["out"] for one in course],
            str(_("Records received")): [one["come"] for one in course],
        }
        return charts.bar([one["label"] for one in course], series, stack=True)


class ReportWrite(FormPage):
    """Write the report of a month or day, the present one included."""

    form_class = ReportForm
    permission_required = WRITE
    title = gettext_lazy("Write a report")
    lead = gettext_lazy("A report of the same month or day is replaced.")
    success_message = gettext_lazy("The report is written.")
    success_url = "operations:report-list"

    def get_breadcrumbs(self):
        return crumbs(ReportList.title, self.title)

    def get_initial(self):
        given = {"kind": ReportSpan.MONTH, "day": today()}
        return given | super().get_initial()

    def perform(self, form):
        return service.write(**form.cleaned_data, by=self.request.user)


@page(permission=VIEW)
def download(request, pk, form):
    """The report as a file."""
    report = ExchangeReport.objects.filter(pk=pk).first()
    if report is None or form not in documents.FORMS:
        raise Http404(form)
    write, kind = documents.FORMS[form]
    audit.record(
        "exchange.report_downloaded", report, by=request.user, data={"form": form}
    )
    answer = HttpResponse(write(report), content_type=kind)
    answer["Content-Disposition"] = disposition(f"{report}.{form}")
    return answer
