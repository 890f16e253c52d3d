"""Pages of the roster: the month, shifts, planning, changes between people."""

from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipal.command.centre.desk_enums import OPEN_SWAPS, SwapState
from municipal.command.centre.models import DeskDuty, DeskShift, Swap
from municipal.command.centre.rosters import selectors, services
from municipal.command.centre.rosters.forms import (
    AnswerForm,
    CopyForm,
    FillForm,
    PlanForm,
    ShiftForm,
    SwapForm,
)
from municipal.command.requests import user_of
from platform_core.common import clock
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

SEE, MANAGE, WRITE = "centre.view_desk", "centre.manage_roster", "centre.write_desk"
ROOT = Crumb(_("Duty desk"), "/duty-desk/")
ROSTER = Crumb(_("Duty roster"), "/duty-desk/roster/")
SWAP_COLORS = {
    SwapState.ASKED: "yellow",
    SwapState.AGREED: "blue",
    SwapState.APPROVED: "green",
}


def month_of(text: str) -> date:
    """The first day of a month as an address names it; this month otherwise."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


class RosterPage(PlainPage):
    """A month with everybody on duty, holidays marked."""

    permission_required = SEE
    template_name = "centre/desk/roster.html"
    title = _("Duty roster")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        rows = (
            (_("Plan a duty"), "plan", "plus", True),
            (_("Plan a period"), "fill", "", False),
            (_("Copy a week"), "copy-week", "", False),
        )
        made = [
            PageAction(
                label, reverse(f"centre:{name}"), icon, first, MANAGE, dialog=True
            )
            for label, name, icon, first in rows
        ]
        shifts = PageAction(
            _("Shifts"), reverse("centre:shift-list"), permission=MANAGE
        )
        swaps = PageAction(_("Changes of duty"), reverse("centre:swap-list"))
        return [*made, shifts, swaps]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = month_of(self.request.GET.get("month", ""))
        user = user_of(self.request)
        return super().get_context_data(
            first=first,
            before=(first - selectors.DAY).replace(day=1),
            after=(first + selectors.DAY * 32).replace(day=1),
            weeks=selectors.month(first),
            may_plan=user.has_perm(MANAGE),
            now=clock.now(),
            **kwargs,
        )


class PlanningPage(FormPage):
    """A dialog that plans duties and leads back to the month."""

    permission_required = MANAGE
    success_url = "centre:roster"

    def get_breadcrumbs(self):
        return [ROOT, ROSTER]

    def tell(self, found: services.Outcome) -> None:
        """Say how many were planned and why others were not."""
        text = _g(
            "%(made)d duties planned, %(known)d left out for other duties, "
            "%(off)d days off."
        )
        values = {"made": len(found.made), "known": found.known, "off": found.off}
        messages.success(self.request, text % values)


class PlanPage(PlanningPage):
    """One duty."""

    form_class = PlanForm
    title = _("Plan a duty")

    def perform(self, form):
        return services.plan(by=user_of(self.request), **form.cleaned_data)

    def get_success_url(self, result):
        return result.get_absolute_url()


class FillPage(PlanningPage):
    """A period, people in turn."""

    form_class = FillForm
    title = _("Plan a period")

    def perform(self, form):
        self.tell(services.fill(by=user_of(self.request), **form.cleaned_data))


class CopyPage(PlanningPage):
    """A week like another."""

    form_class = CopyForm
    title = _("Copy a week")

    def perform(self, form):
        self.tell(services.copy_week(by=user_of(self.request), **form.cleaned_data))


class DutyRemove(ActionPage):
    """Take somebody off."""

    model = DeskDuty
    permission_required = MANAGE
    title = _("Take off the roster")
    submit_level = "danger"
    success_url = "centre:roster"

    def get_title(self):
        return f"{self.title}: {self.object}"

    def perform(self, form):
        services.remove(duty=self.object, by=user_of(self.request))


class ShiftList(ListPage):
    """The shifts of the centre."""

    model = DeskShift
    permission_required = MANAGE
    title = _("Shifts")
    ordering = ("begins", "name")
    columns = (
        Column("name", _("Name"), sort=True, link=True),
        Column("begins", _("Begins"), sort=True),
        Column("ends", _("Ends"), sort=True),
        Column("days", _("Days of the shift")),
        Column("needed", _("People needed"), number=True),
        Column("is_active", _("In use")),
    )

    def get_breadcrumbs(self):
        return [ROOT, ROSTER]

    def get_page_actions(self):
        url = reverse("centre:shift-add")
        return [PageAction(_("Add a shift"), url, "plus", True, dialog=True)]


class ShiftAdd(FormPage):
    """A new shift."""

    permission_required = MANAGE
    form_class = ShiftForm
    title = _("Add a shift")
    success_url = "centre:shift-list"

    def perform(self, form):
        services.save_shift(shift=form.save(commit=False), by=user_of(self.request))


class ShiftEdit(EditPage):
    """Change a shift."""

    model = DeskShift
    permission_required = MANAGE
    form_class = ShiftForm
    title = _("Shift")
    success_url = "centre:shift-list"

    def perform(self, form):
        services.save_shift(shift=form.save(commit=False), by=user_of(self.request))


class SwapFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=SwapState.choices, empty_label=_("All")
    )

    class Meta:
        model = Swap
        fields = ("state",)


def swap_state(row: Swap) -> object:
    """The state in its colour."""
    color = SWAP_COLORS.get(SwapState(row.state), "grey")
    return components.status(row.get_state_display(), color)


class SwapScope:
    """One's own changes; all of them for who plans the roster."""

    request: Any

    def get_queryset(self):
        user = user_of(self.request)
        rows = super().get_queryset()  # type: ignore[misc]
        if not user.has_perm(MANAGE):
            rows = rows.filter(Q(asked_by=user) | Q(other=user))
        return rows.select_related(
            "duty__shift",
            "duty__person",
            "other",
            "asked_by",
            "other_duty__shift",
            "other_duty__person",
            "decided_by",
        )


