"""Bringing rows of a table as a file."""

from io import BytesIO

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from openpyxl import Workbook

from exchange.connectors.forms import UploadForm
from exchange.connectors.services import uploads
from exchange.interfaces.models import Table
from platform_core.common.access import page
from platform_core.ui.exports import XLSX, disposition
from platform_core.ui.views import FormPage

from .parts import crumbs, person

UPLOAD = "connectors.upload_rows"


class Upload(FormPage):
    """A file for a table; the job's page shows what became of each row."""

    form_class = UploadForm
    permission_required = UPLOAD
    template_name = "connectors/upload.html"
    title = gettext_lazy("Bring a file")
    lead = gettext_lazy(
        "CSV, Excel or GeoJSON with the names of the fields in the first line. Each "
        "row is checked like everything that comes from a source."
    )
    submit_label = gettext_lazy("Read the file")

    def get_breadcrumbs(self):
        return crumbs(self.title, "connectors:upload")

    def get_context_data(self, **kwargs):
        tables = Table.objects.exclude(current=None).order_by("code")
        return super().get_context_data(tables=tables, **kwargs)

    def perform(self, form):
        return uploads.start(by=person(self.request), **form.cleaned_data)


@require_GET
@page(permission=UPLOAD)
def template(request, code):
    """An empty workbook with the headings of a table."""
    table = Table.objects.select_related("current").filter(code=code).first()
    if table is None:
        raise Http404(code)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(uploads.template(table))
    stream = BytesIO()
    book.save(stream)
    answer = HttpResponse(stream.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = disposition(f"{table.code}.xlsx")
    return answer
