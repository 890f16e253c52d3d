"""Problem records, batches, and the way of one message."""

from uuid import UUID

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery import selectors, tracing
from exchange.delivery.enums import BatchState, ProblemState
from exchange.delivery.filters import BatchFilter, ProblemFilter, RejectedFilter
from exchange.delivery.forms import TraceForm
from exchange.delivery.models import Batch, ProblemRecord, RejectedRecord
from exchange.delivery.services import resending
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    DetailPage,
    ListPage,
    PlainPage,
)

from .peers import crumbs


def trace_url(row):
    return f"{reverse('delivery:trace')}?uid={row.uid}"


def problem_state(row):
    is_open = row.state == ProblemState.OPEN
    return status(row.get_state_display(), "red" if is_open else "green")


def resend(row, user):
    return resending.resend_problem(problem=row, by=user)


class ProblemList(ListPage):
    """Records that another platform refused."""

    model = ProblemRecord
    scoped = False
    permission_required = "delivery.view_peer"
    export_permission = "delivery.view_peer"
    title = gettext_lazy("Problem records")
    empty_text = gettext_lazy("Records that another platform refused appear here.")
    filterset_class = ProblemFilter
    search_fields = ("interface", "uid", "message")
    live = 10
    columns = (
        Column("peer.code", gettext_lazy("Platform")),
        Column("interface", gettext_lazy("Interface"), sort=True),
        Column("uid", gettext_lazy("Record"), link=trace_url),
        Column("revision", gettext_lazy("Revision"), number=True),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("field", gettext_lazy("Field")),
        Column("message", gettext_lazy("Reason")),
        Column("state", gettext_lazy("State"), sort=True, render=problem_state),
        Column("created_at", gettext_lazy("Since"), sort=True),
    )
    bulk_actions = (
        BulkAction(
            "resend",
            gettext_lazy("Send again"),
            run=resend,
            permission="delivery.resend_problem",
        ),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")


def rejected_state(row):
    if row.resolved_at:
        return status(_("Resolved"), "green")
    return status(_("Unsolved"), "red")


class RejectedList(ListPage):
    """Records of other platforms that were refused here."""

    model = RejectedRecord
    scoped = False
    permission_required = "delivery.view_peer"
    export_permission = "delivery.view_peer"
    title = gettext_lazy("Refused here")
    empty_text = gettext_lazy("Records of others that were refused here appear here.")
    filterset_class = RejectedFilter
    search_fields = ("interface", "uid", "message")
    columns = (
        Column("peer.code", gettext_lazy("Platform")),
        Column("origin", gettext_lazy("Origin"), sort=True),
        Column("interface", gettext_lazy("Interface"), sort=True),
        Column("uid", gettext_lazy("Record"), link=trace_url),
        Column("revision", gettext_lazy("Revision"), number=True),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("field", gettext_lazy("Field")),
        Column("message", gettext_lazy("Reason")),
        Column("resolved_at", gettext_lazy("State"), render=rejected_state),
        Column("received_at", gettext_lazy("Received"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer").defer("record")


BATCH_LEVELS = {
    BatchState.OPEN: "blue",
    BatchState.CARRIED: "blue",
    BatchState.DONE: "green",
    BatchState.DISSOLVED: "orange",
}


UNDER_WAY = (BatchState.OPEN, BatchState.CARRIED)


def batch_state(row):
    return status(row.get_state_display(), BATCH_LEVELS[BatchState(row.state)])


def batch_url(row):
    return reverse("delivery:batch", args=[row.uid])


class BatchList(ListPage):
    """Deliveries that were made."""

    model = Batch
    scoped = False
    permission_required = "delivery.view_peer"
    title = gettext_lazy("Batches")
    empty_text = gettext_lazy("Deliveries to other platforms appear here.")
    filterset_class = BatchFilter
    search_fields = ("uid",)
    live = 10
    columns = (
        Column("uid", gettext_lazy("Batch"), link=batch_url),
        Column("peer.code", gettext_lazy("Platform")),
        Column("records", gettext_lazy("Records"), sort=True, number=True),
        Column("attempts", gettext_lazy("Attempts"), sort=True, number=True),
        Column("state", gettext_lazy("State"), render=batch_state),
        Column("created_at", gettext_lazy("Made"), sort=True),
        Column("finished_at", gettext_lazy("Answered"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer").defer("answer")


class BatchPage(DetailPage):
    """One delivery with its groups and the answer to each."""

    model = Batch
    scoped = False
    lookup = "uid"
    permission_required = "delivery.view_peer"
    template_name = "delivery/batch.html"

    def get_breadcrumbs(self):
        return crumbs(_("Batches"), str(self.object.uid))

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    def get_summary(self):
        batch = self.object
        return [
            (_("Platform"), batch.peer),
            (_("State"), batch_state(batch)),
            (_("Records"), batch.records),
            (_("Attempts"), batch.attempts),
            (_("Made"), batch.created_at),
            (_("Answered"), batch.finished_at),
        ]

    def get_actions(self):
        if not self.request.user.has_perm("delivery.resend_problem"):
            return []
        return [
            {
                "name": _("Send again"),
                "allowed": self.object.state not in UNDER_WAY,
                "why": _("The batch is still under way."),
                "url": reverse("delivery:batch-resend", args=[self.object.uid]),
            }
        ]

    def get_context_data(self, **kwargs):
        parcels = self.object.parcels.select_related("group").order_by("pk")
        return super().get_context_data(
            parcels=parcels.defer("group__records"), **kwargs
        )


class BatchResend(ActionPage):
    """Send the groups of a batch again."""

    model = Batch
    scoped = False
    lookup = "uid"
    permission_required = "delivery.resend_problem"
    title = gettext_lazy("Send again")
    lead = gettext_lazy("What the platform has already is answered as unchanged.")

    def get_success_url(self, result):
        return batch_url(self.object)

    def perform(self, form):
        count = resending.resend_batch(batch=self.object, by=self.request.user)
        text = _("%(count)s groups are sent again.") % {"count": count}
        messages.success(self.request, text)


class TracePage(PlainPage):
    """Where a record is: from the change to the receipt over there."""

    permission_required = "delivery.view_peer"
    title = gettext_lazy("Trace a record")
    template_name = "delivery/trace.html"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_context_data(self, **kwargs):
        form = TraceForm(self.request.GET or None)
        uid: UUID | None = form.cleaned_data["uid"] if form.is_valid() else None
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "uid": uid,
            "steps": tracing.steps(uid) if uid else [],
            "entries": selectors.announced(uid) if uid else [],
        }
