"""What the page of a case shows of emergencies, and the button that raises one."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import panels
from municipal.command.centre.models import Emergency
from municipal.command.models import Case
from municipal.command.panels import SIDE, Button, Panel
from municipal.command.requests import user_of

from .services import COMMAND


def of_case(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    """The emergencies that a case belongs to."""
    rows = Emergency.objects.visible_to(user_of(request)).filter(links__case=case)
    found = list(rows)
    return {"emergencies": found} if found else None


def raising(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    """The button that raises an emergency from an open case."""
    if not user_of(request).has_perm(COMMAND) or not case.is_open:
        return []
    url = f"{reverse('centre:emergency-raise')}?case={case.number}"
    return [{"name": _("Raise an emergency"), "url": url, "allowed": True}]


def register() -> None:
    """Put them on the page."""
    label = gettext_lazy("Emergencies")
    template = "centre/emergencies/_of_case.html"
    panels.register(
        Panel(
            "emergencies",
            label,
            template,
            of_case,
            15,
            SIDE,
            permission="centre.view_emergency",
        )
    )
    panels.register_buttons(Button("emergency", raising))