class SwapList(SwapScope, ListPage):
    """Changes of duty."""

    model = Swap
    permission_required = SEE
    title = _("Changes of duty")
    filterset_class = SwapFilter
    search_fields = ("asked_by__full_name", "other__full_name", "reason")
    empty_text = _("Ask for a change on one of your duties in the roster.")
    columns = (
        Column("duty", _("Duty given"), link=True),
        Column("asked_by", _("Asked by")),
        Column("other", _("Who takes it")),
        Column("other_duty", _("Duty taken in return")),
        Column("reason", _("Reason")),
        Column("state", _("State"), sort=True, render=swap_state),
        Column("created_at", _("Asked at"), sort=True),
    )

    def get_breadcrumbs(self):
        return [ROOT, ROSTER]


class SwapDetail(SwapScope, DetailPage):
    """A change of duty and what can be done about it."""

    model = Swap
    permission_required = SEE
    object: Swap

    def get_breadcrumbs(self):
        url = reverse("centre:swap-list")
        return [ROOT, ROSTER, Crumb(_("Changes of duty"), url)]

    def get_summary(self):
        row = self.object
        return [
            (_("Duty given"), row.duty),
            (_("State"), swap_state(row)),
            (_("Asked by"), row.asked_by),
            (_("Who takes it"), row.other),
            (_("Duty taken in return"), row.other_duty),
            (_("Reason"), row.reason),
            (_("Decided by"), row.decided_by),
            (_("Answer"), row.answer),
        ]

    def get_actions(self):
        row, user = self.object, user_of(self.request)
        is_open, manages = row.state in OPEN_SWAPS, user.has_perm(MANAGE)
        offered = (
            (_("Agree"), "agree", row.other_id == user.pk and row.state == "asked"),
            (
                pgettext_lazy("swap", "Approve"),
                "approve",
                manages and row.state == "agreed",
            ),
            (
                pgettext_lazy("swap", "Refuse"),
                "decline",
                is_open and (manages or row.other_id == user.pk),
            ),
            (_("Withdraw"), "withdraw", is_open and row.asked_by_id == user.pk),
        )
        return [
            {
                "name": name,
                "allowed": True,
                "url": reverse("centre:swap-decide", args=[row.pk, way]),
            }
            for name, way, shown in offered
            if shown
        ]


class SwapAsk(ActionPage):
    """Ask for a change of one's own duty."""

    model = DeskDuty
    permission_required = WRITE
    form_class = SwapForm
    title = _("Ask for a change of duty")
    object: DeskDuty

    def get_queryset(self):
        rows = super().get_queryset().filter(person=user_of(self.request))
        return rows.select_related("shift", "person")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def perform(self, form):
        user = user_of(self.request)
        return services.ask_swap(duty=self.object, by=user, **form.cleaned_data)

    def get_success_url(self, result):
        return result.get_absolute_url()


class SwapDecide(SwapScope, ActionPage):
    """Agree, approve, refuse, withdraw."""

    model = Swap
    permission_required = SEE
    object: Swap
    TITLES = {
        "agree": _("Agree"),
        "approve": pgettext_lazy("swap", "Approve"),
        "decline": pgettext_lazy("swap", "Refuse"),
        "withdraw": _("Withdraw"),
    }

    def get_title(self):
        return self.TITLES[self.kwargs["way"]]

    def get_form(self):
        if self.kwargs["way"] == "decline":
            return AnswerForm(**self.get_form_kwargs())
        return super().get_form()

    def perform(self, form):
        act = getattr(services, f"{self.kwargs['way']}_swap")
        return act(swap=self.object, by=user_of(self.request), **form.cleaned_data)
