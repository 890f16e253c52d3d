"""Pages of requests about cases: ask, list, decide."""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import policies, services
from municipal.command.enums import RequestKind, RequestStatus
from municipal.command.forms_requests import APPROVE, AskForm, DecideForm
from municipal.command.models import Case, CaseRequest
from municipal.command.requests import user_of
from platform_core.common.errors import TransitionNotAllowed
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, ListPage

from .actions import stored
from .detail import asked_text

LEVELS = {
    RequestStatus.PENDING: "yellow",
    RequestStatus.APPROVED: "green",
    RequestStatus.REFUSED: "orange",
}


def badge(row: CaseRequest) -> object:
    """How a request stands."""
    level = LEVELS.get(RequestStatus(row.status), "grey")
    return components.status(row.get_status_display(), level)


class RequestFilter(django_filters.FilterSet):
    """What people narrow requests by."""

    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"),
        choices=RequestKind.choices,
        empty_label=gettext_lazy("All"),
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=RequestStatus.choices,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = CaseRequest
        fields = ("kind", "status")


def decide_link(row: CaseRequest) -> str:
    """Where a waiting request is decided, else the case."""
    if row.is_pending:
        return reverse("command:request-decide", args=[row.uid])
    return row.get_absolute_url()


class RequestList(ListPage):
    """All requests about cases that the user may see."""

    model = CaseRequest
    permission_required = "command.view_case"
    title = gettext_lazy("Requests")
    filterset_class = RequestFilter
    search_fields = ("case__number__startswith", "reason")
    search_hint = gettext_lazy("Case number, reason")
    ordering: Any = ("-asked_at", "-id")
    columns = (
        Column("kind", gettext_lazy("Kind"), sort=True, link=decide_link),
        Column(
            "case.number",
            gettext_lazy("Case number"),
            link=lambda row: row.case.get_absolute_url(),
            css="text-nowrap",
        ),
        Column("case.class_name", gettext_lazy("Class")),
        Column("unit", gettext_lazy("Asking unit")),
        Column("asked_by", gettext_lazy("Asked by"), default=False),
        Column("asked_at", gettext_lazy("Asked at"), sort=True, css="text-nowrap"),
        Column("what", gettext_lazy("What"), render=asked_text, export=asked_text),
        Column("reason", gettext_lazy("Reason")),
        Column("status", gettext_lazy("State"), sort=True, render=badge),
        Column("decided_by", gettext_lazy("Decided by"), default=False),
        Column("opinion", gettext_lazy("Opinion"), default=False),
    )
    empty_text = gettext_lazy(
        "Requests for extension, return and the like appear here."
    )
    live = 10

    def get_queryset(self) -> QuerySet[CaseRequest]:
        rows = super().get_queryset()
        return rows.select_related(
            "case", "unit", "asked_by", "suggested_unit", "decided_by"
        )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Command and coordination")), Crumb(self.get_title())]


class WaitingList(RequestList):
    """The requests that wait for the user's decision, the oldest first."""

    permission_required = "command.decide_request"
    title = gettext_lazy("Requests to decide")
    ordering = ("asked_at", "id")
    empty_text = gettext_lazy("Requests that wait for your decision appear here.")

    def get_queryset(self) -> QuerySet[CaseRequest]:
        kinds = policies.kinds_to_decide(user_of(self.request))
        return super().get_queryset().filter(status="pending", kind__in=kinds)


class AskPage(ActionPage):
    """Ask for something about a case."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    success_message = gettext_lazy("The request was sent.")
    submit_label = gettext_lazy("Send the request")
    object: Case
    kind: RequestKind

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("process", "handling_unit", "source")

    def prepare(self) -> None:
        super().prepare()
        if self.kwargs["kind"] not in RequestKind.values:
            raise Http404(self.kwargs["kind"])
        self.kind = RequestKind(self.kwargs["kind"])
        user = user_of(self.request)
        problem = policies.asking_problem(self.object, user, self.kind)
        if problem and self.request.method == "GET":
            raise TransitionNotAllowed(str(problem))

    def get_title(self) -> str:
        return f"{self.kind.label} · {self.object.number}"

    def get_form(self) -> AskForm:
        return AskForm(case=self.object, kind=self.kind, **self.get_form_kwargs())

    @transaction.atomic
    def perform(self, form: AskForm) -> CaseRequest:
        user = user_of(self.request)
        return services.ask(
            self.object,
            self.kind,
            by=user,
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data.get("until"),
            attachments=stored(form, "photos", user),
        )


class DecidePage(ActionPage):
    """Agree or disagree with a request."""

    model = CaseRequest
    lookup = "uid"
    permission_required = "command.decide_request"
    success_message = gettext_lazy("The decision was sent.")
    submit_label = gettext_lazy("Decide")
    template_name = "command/form.html"
    object: CaseRequest

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .select_related(
                "case__process",
                "case__handling_unit",
                "asked_by",
                "decided_by",
                "unit",
                "suggested_unit",
            )
        )

    def prepare(self) -> None:
        super().prepare()
        row, user = self.object, user_of(self.request)
        if self.request.method == "GET":
            services.require_pending(row)
        if not policies.may_decide(row.case, user, RequestKind(row.kind)):
            raise TransitionNotAllowed(_("Somebody of another post decides on this."))
        self.lead = self.get_lead()

    def get_lead(self) -> str:
        row = self.object
        parts = [f"{row.unit or row.asked_by or ''}：{row.reason}", asked_text(row)]
        if services.is_final(row):
            parts.append(_("The unit cannot return the case again: this is final."))
        return " · ".join(filter(None, parts))

    def get_title(self) -> str:
        return f"{self.object.get_kind_display()} · {self.object.case.number}"

    def get_form(self) -> DecideForm:
        return DecideForm(request=self.object, **self.get_form_kwargs())

    def perform(self, form: DecideForm) -> CaseRequest:
        given = dict(form.cleaned_data)
        return services.decide(
            self.object,
            by=user_of(self.request),
            approve=given.pop("decision") == APPROVE,
            **given,
        )


class WithdrawPage(ActionPage):
    """Take back what one asked for."""

    model = CaseRequest
    lookup = "uid"
    permission_required = "command.view_case"
    title = gettext_lazy("Take the request back")
    submit_label = gettext_lazy("Take back")
    success_message = gettext_lazy("The request was taken back.")
    object: CaseRequest

    def perform(self, form: Any) -> CaseRequest:
        return services.withdraw(self.object, by=user_of(self.request))
