"""Certificates: list, detail, file, and comparing at once."""

import json

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.reconciliation.datasets import as_data
from exchange.reconciliation.enums import State
from exchange.reconciliation.filters import CertificateFilter
from exchange.reconciliation.forms import CompareForm
from exchange.reconciliation.models import Certificate
from exchange.reconciliation.services import certifying
from exchange.reconciliation.tasks import work_on
from platform_core.audit import services as audit
from platform_core.common.access import page
from platform_core.common.clock import read_moment
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import DetailPage, FormPage, ListPage, PageAction
from platform_core.ui.words import stamp

LEVELS = {
    State.HEALING: "yellow",
    State.EQUAL: "green",
    State.EXPLAINED: "orange",
    State.DIFFERENT: "red",
    State.UNREACHED: "grey",
}


def badge(row):
    return status(row.get_state_display(), LEVELS[State(row.state)])


def local(at):
    """A signed time as people here read it."""
    moment = read_moment(at)
    return stamp(moment, seconds=True) if moment else at


class CertificateList(ListPage):
    """What the platforms had in common, day by day."""

    model = Certificate
    scoped = False
    permission_required = "reconciliation.view_certificate"
    export_permission = "reconciliation.view_certificate"
    title = gettext_lazy("Certificates")
    empty_text = gettext_lazy("Each night the platforms compare their records.")
    filterset_class = CertificateFilter
    search_fields = ("interface", "record_origin", "origin", "holder")
    ordering = ("-day", "-pk")
    columns = (
        Column("day", gettext_lazy("Day compared"), sort=True, link=True),
        Column("interface", gettext_lazy("Interface"), sort=True),
        Column("record_origin", gettext_lazy("Origin"), sort=True),
        Column("source", gettext_lazy("Offered by")),
        Column("holder", gettext_lazy("Held by"), sort=True),
        Column("count", gettext_lazy("Records"), number=True),
        Column("holder_count", gettext_lazy("Records there"), number=True),
        Column("found", gettext_lazy("Differences"), sort=True, number=True),
        Column("healed", gettext_lazy("Healed"), number=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("finished_at", gettext_lazy("Finished"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().defer("source_says", "holder_says", "details")

    def get_page_actions(self):
        return [
            PageAction(
                _("Compare now"),
                reverse("reconciliation:compare"),
                icon="refresh",
                primary=True,
                permission="reconciliation.compare",
                dialog=True,
            )
        ]


class CompareNow(FormPage):
    """Compare with one platform without waiting for the night."""

    form_class = CompareForm
    permission_required = "reconciliation.compare"
    title = gettext_lazy("Compare now")
    submit_label = title
    lead = gettext_lazy("What differs is sent again; the result appears in the list.")
    success_message = gettext_lazy("It has begun.")
    success_url = "reconciliation:certificate-list"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def perform(self, form):
        peer = form.cleaned_data["peer"]
        for certificate_id in certifying.open_for(peer.pk, by=self.request.user):
            work_on.delay(certificate_id)


class CertificatePage(DetailPage):
    """One certificate with what both ends said and what differed."""

    model = Certificate
    scoped = False
    lookup = "uid"
    permission_required = "reconciliation.view_certificate"
    template_name = "reconciliation/certificate.html"

    def get_breadcrumbs(self):
        return crumbs(str(self.object))

    def get_summary(self):
        row = self.object
        return [
            (_("Day compared"), row.day),
            (_("State"), badge(row)),
            (_("Interface"), row.interface),
            (_("Origin"), row.record_origin),
            (_("Offered by"), row.source),
            (_("Held by"), row.holder),
            (_("Differences"), row.found),
            (_("Healed"), row.healed),
            (_("Finished"), row.finished_at),
            (_("Last error"), row.error),
        ]

    def get_page_actions(self):
        url = reverse("reconciliation:certificate-file", args=[self.object.uid])
        return [PageAction(_("Download"), url, icon="download")]

    def get_context_data(self, **kwargs):
        ends = [
            (_("Offered by"), self.object.source_says),
            (_("Held by"), self.object.holder_says),
        ]
        said = [
            (label, statement, local(statement["at"]), one.get("seal"))
            for label, one in ends
            if (statement := one.get("statement"))
        ]
        return super().get_context_data(said=said, **kwargs)


@page(permission="reconciliation.view_certificate")
def download(request, uid):
    """The certificate as a file that anybody can verify."""
    row = Certificate.objects.filter(uid=uid).first()
    if row is None:
        raise Http404(uid)
    audit.record("exchange.certificate_downloaded", row, by=request.user)
    text = json.dumps(as_data(row), ensure_ascii=False, indent=2)
    answer = HttpResponse(text, content_type="application/json")
    name = f"certificate-{row.day}-{row.interface}-{row.record_origin}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
