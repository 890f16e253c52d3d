"""What the platform does by itself: mark what is late, resume what was paused."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command.enums import PAUSED
from municipal.command.models import Case
from platform_core.audit import services as audit
from platform_core.common import clock

from . import telling
from .steps import fire, lock

BATCH = 200


def mark_overdue() -> int:
    """Mark the cases whose unit is late, each once; how many."""
    late = Case.objects.running_late(clock.now()).order_by("pk")[:BATCH]
    return sum(_mark(case) for case in late)


@transaction.atomic
def _mark(case: Case) -> bool:
    case = lock(case)
    if not Case.objects.running_late(clock.now()).filter(pk=case.pk).exists():
        return False
    case.overdue_at = case.handling_deadline
    case.revise()
    case.save()
    telling.announce(case, ["cases.overdue"])
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
    cases = list(due.order_by("pk")[:BATCH])
    for case in cases:
        fire(case, "resume", by=None, note=_("The time of the pause is over."))
    return len(cases)
