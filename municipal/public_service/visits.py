"""Return visits: what the page of a case shows, and the operators' list of them."""

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from municipal.command import panels
from municipal.command.enums import CLOSED
from municipal.command.panels import SIDE, Button, Panel
from municipal.command.requests import user_of
from platform_core.ui.columns import Column
from platform_core.ui.ranges import DaySpanFilter
from platform_core.ui.views import ActionPage, ListPage

from . import policies, services
from .enums import CONTENT, Satisfaction
from .forms import VisitForm
from .models import PublicRequest, ReturnVisit

if TYPE_CHECKING:
    from municipal.command.models import Case

# The list is one of cases; their model is reached over the relation.
CASE: Any = ReturnVisit._meta.get_field("case").related_model
ANSWERED = Q(return_visit__isnull=False) | Q(public_request__rated_at__isnull=False)


def verdict(case: "Case") -> PublicRequest | ReturnVisit | None:
    """What the citizen said, on the page or on the phone."""
    request = getattr(case, "public_request", None)
    said = request if request and request.satisfaction else None
    return said or getattr(case, "return_visit", None)


class VisitPage(ActionPage):
    """Write down what the citizen said on the phone."""

    model = CASE
    lookup = "uid"
    permission_required = policies.VISIT
    title = _("Record a return visit")
    form_class = VisitForm
    object: "Case"

    def perform(self, form: VisitForm) -> "Case":
        return services.record_visit(
            case=self.object,
            by=user_of(self.request),
            satisfaction=Satisfaction(form.cleaned_data["satisfaction"]),
            comment=form.cleaned_data["comment"],
        )


class VisitFilter(django_filters.FilterSet):
    """Those still to be asked, those who answered, by day of closing."""

    asked = django_filters.ChoiceFilter(
        label=_("Return visit"),
        choices=(("no", _("Still to be asked")), ("yes", _("Asked already"))),
        method="by_answer",
    )
    closed_at = DaySpanFilter(label=_("Closed at"))

    class Meta:
        model = CASE
        fields = ["closed_at"]

    def by_answer(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(ANSWERED) if value == "yes" else rows.exclude(ANSWERED)


def said(row: "Case") -> str:
    """The verdict in words."""
    found = verdict(row)
    return str(found.get_satisfaction_display()) if found else ""


class VisitList(ListPage):
    """The closed cases of citizens and how they found the result."""

    model = CASE
    permission_required = policies.VISIT
    title = _("Return visits to citizens")
    filterset_class = VisitFilter
    search_fields = ("number__startswith", "address", "description")
    search_hint = _("Number, address, description")
    ordering = ("-closed_at", "-pk")
    columns = (
        Column("number", _("Case number"), link=True),
        Column("class_name", _("Class")),
        Column("address", _("Address")),
        Column("source", _("Source")),
        Column("closed_at", _("Closed at"), sort=True),
        Column("satisfaction", _("Satisfaction"), render=said, export=said),
        Column(
            "comment",
            _("Comment"),
            render=lambda row: getattr(verdict(row), "comment", ""),
            export=lambda row: getattr(verdict(row), "comment", ""),
        ),
    )
    empty_text = _("Closed cases that citizens reported appear here.")

    def get_queryset(self) -> Any:
        rows = super().get_queryset().filter(state__in=CLOSED)
        public = rows.filter(source__channel="public")
        return public.select_related("source", "public_request", "return_visit")

    def row_class(self, row: "Case") -> str:
        found = verdict(row)
        bad = found is not None and found.satisfaction not in CONTENT
        return "row-overdue" if bad else ""


def buttons(case: "Case", request: HttpRequest) -> list[dict[str, Any]]:
    """Asking the citizen, until an answer is there."""
    if not policies.visits(case, user_of(request)) or verdict(case) is not None:
        return []
    url = reverse("public_service:visit", args=[case.uid])
    return [{"name": _g("Record a return visit"), "url": url, "allowed": True}]


def panel(case: "Case", request: HttpRequest) -> dict[str, Any] | None:
    """What the citizen said, once it was said."""
    found = verdict(case)
    if found is None:
        return None
    if isinstance(found, ReturnVisit):
        return {"said": found, "at": found.at, "by": found.by}
    return {"said": found, "at": found.rated_at, "by": found.rated_by}


def register() -> None:
    """Put both on the page of a case."""
    template = "public_service/panels/visit.html"
    panels.register(Panel("visit", _("Return visit"), template, panel, 70, SIDE))
    panels.register_buttons(Button("visit", buttons))
