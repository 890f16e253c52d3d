"""The way of a record or batch over the platforms."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations.services import tracing
from platform_core.common.clock import today
from platform_core.ui import exports
from platform_core.ui.columns import Column
from platform_core.ui.views import PageAction, PlainPage
from platform_core.ui.words import duration

from .board import VIEW


class TraceForm(forms.Form):
    """What to follow, and how far."""

    uid = forms.UUIDField(label=gettext_lazy("Record or batch"))
    ask = forms.BooleanField(
        label=gettext_lazy("Ask the other platforms"), required=False
    )


COLUMNS = (
    Column("at", gettext_lazy("Time")),
    Column("node", gettext_lazy("Platform")),
    Column("title", gettext_lazy("Station")),
    Column("peer", gettext_lazy("Other end")),
    Column("note", gettext_lazy("Note")),
)


class TracePage(PlainPage):
    """From the change to the last receipt, hop by hop, with the time between."""

    permission_required = VIEW
    title = gettext_lazy("Trace over platforms")
    template_name = "operations/trace.html"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_page_actions(self):
        url = reverse("operations:resend")
        text = _("Send again")
        permission = "delivery.resend_problem"
        return [PageAction(text, url, "return", permission=permission)]

    def get(self, request, *args, **kwargs):
        write = exports.FORMATS.get(request.GET.get("export", ""))
        form = TraceForm(request.GET)
        if write is None or not form.is_valid():
            return super().get(request, *args, **kwargs)
        found = tracing.follow(**form.cleaned_data)
        name = f"trace-{form.cleaned_data['uid']}-{today()}"
        return write(COLUMNS, found.sorted(), name)

    def get_context_data(self, **kwargs):
        form = TraceForm(self.request.GET or None)
        found = tracing.follow(**form.cleaned_data) if form.is_valid() else None
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "rows": timed(found.sorted()) if found else [],
            "silent": found.silent if found else [],
            "asked": found is not None,
        }


def timed(events):
    """Each event with the time since the one before."""
    before = None
    rows = []
    for event in events:
        seconds = (event.at - before).total_seconds() if before else 0
        rows.append((event, duration(seconds) if seconds >= 1 else ""))
        before = event.at
    return rows
