"""Sample of the duty desk: this month's roster, a handover, contacts."""

from datetime import time, timedelta

from django.db import transaction

from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.common import clock

from .desk_enums import DayRule, LogKind, Post
from .models import Contact, DeskDuty, DeskShift, Handover
from .rosters import handing, selectors, services

SHIFTS = (
    ("白班", time(8), time(16), DayRule.EVERY, 1),
    ("中班", time(16), time(0), DayRule.EVERY, 1),
    ("夜班", time(0), time(8), DayRule.EVERY, 1),
    ("节假日带班", time(8, 30), time(17, 30), DayRule.RESTDAYS, 1),
)
CONTACTS = (
    ("应急管理", "市应急管理局值班室", "市应急管理局", "0532-85912345"),
    ("公安", "市公安局指挥中心", "市公安局", "0532-66571110"),
    ("消防", "市消防救援支队指挥中心", "市消防救援支队", "0532-85781119"),
    ("医疗", "市急救中心调度", "市急救中心", "0532-88551120"),
    ("供水", "水务集团调度中心", "青岛水务集团", "0532-96111999"),
    ("燃气", "能源集团抢修调度", "青岛能源集团", "0532-96556999"),
    ("供电", "市供电公司配网抢修", "国网青岛供电公司", "0532-95598000"),
    ("交通", "市交通运输指挥中心", "市交通运输局", "0532-85812328"),
    ("气象", "市气象台值班", "市气象局", "0532-82796121"),
)


def load() -> str:
    """Add what is missing; with no sample people nothing."""
    planner = accounts.users_with_role("duty_leader").order_by("username").first()
    people = list(selectors.duty_people())
    known = DeskDuty.objects.filter(is_sample=True).exists()
    if planner is None or not people or known:
        return "no sample of the duty desk"
    with transaction.atomic():
        _contacts()
        _roster(people, planner)
        _past(planner)
    return f"{DeskDuty.objects.count()} duties at the centre"


def _contacts() -> None:
    for group, name, unit, phone in CONTACTS:
        Contact.objects.get_or_create(
            name=name,
            unit_name=unit,
            defaults={"group": group, "phone": phone, "is_sample": True},
        )


def _roster(people: list[User], planner: User) -> None:
    """This month and next week, each shift by other people of the circle."""
    first = clock.today().replace(day=1)
    last = clock.today() + timedelta(days=14)
    for number, (name, begins, ends, days, needed) in enumerate(SHIFTS):
        shift, _made = DeskShift.objects.get_or_create(
            name=name,
            defaults={"begins": begins, "ends": ends, "days": days, "needed": needed},
        )
        turn, post = people[number:] + people[:number], Post.OFFICER
        if days == DayRule.RESTDAYS:
            turn = list(accounts.users_with_role("bureau_leader")) or turn
            post = Post.LEADER
        services.fill(
            people=turn, shift=shift, first=first, last=last, by=planner, post=post
        )
    DeskDuty.objects.update(is_sample=True)


def _past(planner: User) -> None:
    now, shift = clock.now(), DeskShift.objects.order_by("begins").first()
    if shift is None or Handover.objects.exists():
        return
    handing.hand_over(
        shift=shift,
        day=clock.today(),
        summary="夜间运行平稳，处理来电12起，均已登记转办。",
        items=["跟踪香港中路积水点排水情况", "与供水调度核对夜间抢修完工时间"],
        by=planner,
    )
    entries = (
        (LogKind.WEATHER, "市气象台发布大风蓝色预警，已通知各区值班室。", 5),
        (LogKind.CALL, "市政府总值班室来电询问积水情况，已答复。", 3),
        (LogKind.CHECK, "平台与大屏巡检正常，视频在线率符合要求。", 1),
    )
    for kind, text, hours in entries:
        at = now - timedelta(hours=hours)
        handing.write_log(kind=kind, text=text, by=planner, at=at)
