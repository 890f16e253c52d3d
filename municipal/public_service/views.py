"""Pages for citizens, and the list of their requests for the staff."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from platform_core.common.models import own_node
from platform_core.files.services import open_attachment
from platform_core.regions.selectors import node_division
from platform_core.ui.columns import Column
from platform_core.ui.permissions import PUBLIC, page
from platform_core.ui.views import FormPage, ListPage

from . import selectors, services
from .enums import CONTENT, Channel, Satisfaction
from .filters import PublicRequestFilter
from .forms import QueryForm, RatingForm, ReportForm
from .limits import allow_report
from .models import PublicRequest


class HomePage(FormPage):
    """The two things a citizen comes for: report, and follow a report."""

    permission_required = PUBLIC
    template_name = "public_service/home.html"
    form_class = QueryForm
    title = _("City service for citizens")

    def perform(self, form: QueryForm) -> HttpResponse:
        code = form.cleaned_data["code"]
        if not PublicRequest.objects.filter(query_code=code).exists():
            form.add_error("code", _("There is no report with this code."))
            return self.show(form, status=404)  # type: ignore[return-value]
        return redirect("public_service:progress", code=code)


class ReportPage(FormPage):
    """Report a problem with position and photos."""

    permission_required = PUBLIC
    template_name = "public_service/report.html"
    form_class = ReportForm
    title = _("Report a problem")

    def perform(self, form: ReportForm) -> HttpResponse:
        allow_report(self.request)
        made = services.submit_request(channel=Channel.PAGE, **form.arguments())
        return redirect("public_service:thanks", code=made.query_code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "division": node_division(own_node())}


def _found(code: str) -> PublicRequest:
    every = PublicRequest.objects.select_related("case__handling_unit", "case__process")
    return get_object_or_404(every, query_code=code.upper())


@page(permission=PUBLIC)
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The query code, large enough to copy by hand."""
    item = _found(code)
    title = _("Thank you for your report")
    context = {"item": item, "title": title}
    return render(request, "public_service/thanks.html", context)


class ProgressPage(FormPage):
    """Progress in plain words; after closing also the question how it was."""

    permission_required = PUBLIC
    template_name = "public_service/progress.html"
    form_class = RatingForm
    title = _("Progress of your report")
    object: PublicRequest

    def prepare(self) -> None:
        self.object = _found(self.kwargs["code"])

    def perform(self, form: RatingForm) -> HttpResponse:
        services.rate_request(
            request=self.object,
            satisfaction=Satisfaction(form.cleaned_data["satisfaction"]),
            comment=form.cleaned_data["comment"],
        )
        messages.success(self.request, _("Thank you; your answer helps us."))
        return redirect("public_service:progress", code=self.object.query_code)

    def get_cancel_url(self) -> str:
        return reverse("public_service:home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.object.case
        return {
            **super().get_context_data(**kwargs),
            "case": case,
            "phases": selectors.phases(self.object),
            "milestones": selectors.progress(self.object),
            "photos": selectors.photos(self.object),
            "asks": selectors.asks_verdict(self.object),
            "division": node_division(own_node()),
        }


@page(permission=PUBLIC)
@require_safe
def own_photo(request: HttpRequest, code: str, uid: UUID) -> HttpResponseBase:
    """A photo of a report, for whoever holds its query code."""
    groups = selectors.photos(_found(code)).values()
    for attachment in (photo for group in groups for photo in group):
        if attachment.uid == uid:
            return open_attachment(attachment)
    raise Http404


@page(permission=PUBLIC)
@require_safe
def photo(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The photo that the public list of Open311 points at."""
    attachment = selectors.public_photo(uid)
    if attachment is None:
        raise Http404
    return open_attachment(attachment)


def case_link(item: PublicRequest) -> str:
    return item.case.get_absolute_url()


class RequestListPage(ListPage):
    """Citizens' requests with their verdicts.  [PS-05]"""

    model = PublicRequest
    permission_required = "public_service.view_publicrequest"
    title = _("Public requests")
    filterset_class = PublicRequestFilter
    search_fields = ("case__number", "case__address", "case__description")
    search_hint = _("Number, address, description")
    columns = (
        Column("case.number", _("Case number"), link=case_link),
        Column("case.class_name", _("Class")),
        Column("case.address", _("Address")),
        Column("channel", _("Channel"), default=False),
        Column("case.state", _("State")),
        Column("created_at", _("Received at"), sort=True),
        Column("satisfaction", _("Satisfaction"), sort=True),
        Column("comment", _("Comment")),
    )
    empty_text = _("Reports of citizens appear here.")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("case")

    def row_class(self, row: PublicRequest) -> str:
        bad = row.satisfaction and row.satisfaction not in CONTENT
        return "row-overdue" if bad else ""
