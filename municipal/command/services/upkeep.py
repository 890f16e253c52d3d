"""What the platform does by itself: mark what is late, resume what was paused."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command import listeners
from municipal.command.enums import PAUSED
from municipal.command.models import Case, CaseQuerySet
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import TransitionNotAllowed

from . import telling
from .steps import fire, lock

BATCH = 500


def mark_overdue() -> int:
    """Mark the cases whose unit is late, each once; how many."""
    return _for_each(Case.objects.running_late(clock.now()), _mark)


def _for_each(rows: CaseQuerySet, do: Callable[[Case], bool]) -> int:
    """Do it to all rows, batch by batch, as long as it gets on; how many."""
    done, last = 0, 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        done += sum(do(case) for case in batch)
        last = batch[-1].pk
    return done


@transaction.atomic
def _mark(case: Case) -> bool:
    case = lock(case)
    if not Case.objects.running_late(clock.now()).filter(pk=case.pk).exists():
        return False
    case.overdue_at = case.handling_deadline
    case.revise()
    case.save()
    telling.announce(case, ["cases.overdue"])
    listeners.tell_late(case)
    audit.record("case.overdue", case, data={"deadline": case.handling_deadline})
    with override(settings.LANGUAGE_CODE):
        telling.tell_unit(
            case,
            kind="overdue",
            title=_("Overdue: %(title)s") % {"title": case.title},
            body=case.number,
            level="urgent",
        )
    return True


def resume_paused() -> int:
    """Let the clocks of suspended and deferred cases run on when it is time."""
    due = Case.objects.filter(state__in=PAUSED, paused_until__lt=clock.now())
    return _for_each(due, _resume)


def _resume(case: Case) -> bool:
    try:
        fire(case, "resume", by=None, note=_("The time of the pause is over."))
    except TransitionNotAllowed:  # somebody resumed or cancelled it meanwhile
        return False
    return True
