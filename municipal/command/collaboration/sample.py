"""Sample of working together: rules, a notice, joint handling, a second level."""

from datetime import timedelta

from django.db import transaction

from municipal.command import services
from municipal.command.enums import State
from municipal.command.models import Case
from platform_core.accounts import selectors as accounts
from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit, User
from platform_core.common import clock
from platform_core.regions import selectors as regions

from .enums import MeetingKind
from .models import (
    DepartmentType,
    DistrictCase,
    DistrictPlatform,
    DutyRule,
    Notice,
    Part,
)
from .services import district, duty, parts, pressure
from .services.pressure import Task

# Prefix of the class, unit of the sample organisation
RULES = (
    ("06", "sanitation"),
    ("0601", "sanitation"),
    ("05", "landscape"),
    ("01", "municipal"),
    ("07", "enforcement"),
)
TYPES = (
    ("市政", "municipal"),
    ("环卫", "sanitation"),
    ("园林", "landscape"),
    ("城管执法", "enforcement"),
)


def load() -> str:
    """Add what is missing; with no sample people nothing."""
    person = accounts.users_with_role("dispatcher").first()
    if person is None or DutyRule.objects.filter(is_sample=True).exists():
        return "no sample of working together"
    with transaction.atomic():
        _rules(person)
        _platforms(person)
        _to_districts(person)
        _together(person)
    return f"{DutyRule.objects.count()} rules of duty"


def _unit(key: str) -> OrgUnit | None:
    return accounts.unit_by_code(f"{regions.own_division().code}-{key}")


def _rules(person: User) -> None:
    start = clock.today() - timedelta(days=200)
    for prefix, key in RULES:
        if unit := _unit(key):
            rule = DutyRule(
                class_prefix=prefix, unit=unit, valid_from=start, is_sample=True
            )
            duty.save_rule(rule=rule, by=person)
    for name, key in TYPES:
        if unit := _unit(key):
            DepartmentType.objects.get_or_create(
                name=name, division_code="", defaults={"unit": unit}
            )


def _platforms(person: User) -> None:
    units = OrgUnit.objects.filter(kind=UnitKind.DISTRICT, is_active=True)
    for unit in units.order_by("path")[:2]:
        if not DistrictPlatform.objects.filter(unit=unit).exists():
            district.set_platform(
                unit=unit, delegated_check=False, is_active=True, by=person
            )


def _to_districts(person: User) -> None:
    """A few filed cases go to the second level; one is dispatched inside."""
    for platform in DistrictPlatform.objects.select_related("unit"):
        waiting = Case.objects.filter(
            state=State.PENDING_DISPATCH, division_code=platform.unit.division_id
        )
        for case in waiting.order_by("pk")[:2]:
            services.dispatch_case(case, by=person, unit=platform.unit)
        _inside(platform)


def _inside(platform: DistrictPlatform) -> None:
    dispatchers = accounts.users_with_role("district_dispatcher", unit=platform.unit)
    row = DistrictCase.objects.filter(platform=platform).order_by("pk").first()
    streets = OrgUnit.objects.filter(parent=platform.unit, is_active=True)
    person, street = dispatchers.first(), streets.order_by("path").first()
    if row and person and street:
        district.dispatch_inside(row=row, unit=street, by=person, task="请街道处置")


def _together(person: User) -> None:
    """Some cases in hand get assisting units, a notice, a meeting."""
    rows = Case.objects.filter(state=State.HANDLING, handling_unit__isnull=False)
    cases = list(rows.select_related("handling_unit").order_by("-pk")[:6])
    overseer = accounts.users_with_role("overseer").first()
    for index, case in enumerate(cases):
        others = [_unit("municipal"), _unit("sanitation"), _unit("enforcement")]
        other = next((u for u in others if u and u.pk != case.handling_unit_id), None)
        if other and not Part.objects.filter(case=case).exists():
            parts.involve(case=case, units=[other], by=person, task="配合现场处置")
        if overseer and index < 3 and not Notice.objects.filter(case=case).exists():
            pressure.supervise(
                case=case,
                by=overseer,
                level=str(index + 1),
                requirement="请在时限内处置到位并报告原因。",
                due=clock.now() + timedelta(days=2),
            )
    if cases and person.has_perm("collaboration.coordinate_case"):
        pressure.record_meeting(
            case=cases[0],
            by=person,
            kind=MeetingKind.CONSULTATION,
            title="疑难案件会办",
            held_at=clock.now() - timedelta(hours=3),
            venue="指挥中心会议室",
            host="值班领导",
            people="派遣员、督查员、处置单位负责人",
            conclusions="由主办单位牵头处置，协办单位提供设备与人员。",
            units=[case.handling_unit for case in cases[:2] if case.handling_unit],
            follow_ups=[Task(cases[0].handling_unit, "三日内完成现场处置")]
            if cases[0].handling_unit
            else [],
        )
