"""What is prepared: settings, plans with versions, resources."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from municipal.command import places
from municipal.command.centre.common import keep, require, wrong
from municipal.command.centre.models import (
    EmergencyPlan,
    EmergencyRules,
    PlanVersion,
    Resource,
)
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError

MANAGE = "centre.manage_plans"
Steps = Mapping[str, Sequence[Mapping[str, Any]]]


def rules() -> EmergencyRules:
    """What is in force; plain defaults where nothing was ever set."""
    return EmergencyRules.objects.first() or EmergencyRules(version=0)


@transaction.atomic
def change_rules(*, rules: EmergencyRules, by: User) -> EmergencyRules:
    """Put a new version in force; the former ones are kept."""
    require(by, MANAGE)
    meeting = rules.meeting.strip()
    parts = urlsplit(meeting.replace("{number}", "0"))
    if meeting and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise wrong("meeting", _("An address begins with https:// or http://."))
    last = EmergencyRules.objects.aggregate(last=Max("version"))["last"] or 0
    made = EmergencyRules.objects.create(
        version=last + 1,
        radius=rules.radius,
        meeting=meeting,
        note=rules.note,
        by=by,
    )
    audit.record("emergency.rules_changed", made, by=by)
    return made


@transaction.atomic
def save_plan(
    *,
    plan: EmergencyPlan,
    levels: Steps,
    call: Sequence[str],
    by: User,
    note: str = "",
) -> EmergencyPlan:
    """Keep a plan; what it says becomes a new version if it says something else."""
    require(by, MANAGE)
    if not any(levels.values()):
        raise wrong("level_4", _("A plan has steps for one level at least."))
    plan.touch()
    plan.save()
    last = in_force(plan)
    given = {"levels": dict(levels), "call": list(call)}
    if last is None or (last.levels, last.call) != (given["levels"], given["call"]):
        number = last.number + 1 if last else 1
        PlanVersion.objects.create(plan=plan, number=number, note=note, by=by, **given)
    audit.record("emergency.plan_saved", plan, by=by)
    return plan


def in_force(plan: EmergencyPlan) -> PlanVersion | None:
    """What a plan says now."""
    return plan.versions.order_by("-number").first()


def save_resource(*, resource: Resource, by: User) -> Resource:
    """Keep a resource; it lies in the city."""
    try:
        place = places.locate(resource.lon, resource.lat)
    except DomainError as error:
        raise wrong("lon", str(error.fields.get("position", error.message))) from error
    resource.cell = place.cell
    kept: Resource = keep(
        resource, "emergency.resource_saved", by=by, permission=MANAGE
    )
    return kept


def steps_of(text: str) -> list[dict[str, Any]]:
    """Steps from lines: what | who | minutes; ValueError where minutes are none."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        what, who, minutes = (*map(str.strip, line.split("|")), "", "")[:3]
        found.append(
            {"text": what[:200], "who": who[:60], "minutes": int(minutes or 0)}
        )
    return found


def lines_of(steps: Sequence[Mapping[str, Any]]) -> str:
    """The lines that `steps_of` reads."""
    return "\n".join(
        f"{row['text']} | {row['who']} | {row['minutes']}" for row in steps
    )
