"""Sample of evaluation: groups, last month published, this month in the making."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from municipal.command.enums import State
from municipal.command.models import Case
from municipal.command.services import telling
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.common import clock

from . import policies, summing
from .enums import Ground, ObjectKind, VersionState
from .models import Appeal, Run, Scheme
from .periods import Period, period_of
from .services import appealing, running, scheming

GROUPS = (
    ("市政公用类", ("municipal", "water", "gas")),
    ("市容环卫类", ("sanitation", "landscape", "enforcement")),
)
REASONS = (
    "因产权单位配合断电，处置时间顺延，申请剔除超时。",
    "返工系复查当日二次污染所致，非处置质量问题。",
    "现场照片已上传，核查误判为未处置。",
)


def load() -> str:
    """Evaluate the sample's own cases; with no sample people nothing."""
    manager = accounts.users_with_role("centre_manager").first()
    if manager is None or Run.objects.exists():
        return "no sample of evaluation"
    summing.add_all()
    with transaction.atomic(), telling.quiet():
        _groups(manager)
        present = period_of("month", clock.today())
        for kind in ObjectKind:
            _publish(kind, present.previous(), manager)
        for kind in ObjectKind:
            running.start(kind=kind, period=present, by=manager, is_sample=True)
        _show_week(manager)
        appeals = _appeals()
    return f"{Run.objects.count()} evaluations, {appeals} appeals"


def _groups(manager: User) -> None:
    """Departments with like duties are compared with each other."""
    old = Scheme.objects.get(code="perf_department", status=VersionState.PUBLISHED)
    codes = dict.fromkeys(OrgUnit.objects.values_list("code", flat=True))
    groups = [
        {
            "code": f"g{number}",
            "name": name,
            "members": [code for code in codes if code.partition("-")[2] in set(keys)],
            "bands": {},
        }
        for number, (name, keys) in enumerate(GROUPS, start=1)
    ]
    start = clock.today() - timedelta(days=300)
    draft = scheming.create_draft(scheme=old, by=manager)
    body = {**draft.body, "groups": groups}
    scheming.save_draft(draft=draft, body=body, note="按职责分组评价", by=manager)
    scheming.publish(draft=draft, effective_from=start, by=manager)


def _publish(kind: str, period: Period, manager: User) -> None:
    """As it would have gone: shown on the first day, published after the appeals."""
    after = datetime.combine(period.last + timedelta(days=1), time(9, 30))
    with clock.at(timezone.make_aware(after)):
        run = running.start(kind=kind, period=period, by=manager, is_sample=True)
        if run.objects_count == 0:
            return
        shown = running.show(run=run, by=manager)
    assert shown.publicity_until is not None
    with clock.at(shown.publicity_until + timedelta(hours=1)):
        running.publish(run=running.approve(run=run, by=manager), by=manager)


def _show_week(manager: User) -> None:
    """The departments' last week is open for appeals now."""
    week = period_of("week", clock.today()).previous()
    run = running.start(kind=ObjectKind.UNIT, period=week, by=manager, is_sample=True)
    if run.objects_count:
        running.show(run=run, by=manager)


def _appeals() -> int:
    """A few units appeal about late cases; one is passed on already."""
    rows = Case.objects.filter(
        state=State.CLOSED, handled_at__gt=F("handling_deadline")
    ).select_related("handling_unit", "process")
    dispatcher = accounts.users_with_role("dispatcher").first()
    made: list[Appeal] = []
    for case in rows.order_by("-closed_at")[:20]:
        unit = case.handling_unit
        by = accounts.users_with_role("dept_handler", unit=unit).first()
        if by and len(made) < len(REASONS) and policies.may_appeal(case, by):
            ground = Ground.values[len(made)]
            reason = REASONS[len(made)]
            made.append(
                appealing.appeal(case=case, ground=ground, reason=reason, by=by)
            )
    if made and dispatcher is not None:
        _pass_on(made[0], dispatcher)
    return len(made)


def _pass_on(appeal: Appeal, dispatcher: User) -> None:
    opinion = "情况属实，建议同意。"
    appealing.review(appeal=appeal, agrees=True, opinion=opinion, by=dispatcher)
