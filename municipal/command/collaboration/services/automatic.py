"""Dispatch by the platform itself, where a class is switched to it."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command import duty
from municipal.command import services as command
from municipal.command.collaboration.models import AutoDispatch
from municipal.command.enums import State
from municipal.command.listeners import Happened
from municipal.command.models import Case
from municipal.command.services.steps import lock
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError

BATCH = 200


def switched_on(case: Case) -> AutoDispatch | None:
    """The switch of the case's class, if it is on."""
    return AutoDispatch.objects.filter(
        class_kind=case.class_kind, class_code=case.class_code, is_on=True
    ).first()


def after_filing(happened: Happened) -> None:
    """Try it once the filing is certain."""
    case = happened.case
    if happened.action == "file" and switched_on(case):
        transaction.on_commit(lambda: _send(case.pk))


def _send(pk: int) -> None:
    from municipal.command.collaboration import tasks  # noqa: PLC0415  calls this

    tasks.auto_dispatch.delay(pk)


@transaction.atomic
def dispatch(pk: int) -> bool:
    """Dispatch a case if its class is switched on and the platform is sure.

    Safe to run at the same time and again: the case is locked, and one that is no
    longer waiting is left alone.
    """
    case = lock(Case(pk=pk))
    switch = switched_on(case)
    if case.state != State.PENDING_DISPATCH or switch is None or case.return_count:
        return False
    found = duty.candidates(case)
    if not found or found[0].confidence < switch.least:
        return False
    best = found[0]
    with override(settings.LANGUAGE_CODE):
        note = _("Dispatched by the platform, %(percent)d%% sure: %(reason)s") % {
            "percent": best.percent,
            "reason": best.reason,
        }
    try:
        with transaction.atomic():
            command.fire(case, "dispatch", by=None, note=note, unit=best.unit)
    except DomainError:
        return False
    return True


def sweep() -> int:
    """Dispatch what was filed while no worker ran; how many cases."""
    rows = Case.objects.filter(state=State.PENDING_DISPATCH, return_count=0)
    on = set(
        AutoDispatch.objects.filter(is_on=True).values_list("class_kind", "class_code")
    )
    if not on:
        return 0
    rows = rows.filter(class_code__in={code for _kind, code in on})
    waiting = rows.order_by("-state_since").values_list(
        "pk", "class_kind", "class_code"
    )
    keys = [pk for pk, kind, code in waiting[:BATCH] if (kind, code) in on]
    return sum(dispatch(pk) for pk in keys)


@transaction.atomic
def switch(
    *, class_kind: str, class_code: str, is_on: bool, least: float, by: User
) -> AutoDispatch:
    """Switch automatic dispatch of a class on or off."""
    row, _made = AutoDispatch.objects.update_or_create(
        class_kind=class_kind,
        class_code=class_code,
        defaults={"is_on": is_on, "least": least},
    )
    audit.record("duty.auto_dispatch", row, by=by, data={"on": is_on, "least": least})
    return row
