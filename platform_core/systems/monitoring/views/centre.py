"""The command centre."""

from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.systems.monitoring import centre, live, policies
from platform_core.ui import dashboards
from platform_core.ui.live import answer, etagged
from platform_core.ui.permissions import page
from platform_core.ui.views.base import PlainPage

REFRESH_MILLISECONDS = 3000
AREA = "centre"
PERMISSION = "monitoring.view_centre"
METRICS = (
    ("today", gettext_lazy("Reported today")),
    ("reported", gettext_lazy("Reported this month")),
    ("closed", gettext_lazy("Closed this month")),
    ("open", gettext_lazy("Open cases")),
    ("overdue", gettext_lazy("Overdue cases")),
    ("rate", gettext_lazy("Closing rate")),
)


def wanted_division(request: HttpRequest) -> str:
    """The division of the address, the user's own without one; 404 outside it."""
    division = request.GET.get("division") or policies.home_division(request.user)
    if not policies.may_see_division(request.user, division):
        raise Http404(division)
    return division


class CentrePage(PlainPage):
    """The wall: map, figures, charts and the stream of cases."""

    permission_required = PERMISSION
    title = gettext_lazy("Command centre")
    template_name = "monitoring/centre.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        division = wanted_division(self.request)
        context = super().get_context_data(**kwargs)
        context.pop("heading")
        return {
            **context,
            "metrics": METRICS,
            "widgets": dashboards.widgets(self.request.user, AREA),
            "config": {
                "interval": REFRESH_MILLISECONDS,
                "home": division,
                "casesUrl": reverse("monitoring:cases"),
                "labels": {
                    **{code: str(label) for code, label in METRICS},
                    "others": _("Others"),
                    "updated": _("Figures of"),
                    "nothing": _("There is no division below this one."),
                    "noCases": _("New cases and their steps appear here."),
                },
            },
            "state": centre.state_of(self.request.user, division),
        }


def _version(request: HttpRequest) -> str:
    return live.version()


@page(permission=PERMISSION)
@etagged(version=_version)
def data(request: HttpRequest) -> HttpResponse:
    """What the wall asks for every few seconds; 304 while nothing changed."""
    return JsonResponse(centre.state_of(request.user, wanted_division(request)))


@page(permission=PERMISSION)
def widget(request: HttpRequest, code: str) -> HttpResponseBase:
    """The inside of one widget that another system put on the wall."""
    for found in dashboards.widgets(request.user, AREA):
        if found.code == code:
            response = render(
                request, "monitoring/partials/_widget.html", {"item": found}
            )
            return answer(request, response)
    raise Http404(code)
