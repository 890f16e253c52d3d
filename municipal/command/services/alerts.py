"""Warnings before a deadline and escalation after it, each once.

A case knows the moment of its next warning. Which ones are due is worked out
from the clocks that run then; a row per warning, unique in the database, says
which were sent. So a beat that runs twice, or again after a restart, or late,
sends each once.
"""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command import clocks
from municipal.command.clocks import Clock
from municipal.command.models import Case, CaseAlert
from platform_core.common import clock
from platform_core.processes import selectors as processes
from platform_core.workflow.definition import Escalation

from . import telling
from .steps import lock

BATCH = 500


def send_due() -> int:
    """Send all warnings that are due; how many."""
    now, sent = clock.now(), 0
    waiting = Case.objects.filter(next_alert_at__lte=now).order_by("next_alert_at")
    for pk in list(waiting.values_list("pk", flat=True)[:BATCH]):
        try:
            sent += _send_for(pk, now)
        except IntegrityError:  # another worker sent the same at this moment
            continue
    return sent


@transaction.atomic
def _send_for(pk: int, now: datetime) -> int:
    case = lock(Case(pk=pk))
    if case.next_alert_at is None or case.next_alert_at > now:
        return 0
    definition = processes.definition_of(case.process)
    known = list(clocks.alerts(case, definition))
    sent = {(row.clock, row.deadline, row.share, row.role) for row in case.alerts.all()}
    made = 0
    for running, item, due in known:
        key = (running.name, running.deadline().at, _share(item), item.role)
        if due <= now and key not in sent:
            _send(case, running, item, due, now)
            made += 1
    later = (due for *_other, due in known if due > now)
    Case.objects.filter(pk=pk).update(next_alert_at=min(later, default=None))
    return made


def _share(item: Escalation) -> Decimal:
    return Decimal(str(item.share)).quantize(Decimal("0.001"))


def _send(
    case: Case, running: Clock, item: Escalation, due: datetime, now: datetime
) -> None:
    """Write the warning down and tell those it is for."""
    people = telling.people_of_role(case, item.role)
    row = CaseAlert.objects.create(
        case=case,
        clock=running.name,
        share=_share(item),
        role=item.role,
        deadline=running.deadline().at,
        level=item.level,
        due_at=due,
        sent_at=now,
        told=len(people),
    )
    with override(settings.LANGUAGE_CODE):
        title = _title(row) % {"title": case.title, "percent": row.percent}
        telling.warn(people, case, title=title, level=item.level)


def _title(row: CaseAlert) -> str:
    if row.share < 1:
        return _("%(percent)s%% of the time is used: %(title)s")
    return _("The time limit is over: %(title)s")
