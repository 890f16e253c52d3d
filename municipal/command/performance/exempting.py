"""Leave a case out of the assessment: its flags stay, the sums go without them.

[functions.md CC-67]
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.enums import TERMINAL
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import DomainError

from . import rewriting, summing
from .enums import ObjectKind
from .models import Exemption, StepFlags


@transaction.atomic
def exempt(
    case: Case,
    *,
    by: User,
    reason: str,
    kinds: Iterable[ObjectKind] | None = None,
) -> Exemption:
    """Leave an ended case out, for all kinds of objects or some; safe to repeat."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.state not in TERMINAL:
        raise DomainError(_("Only a case that has ended can be left out."))
    wanted = {ObjectKind(kind).value for kind in kinds or ObjectKind}
    found = Exemption.objects.filter(case=case, lifted_at=None).first()
    if found is not None and wanted <= set(found.kinds):
        return found
    found = found or Exemption(case=case, by=by, reason=reason)
    wanted |= set(found.kinds)
    found.kinds = [kind.value for kind in ObjectKind if kind.value in wanted]
    found.save()
    _assess(case, rewriting.bits(found.kinds))
    data = {"reason": reason, "kinds": found.kinds}
    audit.record("figures.exempted", case, by=by, data=data)
    return found


@transaction.atomic
def readmit(case: Case, *, by: User) -> bool:
    """Let a case count again; whether it was left out."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    found = Exemption.objects.filter(case=case, lifted_at=None).first()
    if found is None:
        return False
    found.lifted_at, found.lifted_by = clock.now(), by
    found.save()
    _assess(case, 0)
    audit.record("figures.readmitted", case, by=by)
    return True


def _assess(case: Case, taken_out: int) -> None:
    """Count the case for all kinds of objects but those that are taken out."""
    summing.enter()
    rewriting.take_out([case.pk])
    StepFlags.objects.filter(case=case).update(exempt=taken_out)
    rewriting.put_in([case.pk])
