"""Patrols by video: plans, walks, what was found."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.centre.common import require, wrong
from municipal.command.centre.models import (
    VideoLook,
    VideoPlan,
    VideoPoint,
    VideoWalk,
)
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, Forbidden

from .streams import MANAGE


@transaction.atomic
def save_plan(
    *, plan: VideoPlan, points: Sequence[str], people: Iterable[User], by: User
) -> VideoPlan:
    """Keep a plan; points by their codes, in the order in which they are looked at."""
    require(by, MANAGE)
    known = VideoPoint.objects.filter(code__in=points, is_active=True)
    keys = dict(known.values_list("code", "pk"))
    missing = [code for code in points if code not in keys]
    if missing or not points:
        text = _("There are no such points: %(codes)s")
        raise wrong("points", text % {"codes": ", ".join(missing[:5]) or "–"})
    plan.points = [keys[code] for code in points]
    plan.touch()
    plan.save()
    plan.people.set(people)
    audit.record("video.plan_saved", plan, by=by, data={"points": len(plan.points)})
    return plan


def due(user: User) -> list[VideoPlan]:
    """The plans of somebody whose next walk is due."""
    now = clock.now()
    mine = VideoPlan.objects.filter(is_active=True, people=user)
    return [plan for plan in mine if plan.due_at <= now]


@transaction.atomic
def start(*, plan: VideoPlan, by: User) -> VideoWalk:
    """Begin a walk; one that is under way is gone on with."""
    plan = VideoPlan.objects.select_for_update().get(pk=plan.pk)
    if not (plan.people.filter(pk=by.pk).exists() or by.has_perm(MANAGE)):
        raise Forbidden(_("This patrol is for other people."))
    running = VideoWalk.objects.filter(plan=plan, by=by, ended_at=None).first()
    if running is not None:
        return running
    walk = VideoWalk.objects.create(plan=plan, by=by)
    VideoLook.objects.bulk_create(
        VideoLook(walk=walk, point_id=key, order=place)
        for place, key in enumerate(plan.points, 1)
    )
    audit.record("video.walk_started", walk, by=by)
    return walk


@transaction.atomic
def look(
    *,
    walk: VideoWalk,
    order: int,
    by: User,
    finding: str = "",
    case: Case | None = None,
) -> VideoWalk:
    """Note a point as looked at; after the last one the walk has ended."""
    walk = VideoWalk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
    if walk.by_id != by.pk:
        raise Forbidden(_("Somebody else is on this walk."))
    row = walk.looks.filter(order=order, looked_at=None).first()
    if row is None:
        raise Conflict(_("This point was looked at already."))
    row.looked_at, row.finding, row.case = clock.now(), finding, case
    row.save()
    if not walk.looks.filter(looked_at=None).exists():
        walk.ended_at = clock.now()
        walk.save()
        VideoPlan.objects.filter(pk=walk.plan_id).update(last_at=walk.ended_at)
        found = walk.looks.exclude(case=None).count()
        audit.record("video.walk_ended", walk, by=by, data={"cases": found})
    return walk


def next_look(walk: VideoWalk) -> VideoLook | None:
    """The point that is next."""
    rows = walk.looks.filter(looked_at=None).select_related("point")
    return rows.order_by("order").first()
