"""Sample of video: points without a stream, a patrol, what analysis saw."""

from datetime import timedelta

from django.db import transaction

from municipal.command.centre.models import Detection, VideoPlan, VideoPoint
from municipal.command.models import UnitGrid
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.accounts.services import create_user
from platform_core.common import clock

from . import hits, patrols, points

GROUPS = ("主干道路", "商圈广场", "景区岸线", "易涝点位")
SEEN = (
    ("暴露垃圾", "matter:06010", 0.93),
    ("占道经营", "", 0.88),
    ("道路积水", "", 0.81),
    ("渣土车未密闭", "", 0.76),
)
EVERY = 7
MOST = 24


def load() -> str:
    """Add what is missing; with no sample people nothing."""
    keeper = accounts.users_with_role("duty_leader").order_by("username").first()
    if keeper is None or VideoPoint.objects.filter(is_sample=True).exists():
        return "no sample of video"
    with transaction.atomic():
        made = _points(keeper)
        if made:
            _patrol(made, keeper)
            _seen(made, keeper)
    return f"{len(made)} video points, none with a stream"


def _points(keeper: User) -> list[VideoPoint]:
    """Points amid grids of the city; without a server there is no stream."""
    grids = UnitGrid.objects.filter(valid_to=None).select_related("community")
    found = []
    for number, grid in enumerate(grids.order_by("code")[: EVERY * MOST : EVERY]):
        point = VideoPoint(
            code=f"37020{number + 1:05d}",
            name=f"{grid.community}高点{number + 1:02d}",
            group=GROUPS[number % len(GROUPS)],
            kind=("fixed", "ptz", "fixed", "vehicle")[number % 4],
            state="offline" if number % 9 == 8 else "unknown",
            lon=grid.lon,
            lat=grid.lat,
            note="样例点位，未接入视频流",
            is_sample=True,
        )
        found.append(points.save_point(point=point, by=keeper))
    return found


def _patrol(made: list[VideoPoint], keeper: User) -> None:
    watchers = accounts.users_with_role("acceptor")
    patrols.save_plan(
        plan=VideoPlan(name="主干道早高峰视频巡查", interval=240),
        points=[point.code for point in made[:6]],
        people=[keeper, *watchers],
        by=keeper,
    )


def _seen(made: list[VideoPoint], keeper: User) -> None:
    if Detection.objects.exists():
        return
    sender = create_user(
        username="sample-video-analysis",
        full_name="视频智能分析平台",
        unit=keeper.unit,
        roles=["interface"],
        is_sample=True,
    )
    for number in range(12):
        label, problem, sure = SEEN[number % len(SEEN)]
        hits.take(
            by=sender,
            external_id=f"SAMPLE-{number + 1:04d}",
            point=made[number % len(made)].code,
            label=label,
            problem=problem,
            confidence=sure,
            at=clock.now() - timedelta(hours=number, minutes=7),
        )
    for row in list(Detection.objects.order_by("at")[:4]):
        hits.reject(detection=row, by=keeper, reason="误报：光影干扰")
