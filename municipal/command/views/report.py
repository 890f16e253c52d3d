"""Registration of reports at a seat, with the hint of duplicates."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command import selectors, services
from municipal.command.forms import ReportForm
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.common.errors import DomainError
from platform_core.regions import selectors as regions
from platform_core.ui.permissions import page
from platform_core.ui.views import Crumb, FormPage

from .actions import stored


class ReportPage(FormPage):
    """Write down what somebody reports."""

    permission_required = "command.report_case"
    form_class = ReportForm
    template_name = "command/report.html"
    title = _("Register a report")
    submit_label = _("Register")
    success_message = _("The report is registered and waits for acceptance.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Cases"), reverse("command:case-list")), Crumb(self.title)]

    def get_cancel_url(self) -> str:
        return reverse("command:case-list")

    @transaction.atomic
    def perform(self, form: ReportForm) -> Case:
        user = user_of(self.request)
        pictures = stored(form, "photos", user)
        return take_in(by=user, attachments=pictures, **form.values())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **map_settings()}


def take_in(**given: Any) -> Case:
    """Report a case; what is wrong with the position is said beside the longitude."""
    try:
        return services.report_case(**given)
    except DomainError as error:
        if "position" in error.fields:
            error.fields["lon"] = error.fields.pop("position")
        raise


def map_settings() -> dict[str, Any]:
    """Where the map of a form opens: the middle of the city's grids."""
    own = regions.own_division()
    middle = selectors.middle_of_grids() or (own.lon or 0.0, own.lat or 0.0)
    reach = 0.02
    west, south = middle[0] - reach, middle[1] - reach
    box = (west, south, west + 2 * reach, south + 2 * reach)
    query = ",".join(f"{value:.6f}" for value in box)
    return {
        "division": own.code,
        "middle": middle,
        "grids_url": f"{reverse('command_api:grid-shapes')}?bbox={query}",
    }


@page(permission="command.report_case")
def similar(request: HttpRequest) -> HttpResponse:
    """Open cases of the class near the position, as a hint beside the form."""
    kind, _colon, code = request.GET.get("problem", "").partition(":")
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError):
        found = []
    else:
        near = selectors.similar(class_kind=kind, class_code=code, lon=lon, lat=lat)
        seen = Case.objects.visible_to(user_of(request)).filter(
            pk__in=[case.pk for case in near]
        )
        found = list(seen)
    return render(request, "command/partials/_similar.html", {"similar": found})
