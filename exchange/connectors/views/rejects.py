"""Rejected rows: list, fixing, giving up."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.connectors import records
from exchange.connectors.enums import RejectState
from exchange.connectors.filters import RejectFilter
from exchange.connectors.forms import ReasonForm, RowForm
from exchange.connectors.models import Reject
from exchange.connectors.services import rejects as service
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, BulkAction, DetailPage, ListPage

from .parts import VIEW, action, badge, crumbs, person

FIX = "connectors.fix_reject"


class RejectList(ListPage):
    """Rows that were not taken."""

    model = Reject
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Rejected rows")
    empty_text = gettext_lazy("Every row was taken.")
    filterset_class = RejectFilter
    search_fields = ("reason", "field", "place", "flow__name")
    columns = (
        Column("flow.name", gettext_lazy("Flow"), sort=True, link=True),
        Column("place", gettext_lazy("File"), sort=True),
        Column("line", gettext_lazy("Line"), sort=True, number=True),
        Column("field", gettext_lazy("Field"), sort=True),
        Column("reason", gettext_lazy("Reason")),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("created_at", gettext_lazy("Since"), sort=True),
        Column("raw", gettext_lazy("Row"), default=False),
    )
    bulk_actions = (
        BulkAction(
            "resend",
            gettext_lazy("Send again"),
            lambda row, user: service.resend(reject=row, by=user),
            FIX,
        ),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title, "connectors:reject-list")

    def get_queryset(self):
        return super().get_queryset().select_related("flow", "run")


class RejectPage(DetailPage):
    """One rejected row as it came."""

    model = Reject
    scoped = False
    lookup = "pk"
    permission_required = VIEW

    def get_queryset(self):
        return super().get_queryset().select_related("flow", "run", "settled_by")

    def get_breadcrumbs(self):
        return crumbs(RejectList.title, "connectors:reject-list", self.object)

    def get_summary(self):
        row = self.object
        return [
            (_("Flow"), row.flow),
            (_("File"), row.place),
            (_("Line"), row.line),
            (_("Field"), row.field),
            (_("Reason"), row.reason),
            (_("State"), badge(row)),
            (_("Settled by"), row.settled_by or ""),
            *((name, str(value)) for name, value in row.raw.items()),
        ]

    def get_actions(self):
        row = self.object
        if not self.request.user.has_perm(FIX):
            return []
        waits = row.state == RejectState.OPEN
        return [
            action("reject-fix", _("Correct and send again"), row.pk, allowed=waits),
            action("reject-drop", _("Give up"), row.pk, allowed=waits),
        ]


class RejectAction(ActionPage):
    """Something done to one rejected row."""

    model = Reject
    scoped = False
    lookup = "pk"
    permission_required = FIX

    def get_breadcrumbs(self):
        return crumbs(
            RejectList.title, "connectors:reject-list", self.object, self.title
        )


class Fix(RejectAction):
    """Correct a row and send it again."""

    form_class = RowForm
    title = gettext_lazy("Correct and send again")
    success_message = gettext_lazy("The row was taken.")
    submit_label = gettext_lazy("Send again")

    def get_form_kwargs(self):
        row = self.object
        self.lead = row.reason
        fixed = records.FACTS if row.flow.outgoing else ()
        return {**super().get_form_kwargs(), "row": row.raw, "fixed": fixed}

    def perform(self, form):
        by = person(self.request)
        return service.resend(reject=self.object, by=by, raw=form.corrected())


class Drop(RejectAction):
    """Give a row up."""

    form_class = ReasonForm
    title = gettext_lazy("Give up")
    success_message = gettext_lazy("Given up.")
    submit_level = "danger"

    def perform(self, form):
        return service.drop(
            reject=self.object, by=person(self.request), **form.cleaned_data
        )
