"""What a phone takes along: classes, phrases, own grids and components, own work."""

import hashlib
import json
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from municipal.command import selectors
from municipal.command.enums import OPEN, WITH_UNIT, Purpose, State
from municipal.command.intake import selectors as intake
from municipal.command.models import Case, Component, UnitGrid
from platform_core.accounts.models import User
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Kind
from platform_core.common import clock
from platform_core.files import services as files
from platform_core.files.models import Attachment
from platform_core.notices import selectors as notices
from platform_core.processes.labels import transition_label
from platform_core.processes.selectors import definition_of

from . import duty_bundle
from .views import version

MOST_TASKS = 100
MOST_GRIDS = 400
MOST_COMPONENTS = 3000
ON_SITE = (State.VERIFYING, State.CHECKING)


def collect(user: User) -> dict[str, Any]:
    """Everything at once, with a version that changes with it."""
    found = {
        "user": {
            "id": user.pk,
            "name": user.full_name,
            "roles": sorted(user.role_codes),
        },
        "language": get_language(),
        "app_version": version(),
        "classes": _classes(),
        "phrases": {
            kind: list(intake.phrases(kind).values("group", "text"))
            for kind in ("description", "opinion")
        },
        "tasks": _tasks(user),
        "mine": _mine(user),
        "notices": [
            {
                "id": row.pk,
                "title": row.title,
                "body": row.body,
                "read": bool(row.read_at),
            }
            for row in notices.latest(user, 20)
        ],
        "figures": _figures(user),
        **_places(user),
        **duty_bundle.collect(user),
    }
    text = json.dumps(found, sort_keys=True, default=str)
    found["version"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def _classes() -> list[dict[str, Any]]:
    """The classes of cases of the edition in use, by major class."""
    edition = classification.default_edition()
    kinds = [Kind.MATTER] if edition == "2026" else [Kind.COMPONENT, Kind.MATTER]
    return [
        {
            "code": f"{kind}:{major.code}",
            "name": major.label,
            "classes": [
                {"kind": str(kind), "code": row.code, "name": row.label}
                for row in major.classes
            ],
        }
        for kind in kinds
        for major in classification.tree(edition, kind)
    ]


def _tasks(user: User) -> list[dict[str, Any]]:
    """What the user is sent to, and what the user's unit has to handle."""
    wanted = Q(state__in=ON_SITE, field_inspector=user)
    if user.has_perm("command.handle_case"):
        wanted |= Q(state__in=WITH_UNIT)
    if user.has_perm("command.view_all_cases"):
        wanted |= Q(follows__user=user, state__in=OPEN)
    rows = selectors.detail(user).filter(wanted).order_by("deadline", "pk")
    cases = list(rows[:MOST_TASKS])
    pictures = files.of_many(Case, [case.pk for case in cases])
    return [_task(case, user, pictures.get(str(case.pk), [])) for case in cases]


def _task(case: Case, user: User, attached: list[Attachment]) -> dict[str, Any]:
    pictures = [
        {"url": reverse("files:download", args=[row.uid]), "purpose": row.purpose}
        for row in attached
        if row.is_image
    ]
    report = {Purpose.REPORT.value, Purpose.VERIFY.value}
    condition = selectors.condition(case)
    return {
        **_short(case),
        "description": case.description,
        "lon": case.lon,
        "lat": case.lat,
        "deadline": case.deadline,
        "warn_at": case.warn_at,
        "closing": condition.closing_condition if condition else "",
        "before": [row for row in pictures if row["purpose"] in report],
        "after": [row for row in pictures if row["purpose"] not in report],
        "steps": _steps(case, user),
    }


def _steps(case: Case, user: User) -> list[dict[str, Any]]:
    """The steps that the user's posts may make out of the state."""
    roles = user.role_codes & {"supervisor", "dept_handler"}
    return [
        {
            "action": step.action,
            "name": str(transition_label(step)),
            "reason": step.reason_required,
        }
        for step in definition_of(case.process).exits(case.state)
        if step.role in roles
    ]


def _short(case: Case) -> dict[str, Any]:
    return {
        "uid": str(case.uid),
        "number": case.number,
        "class_name": case.class_name,
        "address": case.address,
        "state": case.state,
        "state_name": case.state_name,
        "reported_at": case.reported_at,
    }


def _mine(user: User) -> list[dict[str, Any]]:
    """What the user reported last and how it stands."""
    rows = Case.objects.visible_to(user).filter(reported_by=user)
    return [_short(case) for case in rows.order_by("-reported_at")[:30]]


def _figures(user: User) -> list[dict[str, Any]] | None:
    """Today's figures for those who look at the whole."""
    if not user.has_perm("command.view_all_cases"):
        return None
    seen, now = Case.objects.visible_to(user), clock.now()
    day = clock.today()
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    cases = reverse("command:case-list")
    followed = seen.filter(follows__user=user, state__in=OPEN)
    rows = (
        (_("Reported today"), seen.filter(reported_at__gte=midnight), cases),
        (_("Closed today"), seen.filter(closed_at__gte=midnight), cases),
        (_("Overdue cases"), seen.light("red", now), reverse("command:work-overdue")),
        (_("Followed by me"), followed, reverse("command:work-follow")),
    )
    return [
        {"label": str(label), "value": found.count(), "url": url}
        for label, found, url in rows
    ]


def _places(user: User) -> dict[str, Any]:
    """The grids that the user patrols, and what stands in them."""
    duty = list(user.duty_grids.values_list("pk", flat=True))
    grids = UnitGrid.objects.filter(valid_to=None, duty_grid__in=duty)
    rows = list(grids.order_by("code")[:MOST_GRIDS])
    codes = [row.code for row in rows]
    components = Component.objects.filter(grid_code__in=codes).order_by("code")
    return {
        "grids": selectors.features(
            (row.code, row.geometry, {"code": row.code}) for row in rows
        ),
        "components": [
            [row.code, row.class_code, row.class_name, row.lon, row.lat]
            for row in components[:MOST_COMPONENTS]
        ],
    }
