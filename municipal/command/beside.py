"""Buttons and panels of the case page that the core itself brings."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.accounts import roles

from . import panels, policies
from .enums import RequestKind
from .models import Case, CaseRequest
from .panels import SIDE, Button, Panel
from .policies import ASKING
from .requests import user_of

ASK_LABELS = {
    RequestKind.SUSPENSION: gettext_lazy("Ask for suspension"),
    RequestKind.DEFERRAL: gettext_lazy("Ask for deferral"),
    RequestKind.CANCELLATION: gettext_lazy("Ask for cancellation"),
    RequestKind.REOPENING: gettext_lazy("Ask for reopening"),
}
CLOCK_LABELS = {
    "handling": gettext_lazy("Handling by the unit"),
    "sign": gettext_lazy("Signing"),
    "accept": gettext_lazy("Acceptance"),
    "verify": gettext_lazy("Verification"),
    "filing": gettext_lazy("Case filing"),
    "dispatch": gettext_lazy("Dispatch"),
    "feedback": gettext_lazy("Review of the result"),
    "send_check": gettext_lazy("Sending the check"),
    "check": gettext_lazy("Checking"),
    "closing": gettext_lazy("Case closing"),
}


def ask_options(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    """What this user may ask for beside the steps of the process."""
    user = user_of(request)
    held = user.role_codes
    found = []
    for kind, label in ASK_LABELS.items():
        if not held & ASKING[kind].askers:
            continue
        if policies.asking_problem(case, user, kind) is None:
            url = reverse("command:request-ask", args=[case.uid, kind.value])
            found.append({"name": label, "url": url, "allowed": True})
    return found


def mark_options(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    """Follow, and mark as missed."""
    user = user_of(request)
    follows = case.follows.filter(user=user).exists()
    label = _("Follow no more") if follows else _("Follow")
    url = reverse("command:case-follow", args=[case.uid])
    found = [{"name": label, "url": url, "allowed": True}]
    if policies.may_mark_missed(case, user):
        label = _("Not missed after all") if case.is_missed else _("Mark as missed")
        url = reverse("command:case-missed", args=[case.uid])
        found.append({"name": label, "url": url, "allowed": True})
    return found


def fill_requests(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    """The requests about a case with their decisions."""
    people = ("unit", "asked_by", "suggested_unit", "decided_by")
    rows = list(case.requests.select_related(*people))
    if not rows:
        return None
    user = user_of(request)
    return {"rows": [_told(case, row, user) for row in rows]}


def _told(case: Case, row: CaseRequest, user: Any) -> dict[str, Any]:
    kind = RequestKind(row.kind)
    decides = row.is_pending and policies.may_decide(case, user, kind)
    own = row.is_pending and row.asked_by_id == user.pk and not ASKING[kind].ask
    return {"row": row, "decides": decides, "own": own}


def fill_alerts(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    """The warnings that were sent about a case."""
    rows = [
        {
            "clock": CLOCK_LABELS.get(row.clock, row.clock),
            "percent": row.percent,
            "role": roles.label(row.role),
            "told": row.told,
            "sent_at": row.sent_at,
        }
        for row in case.alerts.all()
    ]
    return {"rows": rows} if rows else None


def fill_related(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    """Cases that belong to this one: repeated, parts, taken up again."""
    seen = Case.objects.visible_to(user_of(request))
    groups = (
        (_("Repeats the case"), seen.filter(duplicates=case.pk)),
        (_("Repeated by"), seen.filter(duplicate_of=case)),
        (_("Main case"), seen.filter(parts=case.pk)),
        (_("Parts"), seen.filter(parent=case)),
        (_("Reopened from"), seen.filter(reopened_as=case.pk)),
        (_("Reopened as"), seen.filter(reopened_from=case)),
    )
    found = [(label, list(rows.order_by("pk")[:20])) for label, rows in groups]
    shown = [(label, rows) for label, rows in found if rows]
    return {"groups": shown} if shown else None


def register() -> None:
    """Put them on the page; safe to call twice."""
    panels.register(
        Panel(
            "requests",
            gettext_lazy("Requests and decisions"),
            "command/panels/requests.html",
            fill_requests,
            order=20,
        ),
        Panel(
            "related",
            gettext_lazy("Related cases"),
            "command/panels/related.html",
            fill_related,
            order=30,
        ),
        Panel(
            "alerts",
            gettext_lazy("Warnings sent"),
            "command/panels/alerts.html",
            fill_alerts,
            place=SIDE,
        ),
    )
    panels.register_buttons(Button("ask", ask_options), Button("mark", mark_options))
