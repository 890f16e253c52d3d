"""Lists of cases: all of them, and those that wait for a post."""

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command import batches, selectors, services
from municipal.command.enums import PAUSED, TERMINAL, State
from municipal.command.filters import CaseFilter
from municipal.command.models import Case, CaseQuerySet
from municipal.command.requests import user_of
from municipal.command.worklists import GENERAL, WORKLISTS, Worklist
from platform_core.audit import services as audit
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import BulkAction, Crumb, ListPage, PageAction

LEVELS = {
    State.RETURNED: "orange",
    State.REWORK: "orange",
    State.CLOSED: "green",
    State.FORCED_CLOSED: "grey",
    **dict.fromkeys(PAUSED, "yellow"),
}


def level(state: str) -> str:
    """The colour of a state."""
    return LEVELS.get(State(state), "grey" if state in TERMINAL else "blue")


def badge(case: Case) -> object:
    """The state of a case as a badge."""
    return components.status(case.get_state_display(), level(case.state))


def marks(case: Case) -> object:
    """What is special about a case, in short words."""
    found = [
        (case.is_urgent, _("Urgent"), "red"),
        (case.is_overdue, _("Overdue"), "red"),
        (bool(case.rework_count), _("Rework"), "orange"),
        (bool(case.urged_count), _("Urged"), "yellow"),
    ]
    shown = [components.status(text, color) for yes, text, color in found if yes]
    return format_html("{} " * len(shown), *shown) if shown else ""


def due(case: Case) -> object:
    """Time left in the stage, with its light."""
    return components.deadline(case.deadline, case.light)


def place(case: Case) -> str:
    """District and address."""
    names = selectors.area_names(case)
    return f"{names[0]} {case.address}" if names else case.address


COLUMNS = (
    Column("deadline", _("Time left"), sort=True, render=due),
    Column("number", _("Case number"), sort=True, link=True, css="text-nowrap"),
    Column("task_number", _("Task number"), default=False),
    Column("class_name", _("Class"), sort="class_code"),
    Column("address", _("Place"), render=place, export=place),
    Column("state", _("State"), render=badge),
    Column(
        "marks",
        _("Marks"),
        render=marks,
        export=lambda case: str(_("Overdue")) if case.is_overdue else "",
    ),
    Column("handling_unit", _("Handling unit"), css="text-nowrap"),
    Column("source", _("Source"), default=False),
    Column("description", _("Problem description"), default=False),
    Column("reported_at", _("Reported"), sort=True, css="text-nowrap"),
)


class PageFilter(CaseFilter):
    """The filters a page shows; search has its own box."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=State.choices, empty_label=_("All")
    )
    q = class_code = open = overdue = reported_from = reported_to = None

    class Meta(CaseFilter.Meta):
        fields = ("state", "light", "division", "source", "unit")


class FullFilter(PageFilter):
    """The filters of the list of all cases."""

    open = django_filters.ChoiceFilter(
        label=_("Progress"),
        choices=(("true", _("Open")), ("false", _("Ended"))),
        method="by_progress",
        empty_label=_("All"),
    )
    reported_from = CaseFilter.declared_filters["reported_from"]
    reported_to = CaseFilter.declared_filters["reported_to"]

    def by_progress(self, rows: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        return self.by_open(rows, name, value == "true")


class WorkFilter(PageFilter):
    """The filters of a work list."""

    state = source = None

    class Meta:
        model = Case
        fields = ("light", "division", "unit")


class CaseList(ListPage):
    """All cases the user may see."""

    model = Case
    permission_required = "command.view_case"
    export_permission = "command.export_case"
    title = _("Cases")
    columns = COLUMNS
    filterset_class: Any = FullFilter
    search_fields = (
        "number__startswith",
        "task_number__startswith",
        "address",
        "class_name",
        "description",
    )
    search_hint = _("Number, address, class")
    ordering: Any = ("-reported_at", "-id")
    empty_text = _("No case fits. Reports appear here as they come in.")
    live = 5

    def get_queryset(self) -> QuerySet[Case]:
        rows = super().get_queryset()
        return rows.select_related("handling_unit", "source")

    def get_bulk_actions(self) -> list[BulkAction]:
        return batches.actions(user_of(self.request))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        rows = self.rows().filter(pk__in=request.POST.getlist("selected"))
        name = request.POST.get("bulk", "")
        allowed = any(action.name == name for action in self.get_bulk_actions())
        found = list(rows) if allowed else []
        answer = batches.begin(request, name, found) if found else None
        return answer or super().post(request, *args, **kwargs)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Command and coordination")), Crumb(self.get_title())]

    def get_page_actions(self) -> list[PageAction]:
        return [
            PageAction(
                _("Register a report"),
                reverse("command:report"),
                icon="plus",
                primary=True,
                permission="command.report_case",
            )
        ]

    def row_class(self, row: Case) -> str:
        return "row-overdue" if row.light == "red" else ""

    def on_export(self, form: str) -> None:
        audit.record(
            "case.exported",
            by=user_of(self.request),
            data={"form": form, "query": self.request.META["QUERY_STRING"]},
        )


def sending(action: str) -> Any:
    """Send whoever is in charge of each place."""

    def run(case: Case, user: Any) -> None:
        services.fire(case, action, by=user)

    return run


ACCEPT = "command.accept_case"
BULK = (
    BulkAction(
        "send_verify", _("Send for verification"), sending("send_verify"), ACCEPT
    ),
    BulkAction("send_check", _("Send for check"), sending("send_check"), ACCEPT),
)


class WorkPage(CaseList):
    """The cases that wait for a post, the most urgent first."""

    work: Worklist = WORKLISTS["accept"]
    filterset_class = WorkFilter
    ordering = (F("deadline").asc(nulls_last=True), "id")

    def get_title(self) -> Any:
        return self.work.label

    def get_bulk_actions(self) -> list[BulkAction]:
        user = user_of(self.request)
        own = [row for row in BULK if row.name == self.work.sends]
        own = [row for row in own if user.has_perm(row.permission or "")]
        return [*own, *super().get_bulk_actions()]

    def get_queryset(self) -> QuerySet[Case]:
        rows = self.work.rows(user_of(self.request))
        return rows.select_related("handling_unit", "source")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"empty_text": self.work.empty, **kwargs})


class GeneralPage(WorkPage):
    """A list that every post has; tabs lead to the others."""

    template_name = "command/general.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = [
            {
                "label": work.label,
                "url": reverse(work.url_name),
                "current": work.code == self.work.code,
            }
            for work in GENERAL.values()
        ]
        return super().get_context_data(tabs=tabs, **kwargs)
