"""Requests that wait for a decision, a case taken up again, graded areas."""

from datetime import timedelta

from municipal.command import services
from municipal.command.enums import Grade, RequestKind, State
from municipal.command.models import Case, UnitGrid
from municipal.command.services import ruling, telling
from platform_core.accounts import selectors as accounts
from platform_core.common import clock

from .crew import Crew

ASKED = (
    (RequestKind.SUSPENSION, "道路改造工程未完工，待完工后一并处理。", 90),
    (RequestKind.SUSPENSION, "产权单位正在确认，暂无处置主体。", 60),
    (RequestKind.DEFERRAL, "近日有大风降温，待天气好转后施工。", 7),
    (RequestKind.CANCELLATION, "到场时问题已自行消失，附现场照片。", None),
)
UNSATISFIED = "回访时来电人表示现场又堆放了垃圾，不满意。"


def load(crew: Crew) -> str:
    """Ask about a few open cases; who asks is the handler of the unit."""
    rows = Case.objects.filter(state=State.HANDLING, extension_asked=None)
    cases = [case for case in rows.order_by("-pk") if case.handling_unit_id]
    with telling.quiet(), clock.at(clock.now()):
        for case, (kind, reason, days) in zip(cases, ASKED, strict=False):
            by = crew.handlers.get(case.handling_unit_id or 0)
            until = clock.now() + timedelta(days=days) if days else None
            if by is not None:
                services.ask(case, kind, by=by, reason=reason, until=until)
        _reopen()
    _grade()
    return f"{min(len(cases), len(ASKED))} requests"


def _reopen() -> None:
    """One closed case is taken up again, another waits for the decision."""
    closed = Case.objects.filter(state=State.CLOSED, source__channel="public")
    found = list(closed.exclude(condition="").order_by("-closed_at")[:2])
    acceptor = accounts.users_with_role("acceptor").first()
    leader = accounts.users_with_role("duty_leader").first()
    if not found or acceptor is None or leader is None:
        return
    services.reopen(found[0], by=leader, reason=UNSATISFIED)
    for case in found[1:]:
        services.ask(case, RequestKind.REOPENING, by=acceptor, reason=UNSATISFIED)


def _grade() -> None:
    """Two streets with grades, for the day the city turns them on."""
    admin = accounts.users_with_role("sys_admin").first()
    codes = UnitGrid.objects.order_by("code").values_list("code", flat=True)
    streets = list(dict.fromkeys(code[:9] for code in codes))
    for code, grade in zip(streets, (Grade.A, Grade.C), strict=False):
        if admin is not None:
            ruling.set_grade(code=code, grade=grade, by=admin)
