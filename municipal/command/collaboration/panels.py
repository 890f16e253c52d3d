"""What the page of a case shows of working together, and what can be done."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import panels
from municipal.command.models import Case
from municipal.command.panels import SIDE, Button, Panel
from municipal.command.requests import user_of
from platform_core.files import services as files

from . import policies
from .enums import OPEN_DISTRICT
from .models import (
    Callback,
    DistrictCase,
    Instruction,
    Meeting,
    Merge,
    Notice,
    Part,
    PushedCase,
    StageRecord,
)
from .services import merging

HERE = "collaboration/panels/"
Context = dict[str, Any] | None


def joint(case: Case, request: HttpRequest) -> Context:
    """Parts and stage records with the sum of the cost."""
    parts = list(
        Part.objects.filter(case=case)
        .select_related("unit", "person", "signed_by")
        .order_by("pk")
    )
    records = list(StageRecord.objects.filter(case=case).select_related("unit", "by"))
    if not parts and not records:
        return None
    shown = [{"row": row, "pictures": files.of(row)} for row in records]
    return {"parts": parts, "records": shown, "total": sum(r.cost for r in records)}


def pressure(case: Case, request: HttpRequest) -> Context:
    """Notices, instructions and meetings, the oldest first."""
    notices = list(
        Notice.objects.filter(case=case)
        .select_related("unit", "issued_by")
        .prefetch_related("entries__by")
        .order_by("pk")
    )
    instructions = list(
        Instruction.objects.filter(case=case)
        .select_related("by", "unit", "answered_by")
        .order_by("pk")
    )
    meetings = list(Meeting.objects.filter(case=case).prefetch_related("units"))
    if not (notices or instructions or meetings):
        return None
    user = user_of(request)
    for row in instructions:
        mine = policies.below(row.unit, user) or user.has_perm("command.dispatch_case")
        row.may_answer = row.answered_at is None and mine  # type: ignore[attr-defined]
    return {"notices": notices, "instructions": instructions, "meetings": meetings}


def merged(case: Case, request: HttpRequest) -> Context:
    """The cases that wait for this one, or the one it waits for."""
    rows = list(
        Merge.objects.filter(main=case).select_related("case", "by").order_by("pk")
    )
    own = list(Merge.objects.filter(case=case).select_related("main", "by"))
    return {"children": rows, "own": own} if rows or own else None


def district(case: Case, request: HttpRequest) -> Context:
    """The number on the second level and how the case stands there."""
    rows = list(DistrictCase.objects.filter(case=case).select_related("platform__unit"))
    return {"rows": rows} if rows else None


def pushed(case: Case, request: HttpRequest) -> Context:
    """The system that sent the case, and what it was told."""
    found = PushedCase.objects.filter(case=case).select_related("system").first()
    if found is None:
        return None
    return {"pushed": found, "callbacks": Callback.objects.filter(pushed=found)[:20]}


def _button(name: str, url: str, case: Case, allowed: bool) -> list[dict[str, Any]]:
    if not allowed:
        return []
    target = reverse(f"collaboration:{url}", args=[case.uid])
    return [{"name": name, "url": target, "allowed": True}]


def buttons(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    """What this user may do together with others."""
    user = user_of(request)
    may_merge = policies.may_merge(case, user)
    waits = may_merge and merging.root_of(case).pk != case.pk
    records = user.has_perm("command.handle_case") and policies.may_record(case, user)
    rows = (
        (_("Call in units"), "involve", policies.may_involve(case, user)),
        (_("Give to a team"), "team", policies.may_give_on(case, user)),
        (_("Note a stage"), "stage", records),
        (_("Supervise"), "supervise", policies.may_supervise(case, user)),
        (_("Instruct"), "instruct", policies.may_instruct(case, user)),
        (_("Record a meeting"), "meeting", policies.may_coordinate(case, user)),
        (_("Merge into another case"), "merge", may_merge and not waits),
        (_("Take apart again"), "unmerge", waits),
    )
    found = [
        option
        for name, url, allowed in rows
        for option in _button(name, url, case, allowed)
    ]
    return found + _district_buttons(case, request)


def _district_buttons(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    user = user_of(request)
    if not user.has_perm("collaboration.dispatch_inside"):
        return []
    row = (
        DistrictCase.objects.filter(case=case, state__in=OPEN_DISTRICT)
        .select_related("platform__unit")
        .first()
    )
    if row is None or not policies.may_dispatch_inside(row, user):
        return []
    return [
        {
            "name": name,
            "url": reverse(f"collaboration:{url}", args=[row.pk]),
            "allowed": row.state in states,
            "why": _("not in this state"),
        }
        for name, url, states in (
            (_("Dispatch inside"), "district-dispatch", {"to_dispatch", "to_review"}),
            (_("Return the result to the city"), "district-pass", {"to_review"}),
        )
    ]


def register() -> None:
    """Put them on the page."""
    panels.register(
        Panel("joint", gettext_lazy("Joint handling"), HERE + "joint.html", joint, 20),
        Panel(
            "pressure",
            gettext_lazy("Supervision and co-ordination"),
            HERE + "pressure.html",
            pressure,
            30,
        ),
        Panel("merged", gettext_lazy("Merged cases"), HERE + "merged.html", merged, 40),
        Panel(
            "district",
            gettext_lazy("Second level"),
            HERE + "district.html",
            district,
            10,
            SIDE,
        ),
        Panel(
            "pushed",
            gettext_lazy("Other dispatch system"),
            HERE + "pushed.html",
            pushed,
            60,
            SIDE,
        ),
    )
    panels.register_buttons(Button("collaboration", buttons))
