"""Monthly reports: list, page, files, writing one again."""

from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations import documents
from exchange.operations.forms import MonthForm
from exchange.operations.models import MonthlyReport
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


def month(row):
    return f"{row.month:%Y-%m}"


class ReportList(ListPage):
    """The months that were reported."""

    model = MonthlyReport
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Monthly reports")
    empty_text = gettext_lazy("Last month's report is written on the first.")
    ordering = ("-month",)
    columns = (
        Column("month", gettext_lazy("Month"), sort=True, link=True, render=month),
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
    """One month: figures by platform and interface, outages, alarms, certificates."""

    model = MonthlyReport
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
        days = self.object.data["days"]
        series = {
            str(_("Records sent")): [day["out"] for day in days],
            str(_("Records received")): [day["come"] for day in days],
        }
        tables = [
            (title, heads, [map(show, documents.cells(heads, row)) for row in rows])
            for title, heads, rows in documents.sections(self.object)
        ]
        return super().get_context_data(
            sentences=documents.sentences(self.object),
            volume=charts.bar([day["label"] for day in days], series, stack=True),
            tables=tables,
            **kwargs,
        )


class ReportWrite(FormPage):
    """Write the report of a month, the present one included."""

    form_class = MonthForm
    permission_required = WRITE
    title = gettext_lazy("Write a report")
    lead = gettext_lazy("A report of the same month is replaced.")
    success_message = gettext_lazy("The report is written.")
    success_url = "operations:report-list"

    def get_breadcrumbs(self):
        return crumbs(ReportList.title, self.title)

    def get_initial(self):
        return {"year": today().year, "month": today().month} | super().get_initial()

    def perform(self, form):
        given = form.cleaned_data
        first = date(given["year"], given["month"], 1)
        return service.write(month=first, by=self.request.user)


@page(permission=VIEW)
def download(request, pk, form):
    """The report as a file."""
    report = MonthlyReport.objects.filter(pk=pk).first()
    if report is None or form not in documents.FORMS:
        raise Http404(form)
    write, kind = documents.FORMS[form]
    audit.record(
        "exchange.report_downloaded", report, by=request.user, data={"form": form}
    )
    answer = HttpResponse(write(report), content_type=kind)
    answer["Content-Disposition"] = disposition(f"{report}.{form}")
    return answer
