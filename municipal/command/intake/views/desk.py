"""The operator's desk: the seat, the call that rings, the caller's history."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from municipal.command.intake import selectors, services
from municipal.command.intake.enums import Outcome, PhraseKind, SeatState
from municipal.command.intake.forms import SitForm, TurnForm
from municipal.command.intake.models import Call, Seat
from municipal.command.requests import user_of
from municipal.command.views.report import ReportPage
from platform_core.ui import live
from platform_core.ui.permissions import page
from platform_core.ui.views import FormPage, PageAction, PlainPage

from .common import MANAGE

VIEW = "intake.view_call"
TURNS = (SeatState.FREE, SeatState.AFTER, SeatState.BREAK)


def pop_context(request: HttpRequest) -> dict[str, Any]:
    """The call at the operator's seat with what is known of the caller."""
    user = user_of(request)
    call = selectors.call_at(selectors.seat_of(user))
    number = call.caller if call else ""
    return {
        "call": call,
        "cases": selectors.cases_of_caller(number, user),
        "calls": selectors.calls_of_caller(call) if call else [],
    }


class DeskPage(PlainPage):
    """Everything an operator needs while somebody speaks."""

    permission_required = VIEW
    template_name = "intake/desk.html"
    title = _("Operator's desk")

    def get_page_actions(self):
        links = ((_("Seats"), "intake:seats"), (_("Telephone lines"), "intake:lines"))
        return [
            PageAction(label, reverse(name), "settings", permission=MANAGE)
            for label, name in links
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        text = self.request.GET.get("q", "")
        seat = selectors.seat_of(user)
        return super().get_context_data(
            seat=seat,
            seats=Seat.objects.visible_to(user).filter(user=None),
            turns=[(state.value, state.label) for state in TURNS],
            q=text,
            articles=selectors.articles(user, text),
            answers=selectors.phrases(PhraseKind.ANSWER),
            **pop_context(self.request),
            **kwargs,
        )


@require_GET
@page(permission=VIEW)
def pop(request: HttpRequest) -> HttpResponseBase:
    """The call that rings now; polled, 304 while nothing changed."""
    shown = render(request, "intake/partials/_pop.html", pop_context(request))
    return live.answer(request, shown)


class SitPage(FormPage):
    """Take a seat."""

    permission_required = VIEW
    form_class = SitForm
    title = _("Take a seat")
    success_url = "intake:desk"

    def perform(self, form):
        seat = form.cleaned_data["seat"]
        services.sit(seat=seat, by=user_of(self.request))


class TurnPage(FormPage):
    """Say what one is doing."""

    permission_required = VIEW
    form_class = TurnForm
    title = _("State of the seat")
    success_url = "intake:desk"

    def perform(self, form):
        state = form.cleaned_data["state"]
        if state == SeatState.AWAY:
            services.end_of_work(by=user_of(self.request))
        else:
            services.turn(by=user_of(self.request), state=state)


class CallReport(ReportPage):
    """The report of a caller: number and source are known already."""

    permission_required = "command.report_case"

    def prepare(self) -> None:
        seen = Call.objects.visible_to(user_of(self.request))
        rows = seen.select_related("line")
        self.call = get_object_or_404(rows, uid=self.kwargs["uid"])

    def get_initial(self) -> dict[str, Any]:
        line = self.call.line
        known = {"contact": self.call.caller}
        if line:
            known["source"] = line.source_id
        return {**known, **super().get_initial()}

    def get_cancel_url(self) -> str:
        return reverse("intake:desk")

    @transaction.atomic
    def perform(self, form):
        case = super().perform(form)
        services.note_call(
            call=self.call, by=user_of(self.request), outcome=Outcome.CASE, case=case
        )
        return case
