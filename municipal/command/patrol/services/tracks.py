"""Take in positions, keep what they show up to date, forget the old ones."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from municipal.command.patrol import areas, judging
from municipal.command.patrol.enums import WORKED, AttendanceState, MarkKind
from municipal.command.patrol.judging import Point, Span
from municipal.command.patrol.models import Attendance, Mark, TrackPoint
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import live
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.geo import cells
from platform_core.notices import services as notices

from . import ruling
from .common import Place, grids_of, leaders_of, lock, require

MOST = 500
FRESH = timedelta(hours=1)
LATEST = timedelta(minutes=1)
BATCH = 5000
TOPIC = "patrol.positions"
SUMS = {
    MarkKind.OUT: "outside_seconds",
    MarkKind.IDLE: "idle_seconds",
    MarkKind.SILENT: "silent_seconds",
}
KEPT = ("begins_at", "ends_at", "seconds", "metres", "lon", "lat")


@transaction.atomic
def add(*, by: User, points: Sequence[tuple[datetime, Place]]) -> int:
    """Keep positions of a duty, each once, in whatever order; how many were new.

    What was recorded outside a duty is nobody's business and is dropped.
    """
    require(by, "patrol.clock")
    if len(points) > MOST:
        raise DomainError(_("The entry is too big."))
    lock(by)
    latest = now() + LATEST
    wanted = {at.replace(microsecond=0): place for at, place in points if at <= latest}
    made: dict[int, list[TrackPoint]] = {}
    duties = _duties(by, wanted)
    for at, place in sorted(wanted.items()):
        duty = next((one for one in duties if _holds(one, at)), None)
        if duty is not None:
            made.setdefault(duty.pk, []).append(_point(duty, at, place))
    before = TrackPoint.objects.filter(person=by, at__in=list(wanted)).count()
    for rows in made.values():
        TrackPoint.objects.bulk_create(rows, ignore_conflicts=True)
    for duty in duties:
        if duty.pk in made:
            judge(duty)
    return sum(map(len, made.values())) - before


def _duties(by: User, moments: Iterable[datetime]) -> list[Attendance]:
    """The duties that positions of these moments may belong to, the newest first."""
    first, last = min(moments, default=None), max(moments, default=None)
    if first is None or last is None:
        return []
    rows = Attendance.objects.filter(person=by, state__in=WORKED)
    begun = rows.filter(clock_in_at__lt=last + timedelta(seconds=1))
    return list(
        begun.filter(Q(clock_out_at=None) | Q(clock_out_at__gte=first))
        .select_related("rules")
        .order_by("-clock_in_at")
    )


def _holds(duty: Attendance, at: datetime) -> bool:
    if duty.clock_in_at is None or at < duty.clock_in_at.replace(microsecond=0):
        return False
    if duty.clock_out_at is not None:
        return at <= duty.clock_out_at
    forget = timedelta(minutes=(duty.rules or ruling.current()).forget_minutes)
    until = duty.ends_at or duty.clock_in_at + timedelta(hours=12)
    return at <= until + forget


def _point(duty: Attendance, at: datetime, place: Place) -> TrackPoint:
    return TrackPoint(
        duty=duty,
        person_id=duty.person_id,
        at=at,
        lon=place.lon,
        lat=place.lat,
        accuracy=place.accuracy,
        cell=cells.cell(place.lon, place.lat),
    )


@transaction.atomic
def judge(duty: Attendance) -> None:
    """Bring the marks and sums of a duty in line with its positions."""
    if duty.clock_in_at is None or duty.state not in WORKED:
        return
    rules = duty.rules or ruling.current()
    points = _measured(duty)
    _sum_up(duty, points, rules.worst_accuracy)
    end = duty.until
    if duty.state == AttendanceState.FORGOTTEN:
        end = duty.clock_out_at or (points[-1].at if points else duty.clock_in_at)
    spans = judging.judge(points, rules, begin=duty.clock_in_at, end=end, now=now())
    _settle(duty, spans)
    _count(duty)
    duty.save(update_fields=[*SUMS.values(), *LAST])
    live.bump(TOPIC)


def _count(duty: Attendance) -> None:
    """The seconds of the marks that nobody excused."""
    rows = Mark.objects.filter(duty=duty, excuse="").order_by()
    sums = dict(rows.values_list("kind").annotate(Sum("seconds")))
    for kind, name in SUMS.items():
        setattr(duty, name, sums.get(kind, 0))


LAST = ("positions", "metres", "last_at", "last_lon", "last_lat")


def _sum_up(duty: Attendance, points: Sequence[Point], worst: int) -> None:
    duty.positions, duty.metres = len(points), judging.way(points, worst)
    if points:
        last = points[-1]
        duty.last_at, duty.last_lon, duty.last_lat = last.at, last.lon, last.lat


def _measured(duty: Attendance) -> list[Point]:
    """The positions of a duty with how far outside they lie."""
    rows = duty.points.order_by("at").values_list("at", "lon", "lat", "accuracy")
    found = list(rows)
    area = areas.area_of(grids_of(duty.person, duty.duty_grid_id))
    if area is None:
        return [Point(*row) for row in found]
    far = area.outside([(lon, lat) for _at, lon, lat, _accuracy in found])
    return [Point(*row, outside=one) for row, one in zip(found, far, strict=True)]


def _settle(duty: Attendance, spans: Sequence[Span]) -> None:
    """Keep one mark for each span; a mark lives on while its time overlaps."""
    known = list(Mark.objects.filter(duty=duty))
    pairs = []
    for span in spans:
        mark = _match(span, known)
        if mark is not None:
            known.remove(mark)
        pairs.append((span, mark))
    if known:
        Mark.objects.filter(pk__in=[mark.pk for mark in known]).delete()
    for span, mark in pairs:
        _keep(duty, span, mark)


def _match(span: Span, marks: Sequence[Mark]) -> Mark | None:
    same = [mark for mark in marks if mark.kind == span.kind]
    exact = [mark for mark in same if mark.begins_at == span.begins_at]
    return next(iter(exact), None) or next(
        (mark for mark in same if _overlap(span, mark)), None
    )


def _overlap(span: Span, mark: Mark) -> bool:
    starts = mark.ends_at is None or span.begins_at < mark.ends_at
    return starts and (span.ends_at is None or mark.begins_at < span.ends_at)


def _keep(duty: Attendance, span: Span, mark: Mark | None) -> None:
    row = mark or Mark(duty=duty, person=duty.person, kind=span.kind)
    values = {name: getattr(span, name) for name in KEPT}
    if mark is None or any(getattr(row, name) != values[name] for name in KEPT):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    if row.told_at is None and now() - (span.ends_at or span.last_at) < FRESH:
        _tell(duty, row)


def _tell(duty: Attendance, mark: Mark) -> None:
    """Tell leaders and the inspector, once for each mark."""
    mark.told_at = now()
    mark.save(update_fields=["told_at"])
    if duty.is_sample:
        return
    said = {"who": duty.person, "what": mark.get_kind_display()}
    notices.notify(
        [duty.person, *leaders_of(duty.person)],
        kind="patrol.mark",
        title=_("%(who)s: %(what)s") % said,
        link=mark.get_absolute_url(),
        level="warning",
    )


@transaction.atomic
def excuse(*, mark: Mark, by: User, reason: str) -> Mark:
    """Say why a mark is no fault; it stays in the list but out of the figures."""
    require(by, "patrol.manage_team")
    if not reason.strip():
        text = _("Give a reason.")
        raise DomainError(text, fields={"reason": text})
    mark.excuse, mark.excused_by = reason.strip()[:300], by
    mark.save(update_fields=["excuse", "excused_by"])
    _count(mark.duty)
    mark.duty.save(update_fields=list(SUMS.values()))
    audit.record("patrol.mark_excused", mark, by=by, data={"reason": reason})
    return mark


def forget() -> int:
    """Delete positions older than the rules allow, in batches; how many."""
    before = now() - timedelta(days=ruling.current().keep_days)
    count = 0
    while True:
        keys = list(
            TrackPoint.objects.filter(at__lt=before)
            .order_by("at")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not keys:
            return count
        TrackPoint.objects.filter(pk__in=keys).delete()
        count += len(keys)
