"""Problems: the stewards' list, the senders' duties, one problem."""

from collections.abc import Callable, Sequence
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.aggregation.cleansing import selectors
from exchange.aggregation.cleansing.enums import DUE, ProblemState
from exchange.aggregation.cleansing.filters import ProblemFilter
from exchange.aggregation.cleansing.forms import NoteForm, ReasonForm
from exchange.aggregation.cleansing.models import Problem
from exchange.aggregation.cleansing.services import handling
from exchange.delivery.views.peers import crumbs
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.ui.columns import Column
from platform_core.ui.components import deadline, status
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    Crumb,
    DetailPage,
    ListPage,
    ObjectMixin,
)

HANDLE, ANSWER = "cleansing.handle_problem", "cleansing.answer_problem"
LEVELS = {
    ProblemState.FOUND: "grey",
    ProblemState.ASSIGNED: "yellow",
    ProblemState.FIXED: "blue",
    ProblemState.EXPLAINED: "blue",
    ProblemState.RETURNED: "orange",
    ProblemState.VERIFIED: "green",
    ProblemState.CONFIRMED: "green",
}


def badge(row):
    return status(row.get_state_display(), LEVELS[ProblemState(row.state)])


def due(row):
    if row.state not in DUE:
        return deadline(None)
    return deadline(row.due_at, "red" if row.late(now()) else "green")


def assign(row, user):
    return handling.assign(problem=row, by=user)


def verify(row, user):
    return handling.verify(problem=row, by=user)


def correct(row, user):
    return handling.correct(problem=row, by=user)


class ProblemList(ListPage):
    """All problems, for stewards."""

    model = Problem
    permission_required = "cleansing.view_all_problems"
    export_permission = "cleansing.view_all_problems"
    title = gettext_lazy("Data problems")
    empty_text = gettext_lazy("What a cleansing run finds appears here.")
    filterset_class = ProblemFilter
    search_fields = ("key", "table_code", "rule_name", "field", "sender__name")
    ordering = ("due_at", "pk")
    bulk_actions: Sequence[BulkAction] = (
        BulkAction("assign", gettext_lazy("Assign to the sender"), assign, HANDLE),
        BulkAction("verify", gettext_lazy("Verify the correction"), verify, HANDLE),
    )
    columns = (
        Column("rule_name", gettext_lazy("Rule"), sort=True, link=True),
        Column("table_code", gettext_lazy("Table"), sort=True),
        Column("key", gettext_lazy("Business key"), sort=True),
        Column("field", gettext_lazy("Field"), sort=True),
        Column("value", gettext_lazy("Value")),
        Column("severity", gettext_lazy("Severity")),
        Column("sender", gettext_lazy("Sender"), sort="sender__name"),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("due_at", gettext_lazy("Due"), sort=True, render=due),
        Column("found_at", gettext_lazy("Found at"), sort=True, default=False),
        Column("feedback", gettext_lazy("Feedback"), default=False),
        Column("reason", gettext_lazy("Reason"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("sender")

    def row_class(self, row):
        return "row-overdue" if row.late(now()) else ""

    def on_export(self, form):
        audit.record(
            "cleansing.problems_exported", by=self.request.user, data={"format": form}
        )


class DutyList(ProblemList):
    """What a sender has to correct or to explain."""

    permission_required = ANSWER
    export_permission = ANSWER
    title = gettext_lazy("My data duties")
    empty_text = gettext_lazy("Nothing in your data has to be corrected.")
    bulk_actions = (BulkAction("correct", gettext_lazy("Corrected"), correct, ANSWER),)

    def get_queryset(self):
        senders = selectors.answered_by(self.request.user)
        mine = super().get_queryset().filter(sender__in=senders)
        return mine if self.request.GET.get("state") else mine.due()


# Name of the address, label, states in which it may be done, permission.
ACTIONS = (
    ("assign", gettext_lazy("Assign to the sender"), (ProblemState.FOUND,), HANDLE),
    ("correct", gettext_lazy("Corrected"), DUE, ANSWER),
    ("explain", gettext_lazy("Explain the value"), DUE, ANSWER),
    (
        "accept",
        gettext_lazy("Accept the explanation"),
        (ProblemState.EXPLAINED,),
        HANDLE,
    ),
    ("verify", gettext_lazy("Verify the correction"), (ProblemState.FIXED,), HANDLE),
    (
        "send-back",
        gettext_lazy("Send back to the sender"),
        (ProblemState.EXPLAINED, ProblemState.FIXED),
        HANDLE,
    ),
)


class ProblemMixin(ObjectMixin):
    """Finds a problem among those the user may see."""

    object: Any
    model = Problem
    lookup = "uid"

    def get_queryset(self):
        return super().get_queryset().select_related("sender__holder", "table", "run")

    def get_breadcrumbs(self):
        home, *_rest = crumbs("")
        everything = self.request.user.has_perm(ProblemList.permission_required)
        page, name = (
            (ProblemList, "problem-list") if everything else (DutyList, "duty-list")
        )
        listed = Crumb(page.title, reverse(f"cleansing:{name}"))
        return [home, listed, Crumb(str(self.object))]


class ProblemPage(ProblemMixin, DetailPage):
    """One problem with what was done about it."""

    permission_required = ANSWER

    def get_summary(self):
        row = self.object
        return [
            (_("Rule"), row.rule_name),
            (_("State"), badge(row)),
            (_("Table"), row.table or row.table_code),
            (_("Business key"), row.key),
            (_("Field"), row.field),
            (_("Value"), row.value),
            (_("Severity"), row.get_severity_display()),
            (_("Found by"), row.origin),
            (_("Sender"), row.sender),
            (_("Answers for its data"), row.sender.holder),
            (_("Due"), due(row)),
            (_("Feedback"), row.feedback),
            (_("Reason"), row.reason),
        ]

    def get_timeline(self):
        row = self.object
        begun = [{"title": ProblemState.FOUND.label, "at": row.found_at}]
        return [*begun, *row.steps.all()]

    def get_actions(self):
        row, user = self.object, self.request.user
        return [
            {
                "name": label,
                "allowed": row.state in states,
                "why": _("Not in this state"),
                "url": reverse(f"cleansing:{name}", args=[row.uid]),
            }
            for name, label, states, permission in ACTIONS
            if user.has_perm(permission) and (row.is_own or permission == ANSWER)
        ]


class ProblemAction(ProblemMixin, ActionPage):
    """Something done about a problem."""

    form_class: type[BaseForm] = NoteForm
    permission_required = HANDLE
    run: Callable[..., Problem] = staticmethod(handling.verify)

    def perform(self, form):
        return self.run(problem=self.object, by=self.request.user, **form.cleaned_data)


class Assign(ProblemAction):
    """A duty of the sender."""

    form_class = ActionPage.form_class
    title = gettext_lazy("Assign to the sender")
    success_message = gettext_lazy("Assigned.")
    run = staticmethod(handling.assign)


class Correct(ProblemAction):
    """The sender has corrected its data."""

    permission_required = ANSWER
    title = gettext_lazy("Corrected")
    lead = gettext_lazy("The next run verifies it.")
    success_message = gettext_lazy("Noted.")
    run = staticmethod(handling.correct)


class Explain(ProblemAction):
    """The sender says why the value is right."""

    form_class = ReasonForm
    permission_required = ANSWER
    title = gettext_lazy("Explain the value")
    lead = gettext_lazy("Say why the value is right as it is; a steward decides.")
    success_message = gettext_lazy("Noted.")
    run = staticmethod(handling.explain)


class Accept(ProblemAction):
    """The value stays as it is."""

    title = gettext_lazy("Accept the explanation")
    success_message = gettext_lazy("Accepted.")
    run = staticmethod(handling.accept)


class SendBack(ProblemAction):
    """The answer does not do."""

    form_class = ReasonForm
    title = gettext_lazy("Send back to the sender")
    success_message = pgettext_lazy("problem", "Sent back.")
    run = staticmethod(handling.send_back)


class Verify(ProblemAction):
    """The correction is seen."""

    title = gettext_lazy("Verify the correction")
    success_message = gettext_lazy("Verified.")
    run = staticmethod(handling.verify)
